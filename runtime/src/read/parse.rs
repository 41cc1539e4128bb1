use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value as Json};

use crate::read::finding::ReadFinding;
use crate::read::notes::{PathSegment, ReadNotes};

/// Parses JSON, and notes duplicate properties and the exact digits of long numbers, both of which a tree loses.
pub(crate) fn parse(text: &str, notes: &mut ReadNotes) -> Option<Json> {
    // Some editors write a byte order mark, against RFC 8259, 8.1.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut builder = TreeBuilder {
        notes,
        numbers: Numbers(text.as_bytes()),
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let tree = builder
        .deserialize(&mut deserializer)
        .and_then(|tree| deserializer.end().map(|()| tree));
    match tree {
        Ok(tree) => Some(tree),
        Err(problem) => {
            notes.note(ReadFinding::NotJson(problem.to_string()));
            None
        }
    }
}

struct TreeBuilder<'n, 't> {
    notes: &'n mut ReadNotes,
    numbers: Numbers<'t>,
}

impl<'de> DeserializeSeed<'de> for &mut TreeBuilder<'_, '_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl TreeBuilder<'_, '_> {
    fn number(&mut self, number: Json) -> Json {
        // The visitor sees the numbers in the order of the text.
        if let Some(digits) = self.numbers.next().filter(|digits| is_long(digits)) {
            self.notes.keep_exact_number(digits);
        }
        number
    }
}

impl<'de> Visitor<'de> for &mut TreeBuilder<'_, '_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(self.number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(self.number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(self.number(value.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        loop {
            self.notes.enter(PathSegment::Index(array.len()));
            let item = items.next_element_seed(&mut *self);
            self.notes.leave();
            match item? {
                Some(item) => array.push(item),
                None => return Ok(array.into()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut properties: A) -> Result<Json, A::Error> {
        let mut object = Map::new();
        while let Some(name) = properties.next_key::<String>()? {
            if name == NUMBER && has_arbitrary_precision() {
                let number: Number = properties
                    .next_value::<String>()?
                    .parse()
                    .map_err(Error::custom)?;
                return Ok(self.number(number.into()));
            }
            self.notes.enter(PathSegment::Name(name.clone()));
            let value = properties.next_value_seed(&mut *self);
            if object.contains_key(&name) {
                self.notes.note(ReadFinding::DuplicateProperty);
            }
            self.notes.leave();
            object.insert(name, value?);
        }
        Ok(object.into())
    }
}

/// With the feature `arbitrary_precision`, which any crate in the build may enable, `serde_json` passes a number as an
/// object: this name, and the digits.
const NUMBER: &str = "$serde_json::private::Number";

/// Whether `serde_json` has the feature: only then a number keeps its digits.
fn has_arbitrary_precision() -> bool {
    let number = "1.10".parse::<Number>();
    number.is_ok_and(|number| number.to_string() == "1.10")
}

/// The numbers of a JSON text, unparsed.
struct Numbers<'t>(&'t [u8]);

impl<'t> Iterator for Numbers<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        loop {
            let (first, rest) = self.0.split_first()?;
            match first {
                b'"' => self.0 = after_string(rest),
                b'-' | b'0'..=b'9' => {
                    let is_part = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
                    let end = self.0.iter().position(|byte| !is_part(byte));
                    let (number, rest) = self.0.split_at_checked(end.unwrap_or(self.0.len()))?;
                    self.0 = rest;
                    return std::str::from_utf8(number).ok();
                }
                _ => self.0 = rest,
            }
        }
    }
}

/// Skips a string, given the rest after its opening quote.
fn after_string(mut rest: &[u8]) -> &[u8] {
    loop {
        rest = match rest {
            [b'\\', _, after @ ..] => after,
            [b'"', after @ ..] => return after,
            [_, after @ ..] => after,
            [] => return rest,
        };
    }
}

/// Whether a number has more digits than double precision is guaranteed to keep.
fn is_long(number: &str) -> bool {
    let mantissa = number.split(['e', 'E']).next().unwrap_or(number);
    let digits = mantissa.bytes().filter(u8::is_ascii_digit);
    digits.skip_while(|digit| *digit == b'0').count() > 15
}
