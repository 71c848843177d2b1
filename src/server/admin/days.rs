//! Days as filters name them: the merchant's own, both ends included.

use jiff::tz::TimeZone;

use crate::{domain::day::Day, server::running::calendar};

/// An interval of Unix seconds: from the first, before the second. `None`: without an end there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DaysInterval {
    pub from: Option<i64>,
    pub until: Option<i64>,
}

/// What is wrong with each end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayProblems {
    pub from: Option<String>,
    pub to: Option<String>,
}

impl DaysInterval {
    /// Reads two days as they were typed; an empty one is none.
    pub fn read(from: &str, to: &str, zone: &TimeZone) -> Result<Self, DayProblems> {
        let (first, last) = match (day(from), day(to)) {
            (Ok(Some(first)), Ok(Some(last))) if last < first => {
                return Err(DayProblems { from: None, to: Some("This day is before the first one".to_owned()) });
            }
            (Ok(first), Ok(last)) => (first, last),
            (first, last) => return Err(DayProblems { from: first.err(), to: last.err() }),
        };
        let from = first.map(|day| calendar::start_of(zone, day).ok_or_else(beyond));
        let until = last.map(|day| calendar::span(zone, day, day).map(|span| span.until).ok_or_else(beyond));
        match (from.transpose(), until.transpose()) {
            (Ok(from), Ok(until)) => Ok(Self { from, until }),
            (from, until) => Err(DayProblems { from: from.err(), to: until.err() }),
        }
    }
}

fn beyond() -> String {
    calendar::BEYOND.to_owned()
}

fn day(typed: &str) -> Result<Option<Day>, String> {
    match typed.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| "A day is written as 2026-01-31".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_merchants_whole_day() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let day = |text| DaysInterval::read(text, text, &zone).unwrap();
        let DaysInterval { from: Some(from), until: Some(until) } = day("2026-03-08") else { panic!("both ends") };
        assert_eq!((until - from) / 3600, 23, "the clocks go forward");
        assert_eq!(day("2026-11-01").until.unwrap() - day("2026-11-01").from.unwrap(), 25 * 3600);
        assert_eq!(DaysInterval::read("", " ", &zone), Ok(DaysInterval::default()));
    }

    #[test]
    fn what_is_no_day_is_told_at_its_end() {
        let read = |from, to| DaysInterval::read(from, to, &TimeZone::UTC).unwrap_err();
        assert!(read("31.01.2026", "").from.is_some() && read("", "2026-02-30").to.is_some());
        assert!(read("2026-02-02", "2026-02-01").to.unwrap().contains("before"));
        assert!(read("'; DROP TABLE", "<b>").from.is_some());
        assert!(read("9999-12-31", "").from.is_some() && read("", "9999-12-31").to.is_some(), "no day follows it");
    }
}
