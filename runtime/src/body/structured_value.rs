//! Structured values as values of a body, and which of them are the same as what was read.

use serde_json::{Map, Value as Untyped};

use crate::body::bound;
use crate::body::carried::{changes_type, with_nulls_of};
use crate::body::dynamic::DynamicProperties;
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::odata_type::described;
use crate::body::same_json::same_json;
use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::body::type_rule::TypeRule;
use crate::body::value::{Field, Value};

impl<T: Structured> Value for T {
    #[inline]
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.object(self)
    }

    fn is_same(&self, current: &Untyped) -> bool {
        same_object(self, current, false)
    }

    fn is_same_item(&self, current: &Untyped) -> bool {
        same_object(self, current, true)
    }
}

/// Whether every field that `value` sets is the same in `current`; with `whole`, also whether `current` has nothing
/// besides them but annotations and nulls.
fn same_object(value: &dyn Structured, current: &Untyped, whole: bool) -> bool {
    if value.replaces() && !whole {
        let nulls = JsonWriter::body(value, TypeRule::default()).and_then(JsonWriter::into_value);
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
