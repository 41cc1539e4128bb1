//! JSON as a service has to read it: one value, no duplicate names, bounded depth.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads one JSON value.
///
/// # Errors
///
/// When the text is not JSON, goes on behind the value, names a property twice, or nests deeper
/// than the 128 levels of `serde_json`.
pub(crate) fn parse(text: &[u8]) -> Result<Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Strict.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Whether a value nests no deeper than what [`parse`] takes; all that is done with values recurses.
pub(crate) fn is_bounded(value: &Value) -> bool {
    let mut open = vec![(value, MAX_DEPTH)];
    while let Some((value, left)) = open.pop() {
        let inner: Vec<&Value> = match value {
            Value::Array(items) => items.iter().collect(),
            Value::Object(members) => members.values().collect(),
            _ => continue,
        };
        let Some(left) = left.checked_sub(1) else {
            return false;
        };
        open.extend(inner.into_iter().map(|value| (value, left)));
    }
    true
}

/// What `serde_json` reads.
const MAX_DEPTH: usize = 127;

/// `serde_json` keeps the last of two members with one name; a service that did so would apply
/// something else than what a reviewer of the body saw.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(Strict)?;
            if object.contains_key(&name) {
                return Err(de::Error::custom(format_args!(
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
                is_bounded(&lenient),
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
