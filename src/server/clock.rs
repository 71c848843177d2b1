//! The one place that asks for the time. Everything else is told it.

use std::sync::Arc;

/// A source of Unix seconds.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> i64;
}

pub type SharedClock = Arc<dyn Clock>;

/// The computer's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    fn now(&self) -> i64 {
        jiff::Timestamp::now().as_second()
    }
}
