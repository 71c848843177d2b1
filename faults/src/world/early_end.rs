//! What is undone when somebody ends this program early, by Ctrl-C or by asking it to end: nothing that it started is left.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

type Undo = Box<dyn Fn() + Send>;

static UNDO: Mutex<BTreeMap<u64, Undo>> = Mutex::new(BTreeMap::new());
static NEXT: AtomicU64 = AtomicU64::new(0);

/// As long as the value lives, an early end does what was given with it.
pub struct Undone(u64);

impl Undone {
    pub fn at_an_early_end(undo: impl Fn() + Send + 'static) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        all().insert(number, Box::new(undo));
        Self(number)
    }
}

impl Drop for Undone {
    fn drop(&mut self) {
        all().remove(&self.0);
    }
}

/// The newest first: shops before their database.
pub fn catch() -> Result<()> {
    let undo_all = || {
        all().values().rev().for_each(|undo| undo());
        std::process::exit(130);
    };
    ctrlc::set_handler(undo_all).context("listening for Ctrl-C")
}

fn all() -> MutexGuard<'static, BTreeMap<u64, Undo>> {
    UNDO.lock().unwrap_or_else(PoisonError::into_inner)
}
