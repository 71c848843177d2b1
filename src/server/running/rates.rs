//! Limits how often each may ask: one bucket each, refilled by the shop's clock.

use std::{
    hash::Hash,
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use governor::{Quota, RateLimiter, clock::Clock, middleware::NoOpMiddleware, state::keyed::HashMapStateStore};

use crate::server::running::{
    clock::SharedClock,
    limits::{self, Pace},
};

/// One bucket for each that asked lately.
pub struct Rates<K: Hash + Eq + Clone> {
    buckets: RateLimiter<K, HashMapStateStore<K>, ShopClock, NoOpMiddleware<Duration>>,
    /// With so many buckets, full ones are removed.
    forgets_at: AtomicUsize,
}

/// The shop's monotonic clock in the form that the limiter needs. Setting the wall clock makes nobody wait longer.
struct ShopClock(SharedClock);

impl Clock for ShopClock {
    /// Since the shop was started.
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_secs(self.0.elapsed().unsigned_abs())
    }
}

impl<K: Hash + Eq + Clone> Rates<K> {
    pub fn new(pace: Pace, clock: SharedClock) -> Self {
        let at_once = NonZeroU32::new(pace.at_once).unwrap_or(NonZeroU32::MIN);
        // A pace without a pause would be no pace: once a second then.
        let quota = Quota::with_period(pace.then_every).unwrap_or(Quota::per_second(NonZeroU32::MIN));
        let buckets = RateLimiter::hashmap_with_clock(quota.allow_burst(at_once), ShopClock(clock));
        Self { buckets, forgets_at: AtomicUsize::new(limits::ADDRESSES_REMEMBERED) }
    }

    /// Error: the seconds to wait.
    pub fn ask(&self, who: &K) -> Result<(), u64> {
        self.forget();
        self.buckets.check_key(who).map_err(|full| {
            let wait = full.wait_time_from(self.buckets.clock().now());
            wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).max(1)
        })
    }

    /// Now and then: going through all of them costs as much as there are.
    fn forget(&self) {
        if self.buckets.len() > self.forgets_at.load(Ordering::Relaxed) {
            self.buckets.retain_recent();
            let left = self.buckets.len().saturating_mul(2).max(limits::ADDRESSES_REMEMBERED);
            self.forgets_at.store(left, Ordering::Relaxed);
        }
    }
}
