//! Properties that an update of a replaced value copies from the current one.

use serde_json::{Map, Value as Untyped};

use crate::body::odata_type::{described, is_same_type};
use crate::body::structured::{Names, Structured, may_differ, own_type};

/// `current` with null for the properties that `desired` sets to null and `current` lacks: a value that was read as a
/// whole has no others.
pub(crate) fn with_nulls_of(desired: &Untyped, mut current: Untyped) -> Untyped {
    if let (Untyped::Object(desired), Untyped::Object(current)) = (desired, &mut current) {
        for (name, value) in desired {
            match current.get_mut(name) {
                Some(inner) => *inner = with_nulls_of(value, inner.take()),
                None if value.is_null() => {
                    current.insert(name.clone(), Untyped::Null);
                }
                None => {}
            }
        }
    }
    current
}

/// Current properties that an update of a replaced value sends although it does not set them.
#[derive(Default)]
pub(crate) struct Carried {
    /// Declared properties.
    pub(crate) declared: Vec<(&'static str, Untyped)>,
    /// Dynamic properties, and those of a service that is newer than the metadata.
    pub(crate) others: Vec<(String, Untyped)>,
}

impl Carried {
    /// The properties of `current` that `value` neither sets nor leaves to the service; none if `value` changes the type.
    pub(crate) fn of(value: &dyn Structured, current: &Map<String, Untyped>) -> Self {
        let mut carried = Self::default();
        if changes_type(value, current) {
            return carried;
        }
        let names = Names::of(value);
        let is_written_otherwise = |name: &str| {
            let declared = |suffix| names.declares(&[name, suffix].concat());
            declared("@odata.bind") || declared("@delta")
        };
        for (name, current) in current {
            let property = described(name).unwrap_or(name);
            if property.contains('@')
                || names.sets(property)
                || value.info().not_sent.contains(&property)
                || names.never_sent.contains(&property)
                || is_written_otherwise(property)
            {
                continue;
            }
            let current = without_control_information(current);
            match names.declared.iter().find(|declared| *declared == name) {
                Some(declared) => carried.declared.push((declared, current)),
                None => carried.others.push((name.clone(), current)),
            }
        }
        carried
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Untyped)> {
        let declared = self.declared.iter().map(|(name, value)| (*name, value));
        let others = self
            .others
            .iter()
            .map(|(name, value)| (name.as_str(), value));
        declared.chain(others)
    }
}

/// Whether `value` has another type than `current`.
pub(crate) fn changes_type(value: &dyn Structured, current: &Map<String, Untyped>) -> bool {
    let current = current.get("@odata.type").and_then(Untyped::as_str);
    current.is_some_and(|current| may_differ(value) && !is_same_type(&own_type(value), current))
}

/// `json` without the control information that only describes it. Types stay.
fn without_control_information(json: &Untyped) -> Untyped {
    match json {
        Untyped::Array(items) => items.iter().map(without_control_information).collect(),
        Untyped::Object(properties) => properties
            .iter()
            .filter(|(name, _)| !name.contains('@') || name.ends_with("@odata.type"))
            .map(|(name, value)| (name.clone(), without_control_information(value)))
            .collect(),
        other => other.clone(),
    }
}
