use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Untyped;

use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::value::Value;

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

/// The grammar of OData ABNF 4.01 for these types, over what is left of the text.
struct Scan<'a>(&'a str);

impl Scan<'_> {
    fn one_of(&mut self, allowed: &[u8]) -> Option<u8> {
        let first = *self
            .0
            .as_bytes()
            .first()
            .filter(|byte| allowed.contains(byte))?;
        self.0 = self.0.get(1..)?;
        Some(first)
    }

    /// A number of `least` to `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<&str> {
        let length = self
            .0
            .bytes()
            .take(most)
            .take_while(u8::is_ascii_digit)
            .count();
        let (digits, rest) = self
            .0
            .split_at_checked(length)
            .filter(|_| length >= least)?;
        self.0 = rest;
        Some(digits)
    }

    fn two_digits(&mut self) -> Option<i8> {
        self.digits(2, 2)?.parse().ok()
    }

    /// year "-" month "-" day; the year may be negative.
    fn date(&mut self) -> Option<civil::Date> {
        let negative = self.one_of(b"-").is_some();
        let year: i16 = self.digits(4, 4)?.parse().ok()?;
        self.one_of(b"-")?;
        let month = self.two_digits()?;
        self.one_of(b"-")?;
        let day = self.two_digits()?;
        civil::Date::new(if negative { -year } else { year }, month, day).ok()
    }

    /// hour ":" minute [ ":" second [ "." fraction ] ]
    fn time(&mut self) -> Option<civil::Time> {
        let hour = self.two_digits()?;
        self.one_of(b":")?;
        let minute = self.two_digits()?;
        let (mut second, mut nanosecond) = (0, 0);
        if self.one_of(b":").is_some() {
            second = self.two_digits()?;
            if self.one_of(b".").is_some() {
                nanosecond = nanoseconds(self.digits(1, 12)?)?;
            }
        }
        civil::Time::new(hour, minute, second, nanosecond).ok()
    }

    /// "Z" or sign hour ":" minute
    fn offset(&mut self) -> Option<Offset> {
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(Offset::UTC),
        };
        let hours = i32::from(self.two_digits()?);
        self.one_of(b":")?;
        let minutes = i32::from(self.two_digits()?);
        if hours > 23 || minutes > 59 {
            return None;
        }
        Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
    }

    /// [sign] "P" [n "D"] ["T" [n "H"] [n "M"] [n ["." fraction] "S"]], the whole of the text, at least one part
    fn duration(mut self) -> Option<SignedDuration> {
        let negative = self.one_of(b"+-") == Some(b'-');
        self.one_of(b"P")?;
        let mut seconds: i64 = 0;
        let mut nanos: i32 = 0;
        let mut units: &[(u8, i64)] = &[(b'D', 86_400)];
        let mut parts = 0_usize;
        while !self.0.is_empty() {
            if units.first().is_none_or(|(unit, _)| matches!(unit, b'D'))
                && self.one_of(b"T").is_some()
            {
                units = &[(b'H', 3600), (b'M', 60), (b'S', 1)];
                parts = 0;
                continue;
            }
            let count: i64 = self.digits(1, 18)?.parse().ok()?;
            let fraction = self.one_of(b".").is_some();
            if fraction {
                nanos = nanoseconds(self.digits(1, 12)?)?;
            }
            let unit = self.one_of(b"DHMS")?;
            let at = units.iter().position(|(name, _)| *name == unit)?;
            let (_, length) = units.get(at)?;
            if fraction && unit != b'S' {
                return None;
            }
            seconds = seconds.checked_add(count.checked_mul(*length)?)?;
            units = units.get(at + 1..)?;
            parts += 1;
        }
        if parts == 0 {
            return None;
        }
        let magnitude = SignedDuration::new(seconds, nanos);
        Some(if negative { -magnitude } else { magnitude })
    }
}

/// The first nine digits of a fraction of a second, as nanoseconds.
fn nanoseconds(fraction: &str) -> Option<i32> {
    let nine = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    let digits: Vec<u8> = nine.collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}
