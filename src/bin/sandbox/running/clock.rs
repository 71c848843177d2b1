//! The sandbox's time: real time plus an offset that only ever grows, so that eleven days of retries pass in a moment.
//! This is the one place that asks the system for the time.

#![expect(clippy::disallowed_types, reason = "this is the one place")]

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jiff::Timestamp;

/// A moment on the sandbox's clock: milliseconds since 1970, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

impl Moment {
    /// A moment that came from outside.
    pub fn of(timestamp: Timestamp) -> Self {
        Self(timestamp.as_millisecond())
    }

    /// From a number of milliseconds since 1970, UTC.
    pub const fn of_millisecond(millisecond: i64) -> Self {
        Self(millisecond)
    }

    /// Milliseconds since 1970, UTC.
    pub const fn millisecond(self) -> i64 {
        self.0
    }

    /// This moment plus a time; at most the last moment there is.
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero if it is not.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// As the platform writes dates: `2020-12-10T10:44:49+0000`.
    pub fn platform_date(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
    }

    /// With milliseconds, for tools: `2020-12-10T10:44:49.000Z`.
    pub fn rfc3339(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
    }

    /// For people, in UTC: `2020-12-10 10:44:49`.
    pub fn readable(self) -> String {
        self.timestamp().strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// For comparisons with dates that came from outside.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::MAX)
    }
}

/// Real time plus an offset.
#[derive(Debug)]
pub struct Clock {
    offset_ms: AtomicI64,
}

impl Clock {
    /// Goes on where an earlier clock stood.
    pub fn with_offset(offset_ms: i64) -> Self {
        Self { offset_ms: AtomicI64::new(offset_ms) }
    }

    /// The sandbox's present moment.
    pub fn now(&self) -> Moment {
        Moment(self.real_now().0.saturating_add(self.offset_ms()))
    }

    /// Real time without the offset: what a shop's moments are compared with.
    pub fn real_now(&self) -> Moment {
        Moment(0).plus(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
    }

    /// Milliseconds ahead of real time.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::SeqCst)
    }

    /// Moves forward to a moment; a moment that has passed already changes nothing.
    pub fn move_to(&self, moment: Moment) {
        let ahead = moment.0.saturating_sub(self.now().0);
        if ahead > 0 {
            self.offset_ms.fetch_add(ahead, Ordering::SeqCst);
        }
    }

    /// Back to real time.
    pub fn reset(&self) {
        self.offset_ms.store(0, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_reads_as_in_the_platforms_samples() {
        assert_eq!(Moment(1_607_597_089_250).platform_date(), "2020-12-10T10:44:49+0000");
        assert_eq!(Moment(1_607_597_089_250).rfc3339(), "2020-12-10T10:44:49.250Z");
        assert_eq!(Moment(i64::MAX).platform_date().len(), "2020-12-10T10:44:49+0000".len());
    }

    #[test]
    fn the_clock_never_moves_back() {
        let clock = Clock::with_offset(0);
        let later = clock.now().plus(Duration::from_secs(1000));
        clock.move_to(later);
        assert!(clock.now() >= later);
        clock.move_to(Moment(0));
        assert!(clock.now() >= later);
    }
}
