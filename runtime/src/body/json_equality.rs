//! Compares JSON values.

use serde_json::{Map, Number, Value as Untyped};

use crate::body::odata_type::{described, is_same_type};

/// Compares numbers by value and objects regardless of order. Annotations of properties and an `@odata.type` that only
/// `one` has do not count.
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
        (Untyped::Object(one), Untyped::Object(other)) => same_properties(one, other),
        _ => one == other,
    }
}

fn same_properties(one: &Map<String, Untyped>, other: &Map<String, Untyped>) -> bool {
    let values = |object: &Map<String, Untyped>| {
        let names = object.keys();
        names.filter(|name| !name.ends_with("@odata.type")).count()
    };
    values(one) == values(other)
        && one.iter().all(|(name, value)| match other.get(name) {
            _ if described(name).is_some() => true,
            Some(Untyped::String(other)) if name == "@odata.type" => {
                value.as_str().is_some_and(|one| is_same_type(one, other))
            }
            Some(other) => same_json(value, other),
            None => name == "@odata.type",
        })
}

fn same_number(one: &Number, other: &Number) -> bool {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other || one.as_f64() == other.as_f64(),
    }
}
