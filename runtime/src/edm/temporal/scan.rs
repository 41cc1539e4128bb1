//! Parses dates, times, offsets and durations.

use jiff::tz::Offset;
use jiff::{SignedDuration, civil};

/// The grammar of OData ABNF 4.01 for these types, over what is left of the text.
pub(super) struct Scan<'a>(pub(super) &'a str);

impl Scan<'_> {
    pub(super) fn one_of(&mut self, allowed: &[u8]) -> Option<u8> {
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
    pub(super) fn date(&mut self) -> Option<civil::Date> {
        let negative = self.one_of(b"-").is_some();
        let year: i16 = self.digits(4, 4)?.parse().ok()?;
        self.one_of(b"-")?;
        let month = self.two_digits()?;
        self.one_of(b"-")?;
        let day = self.two_digits()?;
        civil::Date::new(if negative { -year } else { year }, month, day).ok()
    }

    /// hour ":" minute [ ":" second [ "." fraction ] ]
    pub(super) fn time(&mut self) -> Option<civil::Time> {
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
    pub(super) fn offset(&mut self) -> Option<Offset> {
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
    pub(super) fn duration(mut self) -> Option<SignedDuration> {
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
