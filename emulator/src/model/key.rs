//! The equality of keys, the same in paths, bodies and references.

use msgraph_csdl::model::{ItemType, Primitive, TypeId, TypeKind};
use serde_json::Value;

use crate::model::Model;
use crate::model::primitive::key_value;

/// A key value in the form that all its spellings share: `01` is `1` if the key is a number.
pub(crate) fn normalized(primitive: Primitive, text: &str) -> String {
    match primitive {
        Primitive::Guid => text.to_ascii_lowercase(),
        _ => key_text(&key_value(primitive, text)),
    }
}

/// A key value as written in a path, without quotes.
pub(crate) fn key_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl Model {
    /// The primitive type of a key property; `String` if it is unknown.
    pub(crate) fn key_type(&self, ty: TypeId, name: &str) -> Primitive {
        let property = self.schema().property(ty, name);
        match property.map(|property| property.ty.item) {
            Some(ItemType::Primitive(primitive)) => primitive,
            Some(ItemType::Declared(id)) => match self.schema()[id].kind {
                TypeKind::Definition(primitive) => primitive,
                _ => Primitive::String,
            },
            None => Primitive::String,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_key() {
        fn same(ty: Primitive, one: &str, other: &str) -> bool {
            normalized(ty, one) == normalized(ty, other)
        }
        let guid = "36b5b404-7a1e-4b8f-9f0f-3e1f1b6c0a11";
        assert!(same(Primitive::Guid, guid, &guid.to_ascii_uppercase()));
        assert!(same(Primitive::Int32, "1", "+01"));
        assert!(!same(Primitive::String, "1", "01"));
        assert!(!same(Primitive::String, "a", "A"));
    }
}
