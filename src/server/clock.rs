//! The one place that asks for the time. Everything else is told it.

use std::{sync::Arc, time::Duration};

/// A source of Unix seconds.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> i64;
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

/// The computer's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    fn now(&self) -> i64 {
        jiff::Timestamp::now().as_second()
    }
}
