//! Moments as people read them, in the merchant's time zone.

use jiff::{Timestamp, tz::TimeZone};

/// `2026-01-31 14:05:09`, of Unix seconds.
pub fn written(at: i64, zone: &TimeZone) -> String {
    let moment = Timestamp::from_second(at).unwrap_or_default();
    moment.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
