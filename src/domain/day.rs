//! A day of the merchant's calendar, and a span of moments. Which moments a day holds depends on the time zone, which the server
//! knows.

use std::{fmt, str::FromStr};

/// Years 1970 to 9999. Days are ordered as they pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    year: i16,
    month: i8,
    day: i8,
}

/// Moments (Unix seconds): from the first on, before the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan {
    pub from: i64,
    pub before: i64,
}

impl TimeSpan {
    pub fn contains(self, moment: i64) -> bool {
        (self.from..self.before).contains(&moment)
    }

    /// Wider by `by` seconds at both ends.
    pub fn widened(self, by: i64) -> Self {
        Self { from: self.from.saturating_sub(by), before: self.before.saturating_add(by) }
    }
}

/// The same of days that were perhaps left out. `None`: without an end there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DaySpan {
    pub from: Option<i64>,
    pub before: Option<i64>,
}

/// The text is no day such as `2026-11-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day such as 2026-11-01")]
pub struct NotADay;

/// The first day of all.
impl Default for Day {
    fn default() -> Self {
        Self { year: 1970, month: 1, day: 1 }
    }
}

impl Day {
    /// `None`: there is no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        let exists = (1970..=9999).contains(&year) && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    pub fn parts(self) -> (i16, i8, i8) {
        (self.year, self.month, self.day)
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
            .or_else(|| Self::new(year, month - 1, days_in(year, month - 1)))
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
        Self { day: days_in(self.year, self.month), ..self }
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

fn days_in(year: i16, month: i8) -> i8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts[..] else { return Err(NotADay) };
        if (year.len(), month.len(), day.len()) != (4, 2, 2) || ![year, month, day].into_iter().all(digits) {
            return Err(NotADay);
        }
        let numbers = (year.parse(), month.parse(), day.parse());
        let (Ok(year), Ok(month), Ok(day)) = numbers else { return Err(NotADay) };
        Self::new(year, month, day).ok_or(NotADay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_read_as_it_is_written_and_nothing_else_is() {
        for text in ["2026-11-01", "2024-02-29", "1970-01-01", "9999-12-31"] {
            assert_eq!(day(text).to_string(), text);
        }
        for text in
            ["", "2026-11", "2026-11-1", "2026-13-01", "2026-02-29", "1900-01-01", "+026-11-01", "2026-11-01T00:00", "2026-11-00"]
        {
            assert_eq!(text.parse::<Day>(), Err(NotADay), "{text}");
        }
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
        assert_eq!(day("9999-12-31").until(day("9999-12-31")).count(), 1);
    }
}
