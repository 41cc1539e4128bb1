//! The JSON form of each primitive type (OData JSON 4.01 §7.1, OData ABNF 4.01).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::civil;
use jiff::fmt::temporal::SpanParser;
use msgraph_csdl::model::Primitive;
use serde_json::{Number, Value};
use uuid::Uuid;

/// Why a value is not of the type, as the end of a sentence.
pub(crate) type Reason = &'static str;

enum JsonForm {
    Any,
    Boolean,
    /// A number, or a string with `IEEE754Compatible=true`.
    Decimal,
    Float {
        max: f64,
    },
    Integer {
        min: i64,
        max: i64,
    },
    /// Like [`JsonForm::Integer`], but a string with `IEEE754Compatible=true`.
    Int64,
    String {
        is_valid: fn(&str) -> bool,
        reason: Reason,
    },
    /// Not part of a body.
    Stream,
}

/// The only function in the emulator that a new primitive type changes.
fn json_form(primitive: Primitive) -> JsonForm {
    fn integer<T: Into<i64>>(min: T, max: T) -> JsonForm {
        JsonForm::Integer {
            min: min.into(),
            max: max.into(),
        }
    }
    fn string(is_valid: fn(&str) -> bool, reason: Reason) -> JsonForm {
        JsonForm::String { is_valid, reason }
    }
    match primitive {
        Primitive::Binary => string(is_base64, "it is not base64"),
        Primitive::Boolean => JsonForm::Boolean,
        Primitive::Byte => integer(u8::MIN, u8::MAX),
        Primitive::Date => string(is_date, "it is not a date (YYYY-MM-DD)"),
        Primitive::DateTimeOffset => string(
            is_date_time_offset,
            "it is not a date and time with offset (YYYY-MM-DDThh:mm:ssZ)",
        ),
        Primitive::Decimal => JsonForm::Decimal,
        Primitive::Double => JsonForm::Float { max: f64::MAX },
        Primitive::Duration => string(
            is_duration,
            "it is not a duration of days, hours, minutes and seconds (PnDTnHnMnS)",
        ),
        Primitive::Guid => string(is_guid, "it is not a GUID"),
        Primitive::Int16 => integer(i16::MIN, i16::MAX),
        Primitive::Int32 => integer(i32::MIN, i32::MAX),
        Primitive::Int64 => JsonForm::Int64,
        Primitive::SByte => integer(i8::MIN, i8::MAX),
        Primitive::Single => JsonForm::Float {
            max: f32::MAX.into(),
        },
        Primitive::Stream => JsonForm::Stream,
        Primitive::String => string(|_| true, ""),
        Primitive::TimeOfDay => string(is_time, "it is not a time of day (hh:mm:ss.fff)"),
        Primitive::Untyped => JsonForm::Any,
    }
}

/// Validates a value other than null. `ieee754_compatible` is the parameter of the media type.
pub(crate) fn check(
    primitive: Primitive,
    value: &Value,
    ieee754_compatible: bool,
) -> Result<(), Reason> {
    let string = || value.as_str().ok_or("it is not a string");
    let (is_valid, reason) = match json_form(primitive) {
        JsonForm::Any => return Ok(()),
        JsonForm::Boolean => (value.is_boolean(), "it is not true or false"),
        JsonForm::Decimal if ieee754_compatible => {
            (is_decimal(string()?), "it is not a decimal number")
        }
        JsonForm::Decimal => (value.is_number(), "it is not a number"),
        JsonForm::Float { max } => return check_float(value, max),
        JsonForm::Integer { min, max } => return check_integer(value, min, max),
        JsonForm::Int64 if ieee754_compatible => (
            string()?.parse::<i64>().is_ok(),
            "it is not a whole number of 64 bits",
        ),
        JsonForm::Int64 => return check_integer(value, i64::MIN, i64::MAX),
        JsonForm::String { is_valid, reason } => (is_valid(string()?), reason),
        JsonForm::Stream => (false, "a stream is sent on its own, never in the body"),
    };
    is_valid.then_some(()).ok_or(reason)
}

/// Whether the text of a key in a path is a value of the key's type.
pub(crate) fn is_key_text(primitive: Primitive, text: &str) -> bool {
    let value = key_value(primitive, text);
    check(primitive, &value, value.is_string()).is_ok()
}

/// The JSON value of a key in a path.
pub(crate) fn key_value(primitive: Primitive, text: &str) -> Value {
    let value = match json_form(primitive) {
        JsonForm::Integer { .. } | JsonForm::Int64 => text.parse::<i64>().ok().map(Value::from),
        JsonForm::Boolean => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    value.unwrap_or_else(|| text.into())
}

fn check_integer(value: &Value, min: i64, max: i64) -> Result<(), Reason> {
    let number = value.as_number().ok_or("it is not a number")?;
    if number.is_f64() {
        return Err("it is not a whole number");
    }
    let is_in_range = |number| (min..=max).contains(&number);
    match number.as_i64().is_some_and(is_in_range) {
        true => Ok(()),
        false => Err("it is out of the type's range"),
    }
}

fn check_float(value: &Value, max: f64) -> Result<(), Reason> {
    if matches!(value.as_str(), Some("INF" | "-INF" | "NaN")) {
        return Ok(());
    }
    let number = value.as_f64().ok_or("it is not a number")?;
    match number.abs() <= max {
        true => Ok(()),
        false => Err("it is out of the type's range"),
    }
}

fn is_base64(text: &str) -> bool {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    [alphabet::STANDARD, alphabet::URL_SAFE]
        .iter()
        .any(|alphabet| GeneralPurpose::new(alphabet, LENIENT).decode(text).is_ok())
}

fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    unsigned.parse::<Number>().is_ok()
}

fn is_guid(text: &str) -> bool {
    // The crate also accepts braces and no dashes.
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

fn is_date(text: &str) -> bool {
    // jiff also accepts `20240131`, weeks, and a time after the date.
    let date = text.parse::<civil::Date>();
    date.is_ok_and(|date| date.to_string() == text)
}

fn is_time(text: &str) -> bool {
    // jiff also accepts times without colons, offsets and leap seconds.
    text.get(2..3) == Some(":")
        && text.get(6..8) != Some("60")
        && text.chars().all(|c| matches!(c, '0'..='9' | ':' | '.'))
        && text.parse::<civil::Time>().is_ok()
}

/// Graph's reference also shows dates alone (a contact's `birthday`), and times without an offset.
fn is_date_time_offset(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else {
        return is_date(text);
    };
    let (time, is_valid_offset) = match time.rsplit_once(['+', '-']) {
        // 14 hours is the maximum of XML Schema, and so of OData.
        Some((time, offset)) => (
            time,
            offset.len() == 5 && is_time(offset) && offset <= "14:00",
        ),
        None => (time.strip_suffix(['Z', 'z']).unwrap_or(time), true),
    };
    is_date(date) && is_time(time) && is_valid_offset
}

fn is_duration(text: &str) -> bool {
    // jiff also accepts years, months, weeks, lower case, and fractions of hours and minutes.
    text.chars().all(|c| "-PDTHMS.0123456789".contains(c))
        && (!text.contains('.') || text.ends_with('S'))
        && SpanParser::new()
            .parse_span(text)
            .is_ok_and(|span| span.get_months() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_that_are_of_the_type() {
        for (primitive, value) in [
            (Primitive::Binary, json!("aGVsbG8=")),
            (Primitive::Binary, json!("aGVsbG8")),
            (Primitive::Binary, json!("_-8")),
            (Primitive::Binary, json!("")),
            (Primitive::Boolean, json!(true)),
            (Primitive::Byte, json!(255)),
            (Primitive::SByte, json!(-128)),
            (Primitive::Int16, json!(-32768)),
            (Primitive::Int32, json!(2147483647)),
            (Primitive::Int64, json!(i64::MIN)),
            (Primitive::Decimal, json!(1.5)),
            (Primitive::Double, json!(3)),
            (Primitive::Double, json!("-INF")),
            (Primitive::Single, json!(1e38)),
            (
                Primitive::Guid,
                json!("36B5B404-7A1E-4B8F-9F0F-3E1F1B6C0A11"),
            ),
            (Primitive::Date, json!("2024-02-29")),
            (Primitive::TimeOfDay, json!("11:59:31.3170000")),
            (Primitive::TimeOfDay, json!("07:30")),
            (
                Primitive::DateTimeOffset,
                json!("2016-12-31T23:58:36.6670033-08:00"),
            ),
            (Primitive::DateTimeOffset, json!("0001-01-01T00:00:00Z")),
            (Primitive::DateTimeOffset, json!("2024-02-29T00:00Z")),
            (Primitive::DateTimeOffset, json!("2024-01-01")),
            (Primitive::DateTimeOffset, json!("2024-01-01T00:00:00")),
            (Primitive::Duration, json!("P365D")),
            (Primitive::Duration, json!("-PT8H30M0.5S")),
            (Primitive::Duration, json!("PT0S")),
            (Primitive::String, json!("")),
            (Primitive::Untyped, json!({"a": [1]})),
        ] {
            assert_eq!(
                check(primitive, &value, false),
                Ok(()),
                "{primitive:?} {value}"
            );
        }
        assert_eq!(check(Primitive::Int64, &json!("-5"), true), Ok(()));
        assert_eq!(check(Primitive::Decimal, &json!("1.50e3"), true), Ok(()));
    }

    #[test]
    fn values_that_are_not() {
        for (primitive, value) in [
            (Primitive::Binary, json!("a*b")),
            (Primitive::Binary, json!("a-b/")),
            (Primitive::Boolean, json!("true")),
            (Primitive::Boolean, json!(1)),
            (Primitive::Byte, json!(256)),
            (Primitive::Byte, json!(-1)),
            (Primitive::SByte, json!(128)),
            (Primitive::Int16, json!(40000)),
            (Primitive::Int32, json!(2147483648u32)),
            (Primitive::Int32, json!(1.0)),
            (Primitive::Int32, json!("1")),
            (Primitive::Int64, json!(u64::MAX)),
            (Primitive::Int64, json!("5")),
            (Primitive::Decimal, json!("5")),
            (Primitive::Double, json!("Infinity")),
            (Primitive::Single, json!(1e39)),
            (Primitive::Guid, json!("36b5b4047a1e4b8f9f0f3e1f1b6c0a11")),
            (
                Primitive::Guid,
                json!("{36b5b404-7a1e-4b8f-9f0f-3e1f1b6c0a11}"),
            ),
            (Primitive::Date, json!("2023-02-29")),
            (Primitive::Date, json!("20230228")),
            (Primitive::Date, json!("2023-02-28T00:00:00Z")),
            (Primitive::TimeOfDay, json!("24:00:00")),
            (Primitive::TimeOfDay, json!("12:00:60")),
            (Primitive::TimeOfDay, json!("12")),
            (Primitive::TimeOfDay, json!("12:00:00.")),
            (Primitive::DateTimeOffset, json!("2024-01-01 00:00:00Z")),
            (
                Primitive::DateTimeOffset,
                json!("2024-01-01T00:00:00+15:00"),
            ),
            (Primitive::DateTimeOffset, json!("2024-13-01T00:00:00Z")),
            (Primitive::DateTimeOffset, json!("2024-01-01T00:00:00+é:00")),
            (Primitive::Duration, json!("P1Y")),
            (Primitive::Duration, json!("P1W")),
            (Primitive::Duration, json!("P")),
            (Primitive::Duration, json!("PT")),
            (Primitive::Duration, json!("P1DT")),
            (Primitive::Duration, json!("PT1S2M")),
            (Primitive::Duration, json!("08:00:00")),
            (Primitive::String, json!(5)),
            (Primitive::Stream, json!("x")),
        ] {
            assert!(
                check(primitive, &value, false).is_err(),
                "{primitive:?} {value}"
            );
        }
        assert!(check(Primitive::Int64, &json!(5), true).is_err());
        assert!(check(Primitive::Decimal, &json!("x"), true).is_err());
    }
}
