//! The one place that asks for the time. Everything else is told it.

use std::{sync::Arc, time::Duration};

/// Two clocks: that on the wall, which people and the network may set, and one that never steps.
pub trait Clock: Send + Sync + 'static {
    /// Unix seconds.
    fn now(&self) -> i64;

    /// Seconds since some moment of this run of the program. Whoever must be sure that time went by counts by these.
    fn elapsed(&self) -> i64;
}

pub type SharedClock = Arc<dyn Clock>;

/// A moment of this process's run. Nobody sets that clock, so it tells how long ago something was.
#[derive(Debug, Clone, Copy)]
pub struct Since(tokio::time::Instant);

impl Since {
    pub fn now() -> Self {
        Self(tokio::time::Instant::now())
    }

    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// The computer's clocks.
pub struct SystemClock {
    began: Since,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { began: Since::now() }
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
