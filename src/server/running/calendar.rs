//! The merchant's calendar: which day a moment is on, which moments a day holds, and how a moment is written.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    domain::day::{Day, TimeSpan},
    server::store::Stretch,
};

const DAY_S: i64 = 24 * 60 * 60;

/// The message for a day too late to be reckoned with.
pub const BEYOND: &str = "This day is beyond the calendar";

/// `None`: beyond the calendar.
pub fn day_of(zone: &TimeZone, at: i64) -> Option<Day> {
    let date = Timestamp::from_second(at).ok()?.to_zoned(zone.clone()).date();
    Day::new(date.year(), date.month(), date.day())
}

/// The first moment of a day, also where the clocks skip midnight.
pub fn start_of(zone: &TimeZone, day: Day) -> Option<i64> {
    let (year, month, day) = day.parts();
    begins(Date::new(year, month, day).ok()?, zone)
}

/// The same of a date.
pub fn begins(date: Date, zone: &TimeZone) -> Option<i64> {
    Some(date.to_zoned(zone.clone()).ok()?.start_of_day().ok()?.timestamp().as_second())
}

/// Both days included. `None`: beyond the calendar, which ends with the year 9999 and a day earlier in some time zones.
pub fn span(zone: &TimeZone, from: Day, to: Day) -> Option<TimeSpan> {
    let follows = Some(to.next()).filter(|next| *next != to)?;
    Some(TimeSpan { from: start_of(zone, from)?, before: start_of(zone, follows)? })
}

/// The day that so many days went before since 1970. `None`: beyond the calendar.
pub fn counted(days: i64) -> Option<Day> {
    day_of(&TimeZone::UTC, days.checked_mul(DAY_S)?)
}

/// The parts of a span between changes of the clocks, in order.
pub fn stretches(zone: &TimeZone, span: TimeSpan) -> Vec<Stretch> {
    let moment = |at| Timestamp::from_second(at).unwrap_or_default();
    let changes = zone.following(moment(span.from)).map(|change| change.timestamp().as_second());
    let ends = changes.take_while(|at| *at < span.before).chain([span.before]);
    let mut from = span.from;
    let stretch = |before| {
        let ahead_s = zone.to_offset(moment(from)).seconds().into();
        Stretch { span: TimeSpan { from: std::mem::replace(&mut from, before), before }, ahead_s }
    };
    ends.map(stretch).collect()
}

/// `2026-01-31 23:59:59`
pub const MOMENT: &str = "%Y-%m-%d %H:%M:%S";

/// `2026-01-31 23:59:59+01:00`: unambiguous.
const CERTAIN: &str = "%Y-%m-%d %H:%M:%S%:z";

/// A moment (Unix seconds) as clocks in this time zone show it.
pub fn written(at: i64, zone: &TimeZone) -> String {
    Timestamp::from_second(at).unwrap_or_default().to_zoned(zone.clone()).strftime(MOMENT).to_string()
}

/// The same with the offset of the time zone.
pub fn written_with_offset(at: i64, zone: &TimeZone) -> String {
    Timestamp::from_second(at).unwrap_or_default().to_zoned(zone.clone()).strftime(CERTAIN).to_string()
}

/// 1 is Monday.
pub fn weekday(day: Day) -> i8 {
    let (year, month, day) = day.parts();
    Date::new(year, month, day).map_or(1, |date| date.weekday().to_monday_one_offset())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_the_length_of_their_zone_and_hold_all_their_moments() {
        for (zone, day, hours) in [
            ("Asia/Seoul", "2026-11-01", 24),
            ("America/New_York", "2026-03-08", 23),
            ("America/New_York", "2026-11-01", 25),
            ("Asia/Kolkata", "2026-11-01", 24),
            ("America/Asuncion", "2023-10-01", 23), // midnight is skipped
        ] {
            let zone = TimeZone::get(zone).unwrap();
            let day: Day = day.parse().unwrap();
            let TimeSpan { from, before } = span(&zone, day, day).unwrap();
            assert_eq!(before - from, hours * 3600, "{day}");
            for (at, on) in [(from - 1, day.previous()), (from, day), (before - 1, day), (before, day.next())] {
                assert_eq!(day_of(&zone, at), Some(on));
            }
            let stretches = stretches(&zone, TimeSpan { from, before });
            for at in (from..before).step_by(900) {
                let mut of = stretches.iter().filter(|stretch| (stretch.span.from..stretch.span.before).contains(&at));
                let (Some(Stretch { ahead_s, .. }), None) = (of.next(), of.next()) else { panic!("{at} is in one stretch") };
                assert_eq!(counted((at + ahead_s).div_euclid(DAY_S)), Some(day));
            }
        }
    }
}
