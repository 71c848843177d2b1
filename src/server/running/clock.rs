//! The only file that asks for the time. Everything else gets it passed in.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

/// Two clocks: the wall clock, which people and the network may set, and a monotonic one.
pub trait Clock: Send + Sync + 'static {
    /// Unix seconds.
    fn now(&self) -> i64;

    /// Seconds since some moment of this run of the program, by the monotonic clock.
    fn elapsed(&self) -> i64;
}

pub type SharedClock = Arc<dyn Clock>;

/// The computer's clocks.
#[derive(Clone)]
pub struct SystemClock {
    began: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { began: Instant::now() }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    fn now(&self) -> i64 {
        jiff::Timestamp::now().as_second()
    }

    fn elapsed(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_secs()).unwrap_or(i64::MAX)
    }
}

/// Measures how long something takes.
pub struct Stopwatch(Instant);

impl Default for Stopwatch {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Stopwatch {
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
