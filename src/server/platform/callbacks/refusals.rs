//! Refused callbacks, recorded without their bodies. A flood costs little: what does not fit into the queue is only counted.

use metrics::counter;
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, mpsc, watch};

use crate::server::{
    running::limits,
    store::{RefusedCallback, Store},
};

/// The queue's entrance. Sending never waits.
#[derive(Clone)]
pub struct Refusals(mpsc::Sender<RefusedCallback>);

/// The queue's exit, for the worker that stores them.
pub struct RefusalsWaiting(Mutex<mpsc::Receiver<RefusedCallback>>);

pub fn queue() -> (Refusals, RefusalsWaiting) {
    let (sender, receiver) = mpsc::channel(limits::REFUSALS_WAITING);
    (Refusals(sender), RefusalsWaiting(Mutex::new(receiver)))
}

impl Refusals {
    /// How many are to be written down.
    pub fn waiting(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }

    /// `body` is empty where it was too large to be read; nothing of it is kept but its size and digest.
    pub fn tell(&self, at: i64, reason: &str, body: &[u8]) {
        let Ok(place) = self.0.try_reserve() else {
            counter!("refused_callbacks_left_out_total").increment(1);
            return;
        };
        let size = u32::try_from(body.len()).unwrap_or(u32::MAX);
        place.send(RefusedCallback { at, reason: reason.to_owned(), size, digest: Sha256::digest(body).into() });
    }
}

impl RefusalsWaiting {
    /// Writes until the shop stops.
    pub async fn write(&self, store: Store, mut stopping: watch::Receiver<bool>) {
        let mut waiting = self.0.lock().await;
        let mut turns = tokio::time::interval(limits::REFUSALS_WRITTEN_EVERY);
        turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let mut refused = Vec::new();
            tokio::select! {
                _ = waiting.recv_many(&mut refused, limits::REFUSALS_WAITING) => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
            if refused.is_empty() {
                return;
            }
            if let Err(error) = store.note_refused(&refused).await {
                tracing::warn!(%error, "refused callbacks could not be written down");
            }
            turns.tick().await;
        }
    }
}
