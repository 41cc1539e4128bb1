//! Whether a JSON value is one of a primitive type (OData JSON 4.01 §7.1, OData ABNF 4.01).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::civil;
use msgraph_csdl::model::Primitive;
use serde_json::Value;

/// Why a value is not of the type, as the end of a sentence.
pub(crate) type Reason = &'static str;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Checks a value that is not null. `ieee754_compatible` is the parameter of the content type: with
/// it, `Int64` and `Decimal` are strings.
pub(crate) fn check(
    primitive: Primitive,
    value: &Value,
    ieee754_compatible: bool,
) -> Result<(), Reason> {
    match primitive {
        Primitive::Untyped => Ok(()),
        Primitive::String => text(value).map(drop),
        Primitive::Boolean => value
            .is_boolean()
            .then_some(())
            .ok_or("it is not true or false"),
        Primitive::Byte => integer(value, 0, 255),
        Primitive::SByte => integer(value, i64::from(i8::MIN), i64::from(i8::MAX)),
        Primitive::Int16 => integer(value, i64::from(i16::MIN), i64::from(i16::MAX)),
        Primitive::Int32 => integer(value, i64::from(i32::MIN), i64::from(i32::MAX)),
        Primitive::Int64 if ieee754_compatible => text(value)?
            .parse::<i64>()
            .map(drop)
            .map_err(|_| "it is not a whole number of 64 bits"),
        Primitive::Int64 => integer(value, i64::MIN, i64::MAX),
        Primitive::Decimal if ieee754_compatible => decimal(text(value)?),
        Primitive::Decimal => value.is_number().then_some(()).ok_or("it is not a number"),
        Primitive::Double => floating(value, f64::MAX),
        Primitive::Single => floating(value, f64::from(f32::MAX)),
        Primitive::Binary => {
            let text = text(value)?;
            let decoded = STANDARD.decode(text).is_ok() || URL_SAFE.decode(text).is_ok();
            decoded.then_some(()).ok_or("it is not base64")
        }
        Primitive::Guid => {
            let text = text(value)?;
            // The crate also reads forms that OData does not have: without dashes, in braces.
            (text.len() == 36 && uuid::Uuid::try_parse(text).is_ok())
                .then_some(())
                .ok_or("it is not a GUID")
        }
        Primitive::Date => date(text(value)?),
        Primitive::TimeOfDay => time(text(value)?),
        Primitive::DateTimeOffset => date_time_offset(text(value)?),
        Primitive::Duration => duration(text(value)?),
        Primitive::Stream => Err("a stream is sent on its own, never in the body"),
    }
}

/// Whether the text of a key in a path is a value of the key's type.
pub(crate) fn is_key_text(primitive: Primitive, text: &str) -> bool {
    match key_value(primitive, text) {
        value @ Value::String(_) => check(primitive, &value, true).is_ok(),
        value => check(primitive, &value, false).is_ok(),
    }
}

/// The JSON value of a key in a path.
pub(crate) fn key_value(primitive: Primitive, text: &str) -> Value {
    let number = match primitive {
        Primitive::Byte
        | Primitive::SByte
        | Primitive::Int16
        | Primitive::Int32
        | Primitive::Int64 => text.parse::<i64>().ok().map(Value::from),
        Primitive::Boolean => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    number.unwrap_or_else(|| Value::String(text.to_owned()))
}

fn text(value: &Value) -> Result<&str, Reason> {
    value.as_str().ok_or("it is not a string")
}

fn integer(value: &Value, low: i64, high: i64) -> Result<(), Reason> {
    let number = value.as_number().ok_or("it is not a number")?;
    let number = match number.as_i64() {
        Some(number) => number,
        None if number.is_f64() => return Err("it is not a whole number"),
        None => return Err("it is out of the type's range"),
    };
    (low..=high)
        .contains(&number)
        .then_some(())
        .ok_or("it is out of the type's range")
}

fn floating(value: &Value, largest: f64) -> Result<(), Reason> {
    match value {
        Value::String(text) if matches!(text.as_str(), "INF" | "-INF" | "NaN") => Ok(()),
        Value::Number(number) => number
            .as_f64()
            .is_some_and(|number| number.abs() <= largest)
            .then_some(())
            .ok_or("it is out of the type's range"),
        _ => Err("it is not a number"),
    }
}

fn decimal(text: &str) -> Result<(), Reason> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    (all_digits(whole, 1..) && all_digits(fraction, 1..) && all_digits(exponent, 1..))
        .then_some(())
        .ok_or("it is not a decimal number")
}

fn all_digits(text: &str, count: impl std::ops::RangeBounds<usize>) -> bool {
    count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn date(text: &str) -> Result<(), Reason> {
    const REASON: Reason = "it is not a date (YYYY-MM-DD)";
    // jiff also reads `20240131`, `2024-W05-3` and a time behind the date.
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| {
            if matches!(at, 4 | 7) {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    (shaped && text.parse::<civil::Date>().is_ok())
        .then_some(())
        .ok_or(REASON)
}

fn time(text: &str) -> Result<(), Reason> {
    const REASON: Reason = "it is not a time of day (hh:mm:ss.fff)";
    let mut parts = text.splitn(3, ':');
    let mut below = |limit: u8| {
        parts.next().map(|part| {
            all_digits(part, 2..=2) && part.parse::<u8>().is_ok_and(|number| number < limit)
        })
    };
    let (hour, minute) = (below(24), below(60));
    let second = match parts.next() {
        None => true,
        Some(part) => {
            let (second, fraction) = part.split_once('.').unwrap_or((part, "0"));
            all_digits(second, 2..=2)
                && second.parse::<u8>().is_ok_and(|number| number < 60)
                && all_digits(fraction, 1..=12)
        }
    };
    (hour == Some(true) && minute == Some(true) && second)
        .then_some(())
        .ok_or(REASON)
}

fn date_time_offset(text: &str) -> Result<(), Reason> {
    const REASON: Reason = "it is not a date and time with offset (YYYY-MM-DDThh:mm:ssZ)";
    // Graph's own pages write a date for its first instant (a contact's `birthday`), and times without
    // offset, which are UTC.
    let Some((day, rest)) = text.split_once(['T', 't']) else {
        return date(text).map_err(|_| REASON);
    };
    if date(day).and_then(|()| time(rest)).is_ok() {
        return Ok(());
    }
    let clock = match rest.strip_suffix(['Z', 'z']) {
        Some(clock) => clock,
        None => {
            let at = rest.rfind(['+', '-']).ok_or(REASON)?;
            let (clock, offset) = rest.split_at_checked(at).ok_or(REASON)?;
            let offset = offset.get(1..).ok_or(REASON)?;
            // Fourteen hours is the most that OData allows (ABNF `offset` of XML Schema).
            let hours_and_minutes =
                offset.len() == 5 && time(offset).is_ok() && (offset <= "14:00");
            if !hours_and_minutes {
                return Err(REASON);
            }
            clock
        }
    };
    date(day).and_then(|()| time(clock)).map_err(|_| REASON)
}

fn duration(text: &str) -> Result<(), Reason> {
    const REASON: Reason = "it is not a duration of days, hours, minutes and seconds (PnDTnHnMnS)";
    let rest = text.strip_prefix('-').unwrap_or(text);
    let rest = rest.strip_prefix('P').ok_or(REASON)?;
    let (days, clock) = match rest.split_once('T') {
        Some((days, clock)) => (days, Some(clock)),
        None => (rest, None),
    };
    let has_days = match days.strip_suffix('D') {
        Some(number) if all_digits(number, 1..=18) => true,
        None if days.is_empty() => false,
        _ => return Err(REASON),
    };
    let Some(mut clock) = clock else {
        return has_days.then_some(()).ok_or(REASON);
    };
    if clock.is_empty() {
        return Err(REASON);
    }
    for unit in ['H', 'M'] {
        if let Some((number, rest)) = clock.split_once(unit) {
            if !all_digits(number, 1..=18) {
                return Err(REASON);
            }
            clock = rest;
        }
    }
    if clock.is_empty() {
        return Ok(());
    }
    let seconds = clock.strip_suffix('S').ok_or(REASON)?;
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    (all_digits(whole, 1..=18) && all_digits(fraction, 1..=12))
        .then_some(())
        .ok_or(REASON)
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
