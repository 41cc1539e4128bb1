//! Calendar days.

/// A day of the Gregorian calendar, as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub(crate) i64);

impl Day {
    /// Parses `2026-04-10`, with or without a time after it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let date = text.trim().split('T').next()?;
        let mut parts = date.split('-').map(|part| {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse().ok().filter(|_: &u16| digits)
        });
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 => 28 + u16::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        if parts.next().is_some() || year == 0 || !(1..=days).contains(&day) {
            return None;
        }
        // The year begins in March here, so that the leap day is its last.
        let month = i64::from(month);
        let year = i64::from(year) - i64::from(month <= 2);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
        let days = 365 * year + year / 4 - year / 100 + year / 400 + day_of_year;
        Some(Day(days - 719_468))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_dates_are_counted_from_1970() {
        let table = [
            ("1970-01-01", Some(0)),
            ("1969-12-31", Some(-1)),
            ("2000-02-29", Some(11_016)),
            ("2024-03-01", Some(19_783)),
            ("2026-04-10", Some(20_553)),
            ("2026-04-10T00:00:00Z", Some(20_553)),
            (" 2100-12-31 ", Some(47_846)),
            ("2100-02-29", None),
            ("2026-13-01", None),
            ("2026-04-31", None),
            ("2026-04", None),
            ("2026-04-10-1", None),
            ("10.04.2026", None),
            ("2026-+4-10", None),
            ("0000-01-01", None),
            ("soon", None),
            ("", None),
        ];
        for (text, days) in table {
            assert_eq!(Day::parse(text), days.map(Day), "{text}");
        }
    }
}
