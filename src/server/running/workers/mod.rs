//! Workers: work that goes on beside requests. One that ends or panics is counted and started again after a pause; while one
//! cannot run, the shop is not ready. [`roster`]: which of several shops does what is done once.

pub mod roster;

use std::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures::FutureExt;
use metrics::counter;
use tokio::{sync::watch, task::JoinHandle, time::timeout};

/// The pause before a worker is started again. It doubles each time, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A worker that ran so long runs well.
const STEADY_AFTER: Duration = Duration::from_secs(5);
/// A worker that ended so many times in a row, each time sooner than that, cannot run.
const CANNOT_RUN_AFTER: u32 = 3;

/// All workers of a shop.
#[derive(Clone)]
pub struct Workers {
    all: Arc<Mutex<Vec<Arc<Worker>>>>,
    stopping: watch::Receiver<bool>,
}

struct Worker {
    name: &'static str,
    /// How often it ended in a row.
    failures: AtomicU32,
}

impl Workers {
    pub fn new(stopping: watch::Receiver<bool>) -> Self {
        Self { all: Arc::default(), stopping }
    }

    /// Does `work` until the shop stops. The task that is given back ends with it.
    pub fn keep<F, W>(&self, name: &'static str, work: W) -> JoinHandle<()>
    where
        W: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        counter!("worker_restarts_total", "worker" => name).increment(0);
        let worker = Arc::new(Worker { name, failures: AtomicU32::new(0) });
        self.all().push(worker.clone());
        let stopping = self.stopping.clone();
        tokio::spawn(async move { do_again_until(|_| false, &worker, &work, stopping).await })
    }

    /// Does `work` to its end; after a panic once more from its beginning. The shop is ready without it.
    pub fn finish<F, W>(&self, name: &'static str, work: W)
    where
        W: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (worker, stopping) = (Worker { name, failures: AtomicU32::new(0) }, self.stopping.clone());
        tokio::spawn(async move { do_again_until(|ended| ended == Ended::ByItself, &worker, &work, stopping).await });
    }

    /// The names of those that cannot run now.
    pub fn that_cannot_run(&self) -> Vec<&'static str> {
        let cannot = |worker: &&Arc<Worker>| worker.failures.load(Ordering::Relaxed) >= CANNOT_RUN_AFTER;
        self.all().iter().filter(cannot).map(|worker| worker.name).collect()
    }

    fn all(&self) -> MutexGuard<'_, Vec<Arc<Worker>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    ByItself,
    InAPanic,
}

/// Does it again and again, with pauses, until it ended as it should or the shop stops.
async fn do_again_until<F: Future<Output = ()> + Send>(
    is_done: impl Fn(Ended) -> bool,
    worker: &Worker,
    work: &(impl Fn() -> F + Sync),
    mut stopping: watch::Receiver<bool>,
) {
    while !*stopping.borrow() {
        let ended = work_once(worker, work).await;
        if is_done(ended) || *stopping.borrow() {
            return;
        }
        let failures = worker.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        counter!("worker_restarts_total", "worker" => worker.name).increment(1);
        tracing::error!(worker = worker.name, failures, ?ended, "a worker ended; it is started again");
        tokio::select! {
            () = tokio::time::sleep(pause(failures)) => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
    }
}

/// The panic itself is in the log already.
async fn work_once<F: Future<Output = ()> + Send>(worker: &Worker, work: &(impl Fn() -> F + Sync)) -> Ended {
    let mut run = pin!(AssertUnwindSafe(async { work().await }).catch_unwind());
    let ended = match timeout(STEADY_AFTER, &mut run).await {
        Ok(ended) => ended,
        Err(_) => {
            worker.failures.store(0, Ordering::Relaxed);
            run.await
        }
    };
    if ended.is_ok() { Ended::ByItself } else { Ended::InAPanic }
}

fn pause(failures: u32) -> Duration {
    let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    FIRST_PAUSE.saturating_mul(doubled).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_the_longest() {
        let pauses: Vec<_> = [1, 2, 3, 8, 9, 40, u32::MAX].map(|failures| pause(failures).as_millis()).into();
        assert_eq!(pauses, [500, 1_000, 2_000, 60_000, 60_000, 60_000, 60_000]);
    }
}
