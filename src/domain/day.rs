//! A day of the calendar, as dates are written in addresses and forms. Which moments it has, a time zone tells.

use std::fmt;

/// Sorts as days follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    pub year: i16,
    pub month: i8,
    pub day: i8,
}

/// Years that orders can be of.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2999;

impl Day {
    /// Reads `2026-01-31`. `None`: no such day, or not of these times.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let written = bytes.len() == 10
            && bytes
                .iter()
                .enumerate()
                .all(|(place, byte)| if matches!(place, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() });
        if !written {
            return None;
        }
        let (year, month, day) = (text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?);
        let exists = YEARS.contains(&year) && (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }
}

fn days_of(year: i16, month: i8) -> i8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `2026-01-31`
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_only_if_the_calendar_has_it() {
        for good in ["2026-01-31", "2024-02-29", "2000-02-29", "1970-01-01", "2999-12-31"] {
            assert_eq!(Day::parse(good).unwrap().to_string(), good);
        }
        for bad in [
            "2026-02-29",
            "1900-02-29",
            "2100-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-04-31",
            "2026-1-1",
            "26-01-01",
            "",
            "2026-01-01 ",
            "2026/01/01",
            "20260101",
            "+026-01-01",
            "२०२६",
        ] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
        assert!(Day::parse("2026-01-31") < Day::parse("2026-02-01"));
    }
}
