//! The JSON form of each primitive type (OData JSON 4.01 §7.1, OData ABNF 4.01).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::civil;
use jiff::fmt::temporal::SpanParser;
use msgraph_csdl::model::Primitive;
use serde_json::{Number, Value};
use uuid::Uuid;

/// Validates a value other than null. An error is the expected form. `ieee754_compatible` is the
/// parameter of the media type.
///
/// This is the only function in the emulator that a new primitive type changes.
pub(crate) fn check(
    primitive: Primitive,
    value: &Value,
    ieee754_compatible: bool,
) -> Result<(), &'static str> {
    let string = |is_valid: fn(&str) -> bool| value.as_str().is_some_and(is_valid);
    let (is_valid, expected) = match primitive {
        Primitive::Binary => (string(is_base64), "base64"),
        Primitive::Boolean => (value.is_boolean(), "true or false"),
        Primitive::Byte => (
            is_integer(value, u8::MIN, u8::MAX),
            "an unsigned integer of 8 bits",
        ),
        Primitive::Date => (string(is_date), "a date (YYYY-MM-DD)"),
        Primitive::DateTimeOffset => (
            string(is_date_time_offset),
            "a date and time with offset (YYYY-MM-DDThh:mm:ssZ)",
        ),
        Primitive::Decimal if ieee754_compatible => {
            (string(is_decimal), "a string with a decimal number")
        }
        Primitive::Decimal => (value.is_number(), "a number"),
        Primitive::Double => (is_float(value, f64::MAX), "a number of 64 bits"),
        Primitive::Duration => (
            string(is_duration),
            "a duration of days, hours, minutes and seconds (PnDTnHnMnS)",
        ),
        Primitive::Guid => (string(is_guid), "a GUID"),
        Primitive::Int16 => (
            is_integer(value, i16::MIN, i16::MAX),
            "an integer of 16 bits",
        ),
        Primitive::Int32 => (
            is_integer(value, i32::MIN, i32::MAX),
            "an integer of 32 bits",
        ),
        Primitive::Int64 if ieee754_compatible => (
            string(|text| text.parse::<i64>().is_ok()),
            "a string with an integer of 64 bits",
        ),
        Primitive::Int64 => (value.is_i64(), "an integer of 64 bits"),
        Primitive::SByte => (is_integer(value, i8::MIN, i8::MAX), "an integer of 8 bits"),
        Primitive::Single => (is_float(value, f32::MAX.into()), "a number of 32 bits"),
        Primitive::Stream => (false, "part of a body, since a stream has a URL of its own"),
        Primitive::String => (value.is_string(), "a string"),
        Primitive::TimeOfDay => (string(is_time), "a time of day (hh:mm:ss.fff)"),
        Primitive::Untyped => (true, "JSON"),
    };
    is_valid.then_some(()).ok_or(expected)
}

/// Whether the text of a key in a path is a value of the key's type.
pub(crate) fn is_key_text(primitive: Primitive, text: &str) -> bool {
    let value = key_value(primitive, text);
    check(primitive, &value, value.is_string()).is_ok()
}

/// The JSON value of a key in a path.
pub(crate) fn key_value(primitive: Primitive, text: &str) -> Value {
    let number = text.parse::<i64>().map(Value::from).ok();
    let boolean = text.parse::<bool>().map(Value::from).ok();
    let mut values = number.into_iter().chain(boolean);
    let value = values.find(|value| check(primitive, value, false).is_ok());
    value.unwrap_or_else(|| text.into())
}

fn is_integer<T: Into<i64>>(value: &Value, min: T, max: T) -> bool {
    let range = min.into()..=max.into();
    value.as_i64().is_some_and(|number| range.contains(&number))
}

fn is_float(value: &Value, max: f64) -> bool {
    matches!(value.as_str(), Some("INF" | "-INF" | "NaN"))
        || value.as_f64().is_some_and(|number| number.abs() <= max)
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
    // OData allows 12 digits of a second; jiff parses 9.
    let nanoseconds = text.get(.."00:00:00.123456789".len()).unwrap_or(text);
    // jiff also accepts times without colons, offsets and leap seconds.
    text.get(2..3) == Some(":")
        && text.get(6..8) != Some("60")
        && text.chars().all(|c| matches!(c, '0'..='9' | ':' | '.'))
        && text.len() <= "00:00:00.123456789012".len()
        && text.matches('.').count() <= 1
        && nanoseconds.parse::<civil::Time>().is_ok()
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
            (Primitive::TimeOfDay, json!("07:30:00.123456789012")),
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
            (Primitive::TimeOfDay, json!("12:00:00.1234567890123")),
            (Primitive::TimeOfDay, json!("12:00:00.1234567890.2")),
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
