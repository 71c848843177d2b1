//! Moments and days as the merchant's clocks and calendar have them.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// `2026-01-31 23:59:59`
pub const MOMENT: &str = "%Y-%m-%d %H:%M:%S";

/// A moment (Unix seconds) as clocks in this time zone show it.
pub fn written(at: i64, zone: &TimeZone) -> String {
    Timestamp::from_second(at).unwrap_or_default().to_zoned(zone.clone()).strftime(MOMENT).to_string()
}

/// When a day begins there (Unix seconds); not every day has 24 hours. `None`: beyond the calendar.
pub fn begins(day: Date, zone: &TimeZone) -> Option<i64> {
    Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_second())
}

/// The day on which a moment (Unix seconds) falls there.
pub fn day_of(at: i64, zone: &TimeZone) -> Date {
    Timestamp::from_second(at).unwrap_or_default().to_zoned(zone.clone()).date()
}

/// `2026-01-31`, and nothing else.
pub fn day(text: &str) -> Option<Date> {
    Date::strptime("%Y-%m-%d", text).ok().filter(|_| text.len() == "2026-01-31".len())
}
