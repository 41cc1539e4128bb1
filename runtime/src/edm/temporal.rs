mod scan;

use std::fmt;
use std::str::FromStr;

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, civil};
use serde_json::Value as Untyped;

use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::value::Value;
use scan::Scan;

// Graph gives `11:59:31.3170000`, `2016-12-31T23:58:36.6670033-08:00`, `9999-12-31T23:59:59.9999999Z`. Reading one and
// writing it back must not change it: a patch made from what was read would otherwise change what nobody asked to
// change. So each type keeps its text beside the value. The value of a `DateTimeOffset` is a civil date with an
// offset, because jiff's `Timestamp` ends a day before the last of those, which Graph uses for "never".

/// Text that is no date, time or duration of the kind wanted.
///
/// ```
/// use msgraph_runtime::Date;
///
/// assert!("2026-02-30".parse::<Date>().is_err());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TemporalError {
    text: String,
    expected: &'static str,
}

impl TemporalError {
    fn new(text: &str, expected: &'static str) -> Self {
        Self {
            text: text.to_owned(),
            expected,
        }
    }
}

impl fmt::Display for TemporalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not {}", self.text, self.expected)
    }
}

impl std::error::Error for TemporalError {}

/// `Edm.DateTimeOffset`: a date, a time and an offset from UTC.
///
/// Graph reads a date without time as its first instant, and a time without offset as UTC; its own pages write such texts
/// (a contact's `birthday`), so they are taken too. Keeps the text it was read from, offset, seconds and every digit of the fraction (twelve at most; the value holds
/// the first nine). Equal when the text is: two spellings of one instant differ on the wire.
///
/// ```
/// use msgraph_runtime::DateTimeOffset;
///
/// let read: DateTimeOffset = "2016-12-31T23:58:36.6670033-08:00".parse()?;
/// assert_eq!(read.as_str(), "2016-12-31T23:58:36.6670033-08:00");
/// assert_eq!(read.timestamp().map(|at| at.to_string()).as_deref(), Some("2017-01-01T07:58:36.6670033Z"));
/// # Ok::<(), msgraph_runtime::TemporalError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct DateTimeOffset {
    text: Box<str>,
    local: civil::DateTime,
    offset: Offset,
}

/// `Edm.Date`: `2024-02-29`. Keeps the text it was read from; equal when the text is.
///
/// ```
/// use msgraph_runtime::Date;
///
/// let date: Date = "2026-11-24".parse()?;
/// assert_eq!(date.date().year(), 2026);
/// # Ok::<(), msgraph_runtime::TemporalError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Date {
    text: Box<str>,
    date: civil::Date,
}

/// `Edm.TimeOfDay`: `07:59:59.9990000`. Keeps the text it was read from; equal when the text is.
///
/// ```
/// use msgraph_runtime::TimeOfDay;
///
/// let time: TimeOfDay = "07:30:00".parse()?;
/// assert_eq!(time.time().minute(), 30);
/// # Ok::<(), msgraph_runtime::TemporalError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct TimeOfDay {
    text: Box<str>,
    time: civil::Time,
}

/// `Edm.Duration`: `P3DT12H30M5.5S`, a number of days, hours, minutes and seconds. Keeps the text it was read from;
/// equal when the text is (`PT60S` and `PT1M` are two texts of one duration).
///
/// ```
/// use msgraph_runtime::Duration;
///
/// let duration: Duration = "PT1H30M".parse()?;
/// assert_eq!(duration.duration().as_secs(), 5400);
/// # Ok::<(), msgraph_runtime::TemporalError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Duration {
    text: Box<str>,
    duration: SignedDuration,
}

impl DateTimeOffset {
    /// A date and time at an offset, without zone.
    ///
    /// OData writes offsets in whole minutes; an offset with seconds (a local mean time before about 1930) is `None`.
    pub fn new(local: civil::DateTime, offset: Offset) -> Option<Self> {
        if offset.seconds() % 60 != 0 {
            return None;
        }
        let minutes = offset.seconds().abs() / 60;
        let sign = if offset.seconds() < 0 { '-' } else { '+' };
        let (date, time) = (Date::from(local.date()), local.time());
        let text = format!("{date}T{time}{sign}{:02}:{:02}", minutes / 60, minutes % 60);
        Some(Self {
            text: text.into(),
            local,
            offset,
        })
    }

    /// Date and time at the [`offset`](Self::offset).
    pub const fn local(&self) -> civil::DateTime {
        self.local
    }

    /// The offset from UTC.
    pub const fn offset(&self) -> Offset {
        self.offset
    }

    /// The instant, or `None` for the last hours of the year 9999, which jiff's timestamps do not reach.
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.offset.to_timestamp(self.local).ok()
    }

    /// The time in UTC, as far as it can be told; else as it is written.
    fn instant(&self) -> (Option<Timestamp>, Option<(civil::DateTime, Offset)>) {
        let timestamp = self.timestamp();
        (
            timestamp,
            timestamp.is_none().then_some((self.local, self.offset)),
        )
    }

    /// The text on the wire.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for DateTimeOffset {
    type Err = TemporalError;

    fn from_str(text: &str) -> Result<Self, TemporalError> {
        let parse = || {
            let mut rest = Scan(text);
            let date = rest.date()?;
            let time = match rest.0 {
                "" => civil::Time::midnight(),
                _ => {
                    rest.one_of(b"Tt")?;
                    rest.time()?
                }
            };
            let offset = match rest.0 {
                "" => Offset::UTC,
                _ => rest.offset()?,
            };
            rest.0.is_empty().then(|| Self {
                text: text.into(),
                local: date.to_datetime(time),
                offset,
            })
        };
        parse().ok_or_else(|| {
            TemporalError::new(
                text,
                "a date with time and offset, as 2024-02-29T23:59:59.5Z",
            )
        })
    }
}

impl From<Timestamp> for DateTimeOffset {
    fn from(timestamp: Timestamp) -> Self {
        let local = Offset::UTC.to_datetime(timestamp);
        Self {
            text: timestamp.to_string().into(),
            local,
            offset: Offset::UTC,
        }
    }
}

impl Date {
    /// The date.
    pub const fn date(&self) -> civil::Date {
        self.date
    }

    /// The text on the wire.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Date {
    type Err = TemporalError;

    fn from_str(text: &str) -> Result<Self, TemporalError> {
        let mut rest = Scan(text);
        match rest.date() {
            Some(date) if rest.0.is_empty() => Ok(Self {
                text: text.into(),
                date,
            }),
            _ => Err(TemporalError::new(text, "a date, as 2024-02-29")),
        }
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        // jiff writes a year before 0 with six digits and OData with four.
        let (sign, year) = (
            if date.year() < 0 { "-" } else { "" },
            date.year().unsigned_abs(),
        );
        Self {
            text: format!("{sign}{year:04}-{:02}-{:02}", date.month(), date.day()).into(),
            date,
        }
    }
}

impl TimeOfDay {
    /// The time.
    pub const fn time(&self) -> civil::Time {
        self.time
    }

    /// The text on the wire.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for TimeOfDay {
    type Err = TemporalError;

    fn from_str(text: &str) -> Result<Self, TemporalError> {
        let mut rest = Scan(text);
        match rest.time() {
            Some(time) if rest.0.is_empty() => Ok(Self {
                text: text.into(),
                time,
            }),
            _ => Err(TemporalError::new(text, "a time of day, as 07:59:59.999")),
        }
    }
}

impl From<civil::Time> for TimeOfDay {
    fn from(time: civil::Time) -> Self {
        Self {
            text: time.to_string().into(),
            time,
        }
    }
}

impl Duration {
    /// The duration; a day is 24 hours, as in OData. Digits of the second's fraction beyond the ninth are left out.
    pub const fn duration(&self) -> SignedDuration {
        self.duration
    }

    /// The text on the wire.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Duration {
    type Err = TemporalError;

    fn from_str(text: &str) -> Result<Self, TemporalError> {
        Scan(text)
            .duration()
            .map(|duration| Self {
                text: text.into(),
                duration,
            })
            .ok_or_else(|| {
                TemporalError::new(
                    text,
                    "a duration in days, hours, minutes and seconds, as P1DT12H30M5.5S",
                )
            })
    }
}

impl From<SignedDuration> for Duration {
    fn from(duration: SignedDuration) -> Self {
        let sign = if duration.is_negative() { "-" } else { "" };
        let (seconds, nanos) = (
            duration.as_secs().unsigned_abs(),
            duration.subsec_nanos().unsigned_abs(),
        );
        let mut text = format!("{sign}PT{seconds}");
        if nanos > 0 {
            text.push_str(format!(".{nanos:09}").trim_end_matches('0'));
        }
        text.push('S');
        Self {
            text: text.into(),
            duration,
        }
    }
}

macro_rules! written_as_text {
    ($($temporal:ty, $value:ident);*) => {$(
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
                let Some(text) = current.as_str() else { return false };
                *text == *self.text || text.parse().is_ok_and(|there: Self| there.$value() == self.$value())
            }
        }
    )*};
}
written_as_text!(DateTimeOffset, instant; Date, date; TimeOfDay, time; Duration, duration);
