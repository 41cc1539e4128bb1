use std::fmt;
use std::str::FromStr;

use jiff::fmt::temporal::{DateTimeParser, SpanParser};
use jiff::tz::Offset;
use jiff::{SignedDuration, SpanRelativeTo, Timestamp, civil};
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
/// use msgraph_runtime::DateTimeOffset;
///
/// let parsed: DateTimeOffset = "2016-12-31T23:58:36.6670033-08:00".parse()?;
/// assert_eq!(parsed.as_str(), "2016-12-31T23:58:36.6670033-08:00");
/// assert_eq!(parsed.timestamp().map(|at| at.to_string()).as_deref(), Some("2017-01-01T07:58:36.6670033Z"));
/// # Ok::<(), msgraph_runtime::TemporalError>(())
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
            text: format!("{local}{sign}{hours:02}:{minutes:02}").into(),
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
    /// The duration; a day is 24 hours, as in OData.
    pub const fn duration(&self) -> SignedDuration {
        self.value
    }
}

impl From<Timestamp> for DateTimeOffset {
    fn from(timestamp: Timestamp) -> Self {
        Self {
            text: timestamp.to_string().into(),
            value: (Offset::UTC.to_datetime(timestamp), Offset::UTC),
        }
    }
}

macro_rules! from_value {
    ($($value:ty, $temporal:ident);*) => {$(
        impl From<$value> for $temporal {
            fn from(value: $value) -> Self {
                Self { text: value.to_string().into(), value }
            }
        }
    )*};
}
from_value!(civil::Date, Date; civil::Time, TimeOfDay; SignedDuration, Duration);

// jiff parses more of ISO 8601 than OData allows and Graph accepts, such as `20240229` and `PT1.5H`. What is parsed is
// sent unchanged, so these functions reject it.

fn parse_date_time(text: &str) -> Option<(civil::DateTime, Offset)> {
    let (date, rest) = text.split_once(['T', 't']).unwrap_or((text, "00:00"));
    let (time, offset) = rest.split_at(rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len()));
    let local = parse_date(date)?.to_datetime(parse_time(time)?);
    let offset = match offset {
        "" | "Z" | "z" => Offset::UTC,
        _ if offset.len() == "+00:00".len() => {
            let zone = DateTimeParser::new().parse_time_zone(offset).ok()?;
            zone.to_fixed_offset().ok()?
        }
        _ => return None,
    };
    Some((local, offset))
}

fn parse_date(text: &str) -> Option<civil::Date> {
    let date: civil::Date = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}

fn parse_time(text: &str) -> Option<civil::Time> {
    // OData allows twelve digits of a fraction, jiff nine.
    let (text, rest) = text.split_at_checked(18).unwrap_or((text, ""));
    let is_extended = text.get(2..3) == Some(":")
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || b":.".contains(&b))
        && rest.bytes().all(|b| b.is_ascii_digit())
        && rest.len() <= 3;
    text.parse().ok().filter(|_| is_extended)
}

fn parse_duration(text: &str) -> Option<SignedDuration> {
    let has_only_seconds = |fraction: &str| {
        let digits = fraction.strip_suffix('S');
        digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_odata = text
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+-PTDHMS.".contains(&b))
        && text
            .split_once('.')
            .is_none_or(|(_, rest)| has_only_seconds(rest));
    let span = SpanParser::new().parse_span(text).ok()?;
    let days = SpanRelativeTo::days_are_24_hours();
    span.to_duration(days).ok().filter(|_| is_odata)
}
