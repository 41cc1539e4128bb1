//! `X@odata.type`, which describes the value of `X`.

use msgraph_csdl::model::{Primitive, TypeId};
use serde_json::{Map, Value};

use crate::body::BodyReader;
use crate::body::location::Location;
use crate::model::primitive;
use crate::rejection::{Result, bad_request};

impl BodyReader<'_> {
    /// Checks that every `X@odata.type` has an `X`, with a value of that type if it is primitive. If
    /// `ty` does not have `X`, its value is not checked: the missing property is the better error.
    pub(super) fn check_type_annotations(
        &self,
        at: &Location,
        ty: Option<TypeId>,
        object: &Map<String, Value>,
    ) -> Result<()> {
        for (name, annotation) in object {
            let Some(target) = name.strip_suffix("@odata.type").filter(|x| !x.is_empty()) else {
                continue;
            };
            let at = at.property(name);
            let Some(value) = object.get(target) else {
                return Err(bad_request!(
                    "'{at}' annotates a missing property: '{target}'."
                ));
            };
            if ty.is_none_or(|ty| self.has_property(ty, target))
                && let Some(annotation) = annotation.as_str()
                && let Some(expected) = self.contradiction(annotation, value)
            {
                return Err(bad_request!(
                    "'{at}' is '{annotation}', but the value of '{target}' is not {expected}."
                ));
            }
        }
        Ok(())
    }

    /// Whether `ty` declares a property, or is open.
    fn has_property(&self, ty: TypeId, name: &str) -> bool {
        let schema = self.model.schema();
        schema.property(ty, name).is_some()
            || schema.navigation_property(ty, name).is_some()
            || schema.structured(ty).is_some_and(|ty| ty.is_open)
    }

    /// Like [`BodyReader::check_type_annotations`], at every depth of a value of undeclared type.
    pub(super) fn check_nested_type_annotations(&self, at: &Location, value: &Value) -> Result<()> {
        match value {
            Value::Object(object) => {
                self.check_type_annotations(at, None, object)?;
                let mut properties = object.iter();
                properties.try_for_each(|(name, value)| {
                    self.check_nested_type_annotations(&at.property(name), value)
                })
            }
            Value::Array(items) => {
                let mut items = items.iter();
                items.try_for_each(|item| self.check_nested_type_annotations(at, item))
            }
            _ => Ok(()),
        }
    }

    /// The expected form of a value that is not of the primitive type or collection `ty`.
    fn contradiction(&self, ty: &str, value: &Value) -> Option<&'static str> {
        let ty = ty.strip_prefix('#').unwrap_or(ty);
        let item = ty.strip_prefix("Collection(");
        let item = item.and_then(|item| item.strip_suffix(')'));
        let name = item.unwrap_or(ty);
        let primitive = Primitive::from_name(name.strip_prefix("Edm.").unwrap_or(name))?;
        let values = match (item, value) {
            (None, value) => std::slice::from_ref(value),
            (Some(_), Value::Array(items)) => items,
            (Some(_), _) => return Some("an array"),
        };
        let mut values = values.iter().filter(|value| !value.is_null());
        values.find_map(|value| primitive::check(primitive, value, self.ieee754_compatible).err())
    }
}
