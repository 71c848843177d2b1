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
        Self::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
    }

    /// `None`: no such day, or not of these times.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        let exists = YEARS.contains(&year) && (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// The day after; the last one of all is followed by itself.
    pub fn next(self) -> Self {
        let Self { year, month, day } = self;
        Self::new(year, month, day + 1)
            .or_else(|| Self::new(year, month + 1, 1))
            .or_else(|| Self::new(year + 1, 1, 1))
            .unwrap_or(self)
    }

    pub fn previous(self) -> Self {
        let Self { year, month, day } = self;
        Self::new(year, month, day - 1)
            .or_else(|| Self::new(year, month - 1, days_of(year, month - 1)))
            .or_else(|| Self::new(year - 1, 12, 31))
            .unwrap_or(self)
    }

    pub fn back(self, days: u32) -> Self {
        (0..days).fold(self, |day, _| day.previous())
    }

    pub fn first_of_month(self) -> Self {
        Self { day: 1, ..self }
    }

    pub fn last_of_month(self) -> Self {
        Self { day: days_of(self.year, self.month), ..self }
    }

    /// Every day from this one to that one, both included.
    pub fn until(self, last: Self) -> impl Iterator<Item = Self> {
        let mut next = (self <= last).then_some(self);
        std::iter::from_fn(move || {
            let day = next?;
            next = (day < last).then(|| day.next());
            Some(day)
        })
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

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn days_follow_each_other_through_months_and_years() {
        let (first, last) = (day("2023-12-30"), day("2024-03-02"));
        let all: Vec<Day> = first.until(last).collect();
        assert_eq!(all.len(), 64);
        assert!(all.is_sorted() && all.windows(2).all(|pair| pair[1].previous() == pair[0]));
        assert_eq!(last.until(first).count(), 0);
        assert_eq!(day("2024-03-01").back(30), day("2024-01-31"));
        assert_eq!(day("2024-02-10").last_of_month(), day("2024-02-29"));
        assert_eq!(day("2999-12-31").until(day("2999-12-31")).count(), 1);
    }
}
