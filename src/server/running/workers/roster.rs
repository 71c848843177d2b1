//! Among the shops on one database: says that this one is there, notices who is gone, and does what is done once only while no
//! other shop does it. All by clocks that never step.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::sleep;

use crate::server::{
    running::clock::{Clock, SharedClock, SystemClock},
    store::{Beat, Store, StoreError},
};

/// Between two beats, and between two looks at those of the others.
const BEATS_EVERY: Duration = Duration::from_secs(2);
/// Between two looks at whether this shop is there at all, so that it works soon after its start.
const JOINS_WITHIN: Duration = Duration::from_millis(100);
/// Between two looks at whether this shop's own beat is old.
const DOUBTS_ITSELF_EVERY: Duration = Duration::from_millis(500);
/// Seconds after which a shop whose beat could not be written stops what is done once: the others may soon take it for gone.
const DOUBTS_ITSELF_AFTER_S: i64 = 6;
/// Seconds after which a shop whose beat stands is gone.
const GONE_AFTER_S: i64 = 11;

/// This shop among the others.
#[derive(Clone)]
pub struct Roster {
    store: Store,
    clock: SharedClock,
    /// All shops must come to the same of how long a beat stands, so this one is nobody's to choose.
    lease: SystemClock,
    run: Arc<str>,
    /// When this shop's last beat was written, in seconds of this run. `None`: it is not among the others yet.
    last: Arc<Mutex<Option<i64>>>,
}

impl Roster {
    pub fn new(store: Store, clock: SharedClock, run: Arc<str>) -> Self {
        Self { store, clock, lease: SystemClock::default(), run, last: Arc::default() }
    }

    /// Beats until it is dropped.
    pub async fn run(self) {
        let mut seen = HashMap::new();
        loop {
            if let Err(error) = self.beat_once(&mut seen).await {
                tracing::error!(%error, "this shop could not say that it is there");
            }
            sleep(BEATS_EVERY).await;
        }
    }

    /// Does `work` while no other shop does, until it or `until` ends. Then another shop may do it at once.
    pub async fn alone<F: Future<Output = ()>>(&self, name: &'static str, work: impl Fn() -> F, until: impl Future<Output = ()>) {
        let is_shared = self.store.is_shared();
        let done = async || if is_shared { self.in_turn(name, &work).await } else { work().await };
        tokio::select! {
            () = done() => {}
            () = until => {}
        }
        if is_shared && let Err(error) = self.store.free_work(name, &self.run).await {
            tracing::warn!(%error, name, "another shop may do it once this one has ended");
        }
    }

    async fn in_turn<F: Future<Output = ()>>(&self, name: &'static str, work: impl Fn() -> F) {
        loop {
            while !self.is_there() {
                sleep(JOINS_WITHIN).await;
            }
            match self.store.take_work(name, &self.run).await {
                Ok(true) if self.is_there() => {
                    tracing::info!(name, "this shop does it now");
                    tokio::select! {
                        () = work() => return,
                        () = self.is_in_doubt() => tracing::warn!(name, "another shop may do it now"),
                    }
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, name, "work could not be taken"),
            }
            sleep(BEATS_EVERY).await;
        }
    }

    /// Ends with this shop: what it did is free at once.
    pub async fn leave(&self) {
        if self.store.is_shared()
            && let Err(error) = self.store.leave(&self.run, None, self.clock.now()).await
        {
            tracing::warn!(%error, "the other shops will notice that this one ended");
        }
    }

    async fn beat_once(&self, seen: &mut HashMap<String, (i64, i64)>) -> Result<(), StoreError> {
        let before = self.lease.elapsed();
        if self.store.beat(&self.run).await? {
            *self.last() = Some(before);
        } else {
            // What it does, if it was there, ends before it is there again.
            let was_there = self.last().take().is_some();
            self.store.join(&self.run, self.clock.now()).await?;
            *self.last() = (!was_there).then_some(before);
        }
        let beats = self.store.beats().await?;
        seen.retain(|run, _| beats.iter().any(|other| other.run == *run));
        for Beat { run, beat } in beats {
            let (last, since) = seen.entry(run.clone()).or_insert((beat, before));
            if *last != beat {
                (*last, *since) = (beat, before);
            } else if before >= since.saturating_add(GONE_AFTER_S) && *run != *self.run {
                tracing::warn!(run, "another shop is gone");
                self.store.leave(&run, Some(beat), self.clock.now()).await?;
            }
        }
        Ok(())
    }

    fn is_there(&self) -> bool {
        self.last().is_some_and(|last| self.lease.elapsed() < last.saturating_add(DOUBTS_ITSELF_AFTER_S))
    }

    async fn is_in_doubt(&self) {
        while self.is_there() {
            sleep(DOUBTS_ITSELF_EVERY).await;
        }
    }

    fn last(&self) -> MutexGuard<'_, Option<i64>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
