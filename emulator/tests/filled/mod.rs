//! Bodies with a value for each property.

use msgraph_csdl::model::{ItemType, Primitive, Schema, TypeId, TypeKind, TypeReference};
use serde_json::{Map, Value, json};

/// A value of the type, with complex values filled to this depth.
pub(crate) fn value_of(schema: &Schema<'_>, ty: TypeReference, depth: u32) -> Value {
    let item = match ty.item {
        ItemType::Primitive(primitive) => match primitive {
            Primitive::Binary => json!("aGVsbG8="),
            Primitive::Boolean => json!(true),
            Primitive::Date => json!("2024-02-29"),
            Primitive::DateTimeOffset => json!("2024-02-29T23:59:59.9999999Z"),
            Primitive::Decimal | Primitive::Double | Primitive::Single => json!(1.5),
            Primitive::Duration => json!("PT1H"),
            Primitive::Guid => json!("36b5b404-7a1e-4b8f-9f0f-3e1f1b6c0a11"),
            Primitive::TimeOfDay => json!("08:30:00.0000000"),
            Primitive::String => json!("text"),
            Primitive::Untyped => json!({"any": [1]}),
            _ => json!(1),
        },
        ItemType::Declared(id) => match &schema[id].kind {
            TypeKind::Definition(_) => json!("text"),
            TypeKind::Enumeration(enumeration) => {
                let member = enumeration
                    .members
                    .iter()
                    .find(|member| member.name.text != "unknownFutureValue");
                json!(member.unwrap().name.text)
            }
            TypeKind::Structured(_) if needs_derived_type(schema, id) => {
                let mut derived = schema.subtypes(id).into_iter();
                let concrete = derived.find(|id| !schema.structured(*id).unwrap().is_abstract);
                json!({"@odata.type": format!("#{}", schema[concrete.unwrap()])})
            }
            TypeKind::Structured(_) if depth == 0 => json!({}),
            TypeKind::Structured(_) => Value::Object(object_of(schema, id, depth - 1)),
        },
    };
    if ty.is_collection {
        json!([item])
    } else {
        item
    }
}

/// Whether a type is abstract but has a concrete subtype, which its values then have.
pub(crate) fn needs_derived_type(schema: &Schema<'_>, id: TypeId) -> bool {
    let is_abstract = |id: TypeId| schema.structured(id).unwrap().is_abstract;
    is_abstract(id) && schema.subtypes(id).into_iter().any(|id| !is_abstract(id))
}

pub(crate) fn object_of(schema: &Schema<'_>, id: TypeId, depth: u32) -> Map<String, Value> {
    schema
        .properties(id)
        .into_iter()
        .filter(|(_, property)| property.ty.item != ItemType::Primitive(Primitive::Stream))
        .map(|(_, property)| {
            let value = value_of(schema, property.ty, depth);
            (property.name.text.to_string(), value)
        })
        .collect()
}

/// The path with a value for each placeholder. No two paths share an item, because its type depends on the cast in
/// the path.
#[allow(dead_code, reason = "not every test has paths")]
pub(crate) fn filled_path(template: &str, number: usize, is_guid: bool) -> String {
    let mut path = "/v1.0".to_owned();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        let (_, after) = behind.split_once('}').unwrap();
        let value = match is_guid {
            true => format!("00000000-0000-0000-0000-{number:012}"),
            false => number.to_string(),
        };
        path += before;
        path += if before.ends_with("valuesOnly=") {
            "true"
        } else {
            &value
        };
        rest = after;
    }
    path + rest
}

/// A type that a body may have if this one is declared.
#[allow(dead_code, reason = "not every test has paths")]
pub(crate) fn concrete(schema: &Schema<'_>, declared: TypeId) -> TypeId {
    let mut candidates = std::iter::once(declared).chain(schema.subtypes(declared));
    let is_abstract = |ty: TypeId| schema.structured(ty).unwrap().is_abstract;
    match needs_derived_type(schema, declared) {
        true => candidates.find(|ty| !is_abstract(*ty)).unwrap(),
        false => declared,
    }
}
