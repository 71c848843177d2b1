//! What was seen from outside: which callbacks were acknowledged, and for how long requests were refused or not answered.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[derive(Default)]
pub struct Record(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    /// Bodies of callbacks that were answered 200.
    acknowledged: BTreeSet<String>,
    /// How many orders customers meant to place.
    checkouts: usize,
    /// When the outage began that is under way.
    since: Option<Instant>,
    longest: Duration,
}

impl Record {
    pub fn acknowledged(&self, body: &str) {
        self.seen().acknowledged.insert(body.to_owned());
    }

    pub fn is_acknowledged(&self, body: &str) -> bool {
        self.seen().acknowledged.contains(body)
    }

    pub fn all_acknowledged(&self) -> BTreeSet<String> {
        self.seen().acknowledged.clone()
    }

    pub fn one_checkout(&self) {
        self.seen().checkouts += 1;
    }

    pub fn checkouts(&self) -> usize {
        self.seen().checkouts
    }

    /// A request that began at that moment was served, or was not.
    pub fn request(&self, began: Instant, served: bool) {
        let mut seen = self.seen();
        match (served, seen.since) {
            (false, None) => seen.since = Some(began),
            // Only one that began later says that it is over.
            (true, Some(since)) if began >= since => {
                seen.longest = seen.longest.max(since.elapsed());
                seen.since = None;
            }
            _ => {}
        }
    }

    pub fn longest_outage(&self) -> Duration {
        self.seen().longest
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
