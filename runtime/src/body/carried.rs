//! What an update of a replaced value carries over from what was read.

use serde_json::{Map, Value as Untyped};

use crate::body::dynamic::DynamicProperties;
use crate::body::odata_type::{described, is_same_type};
use crate::body::structured::{FieldVisitor, Structured, VisitResult, may_differ};
use crate::body::value::Field;

/// `current` with null for the properties that `desired` sets to null and `current` lacks: a value that was read as a
/// whole has no others.
pub(crate) fn with_nulls_of(desired: &Untyped, mut current: Untyped) -> Untyped {
    if let (Untyped::Object(desired), Untyped::Object(there)) = (desired, &mut current) {
        for (name, value) in desired {
            match there.get_mut(name) {
                Some(inner) => *inner = with_nulls_of(value, inner.take()),
                None if value.is_null() => {
                    there.insert(name.clone(), Untyped::Null);
                }
                None => {}
            }
        }
    }
    current
}

/// What an update of a replaced value sends although it does not set it.
#[derive(Default)]
pub(crate) struct Carried {
    /// Properties that the type declares.
    pub(crate) declared: Vec<(&'static str, Untyped)>,
    /// Properties that it does not: dynamic ones, and those of a service that is newer than the metadata.
    pub(crate) others: Vec<(String, Untyped)>,
}

impl Carried {
    /// Of `current`, everything that `value` neither sets nor leaves to the service; nothing where the value changes the
    /// type of what is there.
    pub(crate) fn of(value: &dyn Structured, current: &Map<String, Untyped>) -> Self {
        let mut carried = Self::default();
        if changes_type(value, current) {
            return carried;
        }
        let mut names = Names::default();
        // A visit fails only where its visitor does, and this one does not.
        let _ = value.visit(&mut names);
        let is_carried = |name: &str| {
            let is_reference = |declared: &&str| {
                let navigation = declared
                    .strip_suffix("@odata.bind")
                    .or_else(|| declared.strip_suffix("@delta"));
                navigation == Some(name)
            };
            !name.contains('@')
                && !names.set.iter().any(|set| set == name)
                && !names.declared.iter().any(is_reference)
                && !value.not_sent().contains(&name)
        };
        for (name, there) in current {
            let declared = names.declared.iter().find(|declared| *declared == name);
            match declared {
                Some(declared) if is_carried(name) => {
                    carried.declared.push((declared, without_control(there)));
                }
                None if described(name).map_or_else(|| is_carried(name), is_carried) => {
                    carried.others.push((name.clone(), without_control(there)));
                }
                _ => {}
            }
        }
        carried
    }
}

/// Whether `value` names another type than the one that was read.
pub(crate) fn changes_type(value: &dyn Structured, current: &Map<String, Untyped>) -> bool {
    let there = current.get("@odata.type").and_then(Untyped::as_str);
    there.is_some_and(|there| may_differ(value) && !is_same_type(value.type_name(), there))
}

/// What was read, without the control information that only describes it; types stay.
fn without_control(read: &Untyped) -> Untyped {
    match read {
        Untyped::Array(items) => items.iter().map(without_control).collect(),
        Untyped::Object(members) => members
            .iter()
            .filter(|(name, _)| !name.contains('@') || name.ends_with("@odata.type"))
            .map(|(name, value)| (name.clone(), without_control(value)))
            .collect(),
        other => other.clone(),
    }
}

#[derive(Default)]
struct Names {
    declared: Vec<&'static str>,
    set: Vec<String>,
}

impl FieldVisitor for Names {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        for (name, field) in fields {
            self.declared.push(name);
            if !field.is_absent() {
                self.set.push((*name).to_owned());
            }
        }
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        let names = properties.iter().map(|(name, _)| name.to_owned());
        self.set.extend(names);
        Ok(())
    }
}
