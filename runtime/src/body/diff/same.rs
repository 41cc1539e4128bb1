//! What counts as the same.

use serde_json::{Map, Number};

use crate::body::bound;
use crate::body::dynamic::DynamicProperties;
use crate::body::json_writer::JsonWriter;
use crate::body::odata_type::{described, is_same_type};
use crate::body::replaced::{changes_type, with_nulls_of};
use crate::body::structured;
use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::body::value::Field;
use serde_json::Value as Untyped;

/// Whether every field that `value` sets is the same in `current`; with `whole`, also whether `current` has nothing
/// besides them but annotations and nulls.
pub(crate) fn same_object(value: &dyn Structured, current: &Untyped, whole: bool) -> bool {
    if value.replaces() && !whole {
        let nulls = structured::to_value(value);
        return nulls
            .is_ok_and(|nulls| has_all(value, &with_nulls_of(&nulls, current.clone()), false));
    }
    has_all(value, current, whole)
}

fn has_all(value: &dyn Structured, current: &Untyped, whole: bool) -> bool {
    let Some(current) = current.as_object() else {
        return false;
    };
    if changes_type(value, current) {
        return false;
    }
    let mut compared = Compared {
        current,
        names: Vec::new(),
        differs: false,
    };
    // A visit fails only where its visitor does, and this one does not.
    let _ = value.visit(&mut compared);
    if compared.differs {
        return false;
    }
    let unset =
        |name: &String| !name.contains('@') && !compared.names.iter().any(|known| known == name);
    !whole
        || current
            .iter()
            .all(|(name, there)| there.is_null() || !unset(name))
}

struct Compared<'c> {
    current: &'c Map<String, Untyped>,
    names: Vec<String>,
    differs: bool,
}

impl Compared<'_> {
    fn has(&self, name: &str, field: &dyn Field) -> bool {
        let current = self.current.get(name);
        match name.strip_suffix("@odata.bind") {
            Some(navigation) => {
                let mut writer = JsonWriter::new();
                field.write(&mut writer).is_ok()
                    && serde_json::from_slice(&writer.into_bytes()).is_ok_and(|desired| {
                        bound::missing(self.current, navigation, &desired).is_none()
                    })
            }
            None => current.is_some_and(|current| field.is_same(current)),
        }
    }
}

impl FieldVisitor for Compared<'_> {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        for (name, field) in fields {
            if !field.is_absent() {
                self.differs |= !self.has(name, *field);
                // What was read of a reference has the name of its navigation property.
                let name = name.strip_suffix("@odata.bind").unwrap_or(name);
                self.names.push(name.to_owned());
            }
        }
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        let values = properties
            .iter()
            .filter(|(name, _)| described(name).is_none());
        for (name, value) in values {
            self.differs |= !self
                .current
                .get(name)
                .is_some_and(|current| same_json(value, current));
            self.names.push(name.to_owned());
        }
        Ok(())
    }
}

/// The same JSON, numbers by value and objects without regard to order. What describes a value makes no difference
/// where only one of them has it.
pub(crate) fn same_json(one: &Untyped, other: &Untyped) -> bool {
    match (one, other) {
        (Untyped::Number(one), Untyped::Number(other)) => same_number(one, other),
        (Untyped::Array(one), Untyped::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| same_json(one, other))
        }
        (Untyped::Object(one), Untyped::Object(other)) => same_members(one, other),
        _ => one == other,
    }
}

fn same_members(one: &Map<String, Untyped>, other: &Map<String, Untyped>) -> bool {
    let values = |object: &Map<String, Untyped>| {
        let names = object.keys();
        names.filter(|name| !name.ends_with("@odata.type")).count()
    };
    values(one) == values(other)
        && one.iter().all(|(name, value)| match other.get(name) {
            _ if described(name).is_some() => true,
            Some(Untyped::String(there)) if name == "@odata.type" => {
                value.as_str().is_some_and(|here| is_same_type(here, there))
            }
            Some(there) => same_json(value, there),
            None => name == "@odata.type",
        })
}

fn same_number(one: &Number, other: &Number) -> bool {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other || one.as_f64() == other.as_f64(),
    }
}
