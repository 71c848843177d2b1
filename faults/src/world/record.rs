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
    visitors: u32,
    /// Payments whose money somebody meant to give back or to pay out, once for each time.
    transfers: Vec<String>,
    /// When the outage began that is under way, and with which request.
    since: Option<(Instant, String)>,
    longest: (Duration, String),
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

    /// An address that nobody had before, of those that no network routes.
    pub fn one_visitor(&self) -> String {
        let mut seen = self.seen();
        seen.visitors += 1;
        let [_, high, middle, low] = seen.visitors.to_be_bytes();
        format!("10.{high}.{middle}.{low}")
    }

    pub fn checkouts(&self) -> usize {
        self.seen().checkouts
    }

    pub fn one_transfer(&self, payment_id: &str) {
        self.seen().transfers.push(payment_id.to_owned());
    }

    pub fn transfers_of(&self, payment_id: &str) -> usize {
        self.seen().transfers.iter().filter(|known| *known == payment_id).count()
    }

    /// A request that began at that moment was served or, for this reason, was not.
    pub fn request(&self, began: Instant, outage: Option<String>) {
        let mut seen = self.seen();
        match (outage, seen.since.take()) {
            (Some(why), None) => seen.since = Some((began, why)),
            // Only one that began later says that it is over.
            (None, Some((since, why))) if began >= since => {
                if since.elapsed() > seen.longest.0 {
                    seen.longest = (since.elapsed(), why);
                }
            }
            (_, since) => seen.since = since,
        }
    }

    /// The longest outage, and how it began.
    pub fn longest_outage(&self) -> (Duration, String) {
        self.seen().longest.clone()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
