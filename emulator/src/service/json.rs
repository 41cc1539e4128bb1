//! Strict JSON: one value, no duplicate names, bounded depth.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// `serde_json`'s own limit.
pub(super) const MAX_DEPTH: usize = 127;

/// Parses one JSON value.
///
/// # Errors
///
/// The text is not a single JSON value, has a duplicate name in an object, or nests deeper than
/// [`MAX_DEPTH`].
pub(super) fn parse(text: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(text).map(|Strict(value)| value)
}

/// Whether a value nests no deeper than `depth`: the code that handles values recurses.
pub(super) fn nests_within(value: &Value, depth: usize) -> bool {
    let fits = |inner| depth > 0 && nests_within(inner, depth - 1);
    match value {
        Value::Array(items) => depth > 0 && items.iter().all(fits),
        Value::Object(properties) => depth > 0 && properties.values().all(fits),
        _ => true,
    }
}

/// A value without duplicate names. `serde_json` itself keeps the last of two properties with one
/// name, so a log of the body might show another value than the applied one.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut properties: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Strict(value))) = properties.next_entry::<String, _>()? {
            if object.contains_key(&name) {
                return Err(Error::custom(format_args!(
                    "the property '{name}' appears more than once"
                )));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_json_and_what_is_not() {
        assert_eq!(
            parse(br#"{"a":[1,-2,3.5,true,null,{"b":"c"}]}"#).unwrap(),
            json!({"a": [1, -2, 3.5, true, null, {"b": "c"}]})
        );
        for (text, reason) in [
            (r#"{"a":1,"a":2}"#, "'a' appears more than once"),
            (r#"{"b":{"a":1,"\u0061":2}}"#, "'a' appears more than once"),
            (r#"{"a":1} {"#, "trailing characters"),
            (r#"{"a":1,}"#, "trailing comma"),
            ("", "EOF"),
            ("NaN", "expected"),
            ("1e999", "out of range"),
        ] {
            let error = parse(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
        for depth in [126, 127, 128, 129] {
            let text = "[".repeat(depth) + &"]".repeat(depth);
            let lenient = (0..depth).fold(json!(1), |value, _| json!([value]));
            assert_eq!(
                parse(text.as_bytes()).is_ok(),
                nests_within(&lenient, MAX_DEPTH),
                "{depth}"
            );
        }
        let deep = "[".repeat(5_000) + &"]".repeat(5_000);
        assert!(
            parse(deep.as_bytes())
                .unwrap_err()
                .to_string()
                .contains("recursion limit")
        );
    }
}
