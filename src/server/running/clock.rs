//! The one place that asks for the time. Everything else is told it.

use std::sync::Arc;

use tokio::time::Instant;

/// Two clocks: that on the wall, which people and the network may set, and one that never steps.
pub trait Clock: Send + Sync + 'static {
    /// Unix seconds.
    fn now(&self) -> i64;

    /// Seconds since some moment of this run of the program. Whoever must be sure that time went by counts by these.
    fn elapsed(&self) -> i64;
}

pub type SharedClock = Arc<dyn Clock>;

/// The computer's clocks.
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
