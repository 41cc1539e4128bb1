use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, civil};
use serde_json::Value as Untyped;

use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::value::Value;

// Each type keeps the string that it was parsed from: Graph sends `11:59:31.3170000` and
// `2016-12-31T23:58:36.6670033-08:00`, and sending back what was read must not change it. A `DateTimeOffset` is a civil
// date and time with an offset, because jiff's `Timestamp` cannot represent `9999-12-31T23:59:59.9999999Z`, which Graph
// uses for "never".

/// A string that is not a date, time or duration of the expected type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TemporalError {
    text: String,
    expected: &'static str,
}

impl fmt::Display for TemporalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not {}", self.text, self.expected)
    }
}

impl std::error::Error for TemporalError {}

/// `Edm.DateTimeOffset`: a date, a time and an offset from UTC.
///
/// Parsing keeps the string: offset, seconds and every digit of the fraction (at most twelve; the value has the first
/// nine). Two strings for the same instant are not equal. Like Graph, it parses a date without a time as midnight, and a
/// time without an offset as UTC.
///
/// ```
/// use msgraph_runtime::edm::DateTimeOffset;
///
/// let parsed: DateTimeOffset = "2016-12-31T23:58:36.6670033-08:00".parse()?;
/// assert_eq!(parsed.as_str(), "2016-12-31T23:58:36.6670033-08:00");
/// assert_eq!(parsed.timestamp().map(|at| at.to_string()).as_deref(), Some("2017-01-01T07:58:36.6670033Z"));
/// # Ok::<(), msgraph_runtime::edm::TemporalError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct DateTimeOffset {
    text: Box<str>,
    value: (civil::DateTime, Offset),
}

/// `Edm.Date`: `2024-02-29`.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Date {
    text: Box<str>,
    value: civil::Date,
}

/// `Edm.TimeOfDay`: `07:59:59.9990000`. Parsing keeps the string; `07:59` and `07:59:00` are not equal.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct TimeOfDay {
    text: Box<str>,
    value: civil::Time,
}

/// `Edm.Duration`: `P3DT12H30M5.5S`, a number of days, hours, minutes and seconds. Parsing keeps the string; `PT60S` and
/// `PT1M` are not equal.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Duration {
    text: Box<str>,
    value: SignedDuration,
}

macro_rules! temporal {
    ($temporal:ident, $parse:ident, $compared:ident, $expected:literal) => {
        impl $temporal {
            /// The string that is sent.
            pub fn as_str(&self) -> &str {
                &self.text
            }
        }

        impl FromStr for $temporal {
            type Err = TemporalError;

            fn from_str(text: &str) -> Result<Self, TemporalError> {
                match $parse(text) {
                    Some(value) => Ok(Self {
                        text: text.into(),
                        value,
                    }),
                    None => Err(TemporalError {
                        text: text.to_owned(),
                        expected: $expected,
                    }),
                }
            }
        }

        impl fmt::Display for $temporal {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl Value for $temporal {
            fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
                writer.string(&self.text)
            }

            fn is_same(&self, current: &Untyped) -> bool {
                current.as_str().is_some_and(|text| {
                    *text == *self.text
                        || text
                            .parse()
                            .is_ok_and(|current: Self| current.$compared() == self.$compared())
                })
            }
        }
    };
}
temporal!(
    DateTimeOffset,
    parse_date_time,
    instant,
    "a date with time and offset, such as 2024-02-29T23:59:59.5Z"
);
temporal!(Date, parse_date, date, "a date, such as 2024-02-29");
temporal!(
    TimeOfDay,
    parse_time,
    time,
    "a time of day, such as 07:59:59.999"
);
temporal!(
    Duration,
    parse_duration,
    duration,
    "a duration in days, hours, minutes and seconds, such as P1DT12H30M5.5S"
);

impl DateTimeOffset {
    /// A date and time at an offset.
    ///
    /// OData offsets are whole minutes; an offset with seconds (local mean time, before about 1930) is `None`.
    pub fn new(local: civil::DateTime, offset: Offset) -> Option<Self> {
        if offset.seconds() % 60 != 0 {
            return None;
        }
        let minutes = offset.seconds().abs() / 60;
        let sign = if offset.seconds() < 0 { '-' } else { '+' };
        let (hours, minutes) = (minutes / 60, minutes % 60);
        Some(Self {
            text: four_digit_year(format!("{local}{sign}{hours:02}:{minutes:02}")),
            value: (local, offset),
        })
    }

    /// Date and time at the [`offset`](Self::offset).
    pub const fn local(&self) -> civil::DateTime {
        self.value.0
    }

    /// The offset from UTC.
    pub const fn offset(&self) -> Offset {
        self.value.1
    }

    /// The instant, or `None` for the last hours of the year 9999, which jiff's timestamps cannot represent.
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.offset().to_timestamp(self.local()).ok()
    }

    fn instant(&self) -> Result<Timestamp, (civil::DateTime, Offset)> {
        self.timestamp().ok_or(self.value)
    }
}

impl Date {
    /// The date.
    pub const fn date(&self) -> civil::Date {
        self.value
    }
}

impl TimeOfDay {
    /// The time.
    pub const fn time(&self) -> civil::Time {
        self.value
    }
}

impl Duration {
    /// The duration, without the digits of a second after the ninth; a day is 24 hours, as in OData.
    pub const fn duration(&self) -> SignedDuration {
        self.value
    }
}

impl From<Timestamp> for DateTimeOffset {
    fn from(timestamp: Timestamp) -> Self {
        Self {
            text: four_digit_year(timestamp.to_string()),
            value: (Offset::UTC.to_datetime(timestamp), Offset::UTC),
        }
    }
}

macro_rules! from_value {
    ($($value:ty, $temporal:ident);*) => {$(
        impl From<$value> for $temporal {
            fn from(value: $value) -> Self {
                Self { text: four_digit_year(value.to_string()), value }
            }
        }
    )*};
}
from_value!(civil::Date, Date; civil::Time, TimeOfDay; SignedDuration, Duration);

/// jiff formats a negative year with six digits, OData with four.
fn four_digit_year(text: String) -> Box<str> {
    match text.strip_prefix("-00") {
        Some(rest) => format!("-{rest}").into(),
        None => text.into(),
    }
}

// jiff's parsers are not used: they accept strings that are not OData (`20240229`, `23:59:60`, `PT1.5H`, `P1M`), and
// reject OData (twelve digits of a fraction, a duration of more than 7,304,484 days). What is parsed is sent unchanged.

fn parse_date_time(text: &str) -> Option<(civil::DateTime, Offset)> {
    let (date, rest) = text.split_once(['T', 't']).unwrap_or((text, "00:00"));
    let (time, offset) = rest.split_at(rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len()));
    let local = parse_date(date)?.to_datetime(parse_time(time)?);
    Some((local, parse_offset(offset)?))
}

fn parse_offset(text: &str) -> Option<Offset> {
    let (sign, text) = match text.split_at_checked(1) {
        None | Some(("Z" | "z", "")) => return Some(Offset::UTC),
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        Some(_) => return None,
    };
    let time = parse_time(text).filter(|_| text.len() == "00:00".len())?;
    let minutes = i32::from(time.hour()) * 60 + i32::from(time.minute());
    Offset::from_seconds(sign * minutes * 60).ok()
}

fn parse_date(text: &str) -> Option<civil::Date> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (year, rest) = unsigned.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let year: i16 = digits(year, 4..=4)?;
    civil::Date::new(sign * year, digits(month, 2..=2)?, digits(day, 2..=2)?).ok()
}

fn parse_time(text: &str) -> Option<civil::Time> {
    let (hour, rest) = text.split_once(':')?;
    let (minute, rest) = rest.split_once(':').unwrap_or((rest, "00"));
    let (second, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
    civil::Time::new(
        digits(hour, 2..=2)?,
        digits(minute, 2..=2)?,
        digits(second, 2..=2)?,
        nanoseconds(fraction)?,
    )
    .ok()
}

fn parse_duration(text: &str) -> Option<SignedDuration> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let parts = unsigned.strip_prefix('P').filter(|text| !text.is_empty())?;
    let (date, time) = parts.split_once('T').unwrap_or((parts, "0S"));
    if time.is_empty() {
        return None;
    }
    let (days, _) = count(date, 'D').filter(|(_, rest)| rest.is_empty())?;
    let (hours, rest) = count(time, 'H')?;
    let (minutes, seconds) = count(rest, 'M')?;
    let (seconds, fraction) = match seconds {
        "" => ("0", "0"),
        _ => {
            let seconds = seconds.strip_suffix('S')?;
            seconds.split_once('.').unwrap_or((seconds, "0"))
        }
    };
    let mut total: i64 = digits(seconds, 1..=18)?;
    for (count, unit) in [(days, 86_400), (hours, 3600), (minutes, 60)] {
        total = total.checked_add(count.checked_mul(unit)?)?;
    }
    let magnitude = SignedDuration::new(total, nanoseconds(fraction)?);
    Some(if text.starts_with('-') {
        -magnitude
    } else {
        magnitude
    })
}

/// The number before a unit, 0 without the unit, and the text after the unit.
fn count(text: &str, unit: char) -> Option<(i64, &str)> {
    match text.split_once(unit) {
        Some((count, rest)) => Some((digits(count, 1..=18)?, rest)),
        None => Some((0, text)),
    }
}

/// The first nine digits of a fraction of a second.
fn nanoseconds(fraction: &str) -> Option<i32> {
    digits::<u64>(fraction, 1..=12)?;
    format!("{fraction:0<9}").get(..9)?.parse().ok()
}

fn digits<T: FromStr>(text: &str, length: RangeInclusive<usize>) -> Option<T> {
    let is_number = length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}
