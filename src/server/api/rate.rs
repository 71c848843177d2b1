//! How often a token may ask.

use std::{num::NonZeroU32, time::Duration};

use governor::{Quota, RateLimiter, clock::Clock, middleware::NoOpMiddleware, state::keyed::HashMapStateStore};

use crate::server::clock::SharedClock;

/// Requests at once, and one more a second after that: 60,000 operations at once, 3,600,000 an hour.
const AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

/// One bucket for each token that asked. Unknown ones have none, so strangers cannot make it grow.
pub struct Rates(RateLimiter<i64, HashMapStateStore<i64>, ShopClock, NoOpMiddleware<Duration>>);

/// The shop's clock as the limiter wants it.
struct ShopClock(SharedClock);

impl Clock for ShopClock {
    /// Since 1970.
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_secs(self.0.now().unsigned_abs())
    }
}

impl Rates {
    pub fn new(clock: SharedClock) -> Self {
        let quota = Quota::per_second(NonZeroU32::MIN).allow_burst(AT_ONCE);
        Self(RateLimiter::hashmap_with_clock(quota, ShopClock(clock)))
    }

    /// Error: the seconds to wait.
    pub fn ask(&self, token: i64) -> Result<(), u64> {
        self.0.check_key(&token).map_err(|full| {
            let wait = full.wait_time_from(self.0.clock().now());
            wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).max(1)
        })
    }
}
