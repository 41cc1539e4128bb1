//! Members of evolvable enumerations that a client did not ask for.

use msgraph_csdl::model::{EnumType, ItemType, TypeId, TypeKind};
use serde_json::{Map, Value};

use crate::model::Model;

/// The member that replaces the members after it for clients that do not know them.
pub(crate) const SENTINEL: &str = "unknownFutureValue";

impl Model {
    /// Replaces enumeration members after the sentinel by the sentinel, in all values of an object of
    /// type `ty`.
    // The recursion is as deep as the values, whose depth is bounded on reading.
    pub(crate) fn hide_unknown_enum_members(&self, ty: TypeId, object: &mut Map<String, Value>) {
        let schema = self.schema();
        let named = object.get("@odata.type").and_then(Value::as_str);
        let named = named.and_then(|name| self.type_of_annotation(name));
        let ty = named.unwrap_or(ty);
        for (name, value) in object {
            let property = schema.declared_property(ty, name);
            let Some(ItemType::Declared(ty)) = property.map(|property| property.ty.item) else {
                continue;
            };
            let values = match value {
                Value::Array(items) => items.as_mut_slice(),
                single => std::slice::from_mut(single),
            };
            for value in values {
                match (&schema[ty].kind, value) {
                    (TypeKind::Enumeration(enumeration), Value::String(text)) => {
                        hide_unknown(enumeration, text);
                    }
                    (TypeKind::Structured(_), Value::Object(object)) => {
                        self.hide_unknown_enum_members(ty, object);
                    }
                    _ => {}
                }
            }
        }
    }
}

fn hide_unknown(enumeration: &EnumType<'_>, text: &mut String) {
    let members = enumeration.members.iter();
    let members: Vec<&str> = members.map(|member| member.name.text.as_ref()).collect();
    let Some(sentinel) = members.iter().position(|member| *member == SENTINEL) else {
        return;
    };
    let known = members.get(..sentinel).unwrap_or_default();
    if text.split(',').any(|name| !known.contains(&name.trim())) {
        SENTINEL.clone_into(text);
    }
}
