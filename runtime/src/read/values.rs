use std::any::Any;

use serde_json::Value as Json;

use crate::edm::binary::Binary;
use crate::edm::nullable::Nullable;
use crate::edm::reference::Reference;
use crate::read::notes::ReadNotes;
use crate::read::readable::{ReadField, ReadValue};
use crate::secret::Secret;

impl<T: ReadValue + Clone + 'static> ReadField for Option<T> {
    fn read(&mut self, json: &Json, notes: &mut ReadNotes) -> bool {
        *self = T::read(json, notes);
        self.is_some()
    }

    fn copy(&mut self, field: &dyn Any) -> bool {
        let Some(field) = field.downcast_ref::<Self>() else {
            return false;
        };
        self.clone_from(field);
        true
    }
}

impl<T: ReadValue> ReadValue for Nullable<T> {
    const IS_BODY: bool = T::IS_BODY;

    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        if json.is_null() {
            Some(Self::Null)
        } else {
            T::read(json, notes).map(Self::Value)
        }
    }
}

impl<T: ReadValue> ReadValue for Vec<T> {
    /// A collection with an item that cannot be read is not set: sending it back would remove that item.
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let mut items = Self::new();
        let complete = notes.items(json, &mut |item, notes| {
            let item = T::read(item, notes);
            let is_read = item.is_some();
            items.extend(item);
            is_read
        });
        complete.then_some(items)
    }
}

impl ReadValue for bool {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        json.as_bool()
            .or_else(|| notes.mismatch(json, "true or false"))
    }
}

macro_rules! read_integers {
    ($($integer:ty),*) => {$(
        impl ReadValue for $integer {
            fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
                whole_number(json, notes)
                    .and_then(|number| Self::try_from(number).ok())
                    .or_else(|| notes.mismatch(json, concat!("a whole number (", stringify!($integer), ")")))
            }
        }
    )*};
}
read_integers!(u8, i8, i16, i32, i64);

fn whole_number(json: &Json, notes: &ReadNotes) -> Option<i64> {
    // Responses to requests with `IEEE754Compatible=true` contain strings (OData JSON 4.01, 3.2).
    let from_string = || json.as_str().filter(|_| !notes.is_strict())?.parse().ok();
    json.as_i64().or_else(from_string)
}

impl ReadValue for f64 {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        match json.as_str() {
            Some("INF") => Some(Self::INFINITY),
            Some("-INF") => Some(Self::NEG_INFINITY),
            Some("NaN") => Some(Self::NAN),
            _ => json.as_f64().or_else(|| notes.mismatch(json, "a number")),
        }
    }
}

impl ReadValue for f32 {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let wide = f64::read(json, notes)?;
        #[allow(clippy::cast_possible_truncation, reason = "rounds to the nearest")]
        let single = wide as Self;
        if single.is_infinite() && wide.is_finite() {
            return notes.mismatch(json, "a number of single precision");
        }
        Some(single)
    }
}

impl ReadValue for String {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        json.as_str()
            .map(str::to_owned)
            .or_else(|| notes.mismatch(json, "a string"))
    }
}

impl ReadValue for Secret {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        // Without the value, which is one even if it is a number.
        json.as_str()
            .map(Self::new)
            .or_else(|| notes.secret_mismatch(json, "a string"))
    }
}

impl ReadValue for Json {
    const IS_BODY: bool = true;

    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        notes.read_untyped = true;
        Some(json.clone())
    }

    fn read_owned(json: Json, _: &mut ReadNotes) -> Option<Self> {
        Some(json)
    }
}

impl ReadValue for Binary {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        // Without the string, which may be a key.
        let parsed = json.as_str().and_then(|text| text.parse().ok());
        parsed.or_else(|| notes.mismatch(json, "base64"))
    }
}

macro_rules! read_from_string {
    ($($parsed:ty, $expected:literal);*) => {$(
        impl ReadValue for $parsed {
            fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
                let parsed = json.as_str().and_then(|text| text.parse().ok());
                parsed.or_else(|| notes.mismatched_string(json, $expected))
            }
        }
    )*};
}
read_from_string!(Reference, "a URL");
#[cfg(feature = "uuid")]
read_from_string!(uuid::Uuid, "a GUID");
#[cfg(feature = "jiff")]
read_from_string!(
    crate::edm::temporal::Date, "a date (2024-02-29)";
    crate::edm::temporal::DateTimeOffset, "a date with time and offset (2024-02-29T23:59:59Z)";
    crate::edm::temporal::TimeOfDay, "a time of day (23:59:59)";
    crate::edm::temporal::Duration, "a duration (P1DT12H30M)"
);

#[cfg(feature = "decimal")]
impl ReadValue for rust_decimal::Decimal {
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let strict = notes.is_strict();
        let text = match json {
            Json::Number(number) => match notes.exact_number() {
                Some(digits) => digits.to_owned(),
                None => number.to_string(),
            },
            Json::String(text) if !strict => text.clone(),
            _ => String::new(),
        };
        let rounded = || text.parse().ok().filter(|_| !strict);
        Self::from_str_exact(&text)
            .ok()
            .or_else(|| Self::from_scientific(&text).ok())
            .or_else(rounded)
            .or_else(|| notes.mismatch(json, "a decimal number of at most 28 digits"))
    }
}
