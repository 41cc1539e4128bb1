//! Whether two JSON values are the same, however they are spelled.

use serde_json::{Map, Number, Value as Untyped};

use crate::body::odata_type::{described, is_same_type};

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
