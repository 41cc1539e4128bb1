//! The JSON form of each primitive type (OData JSON 4.01 §7.1, OData ABNF 4.01).

use std::ops::RangeBounds;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::civil;
use msgraph_csdl::model::Primitive;
use serde_json::Value;
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
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    [integer, fraction, exponent]
        .iter()
        .all(|part| is_digits(part, 1..))
}

fn is_digits(text: &str, length: impl RangeBounds<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_guid(text: &str) -> bool {
    // The crate also accepts braces and no dashes.
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

fn is_date(text: &str) -> bool {
    // jiff also accepts `20240131`, weeks, years of six digits, and a time after the date.
    let date = text.parse::<civil::Date>();
    text.len() == "YYYY-MM-DD".len() && date.is_ok_and(|date| date.to_string() == text)
}

fn is_time(text: &str) -> bool {
    let (time, fraction) = text.split_once('.').unwrap_or((text, "0"));
    // jiff also accepts times without colons, offsets and leap seconds.
    (time.len() == "hh:mm:ss".len() || time == text && text.len() == "hh:mm".len())
        && time.split(':').all(|part| is_digits(part, 2..=2))
        && !time.ends_with(":60")
        && time.parse::<civil::Time>().is_ok()
        && is_digits(fraction, 1..=12)
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
    // jiff rejects more than 7,304,484 days, and accepts years, months and weeks.
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let Some(parts) = unsigned.strip_prefix('P').filter(|text| !text.is_empty()) else {
        return false;
    };
    let (date, time) = parts.split_once('T').unwrap_or((parts, "0S"));
    let mut rest = time;
    for unit in ['H', 'M', 'S'] {
        if let Some((number, after)) = rest.split_once(unit) {
            let (integer, fraction) = match number.split_once('.') {
                Some(parts) if unit == 'S' => parts,
                _ => (number, "0"),
            };
            if !is_digits(integer, 1..=18) || !is_digits(fraction, 1..=12) {
                return false;
            }
            rest = after;
        }
    }
    let is_days = |days: &str| is_digits(days, 1..=18);
    !time.is_empty()
        && rest.is_empty()
        && (date.is_empty() || date.strip_suffix('D').is_some_and(is_days))
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
            (
                Primitive::DateTimeOffset,
                json!("2020-01-01T12:00:00.123456789012Z"),
            ),
            (Primitive::Duration, json!("P10675199DT2H48M5.4775807S")),
            (Primitive::Duration, json!("-P10675199DT2H48M5.4775807S")),
            (Primitive::Duration, json!("P99999999D")),
            (Primitive::Duration, json!("PT99999999999H")),
            (Primitive::Duration, json!("PT0.123456789012S")),
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
        let digits = "9".repeat(400);
        for text in ["1.50e3", "007", "01.5", "1e400", "+5", "-5", &digits] {
            let value = json!(text);
            assert_eq!(check(Primitive::Decimal, &value, true), Ok(()), "{text}");
        }
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
            (Primitive::TimeOfDay, json!("12:00:00.1234567890:2")),
            (Primitive::TimeOfDay, json!("12:00.5")),
            (Primitive::TimeOfDay, json!("12.55")),
            (Primitive::Date, json!("-000001-01-01")),
            (Primitive::DateTimeOffset, json!("2016-12-31T23:59:60Z")),
            (Primitive::DateTimeOffset, json!("2024-01-01 00:00:00Z")),
            (
                Primitive::DateTimeOffset,
                json!("2024-01-01T00:00:00+15:00"),
            ),
            (Primitive::DateTimeOffset, json!("2024-13-01T00:00:00Z")),
            (Primitive::DateTimeOffset, json!("2024-01-01T00:00:00+é:00")),
            (Primitive::Duration, json!("P1Y")),
            (Primitive::Duration, json!("P1W")),
            (Primitive::Duration, json!("P0M")),
            (Primitive::Duration, json!("PT1H1H")),
            (Primitive::Duration, json!("PT0.1234567890123S")),
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
        for text in ["x", "+-5", "1.", ".5", "1e", ""] {
            let value = json!(text);
            assert!(check(Primitive::Decimal, &value, true).is_err(), "{text}");
        }
    }
}
