//! Threads for long work, so that the threads that answer customers stay free.

use std::panic::resume_unwind;

use tokio::task::{JoinError, spawn_blocking};

/// Does long work on a thread of its own. `None`: the shop stops.
pub async fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match spawn_blocking(work).await.map_err(JoinError::try_into_panic) {
        Ok(done) => Some(done),
        Err(Ok(panic)) => resume_unwind(panic),
        Err(Err(_)) => None,
    }
}
