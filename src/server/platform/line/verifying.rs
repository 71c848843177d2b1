//! Checking callbacks without keeping a thread that answers customers: whoever sends one has proved nothing yet, and what
//! is much work is done elsewhere, a few at one time.

use std::{
    panic::resume_unwind,
    sync::{Arc, LazyLock},
};

use tokio::{
    sync::Semaphore,
    task::{JoinError, spawn_blocking},
};

use crate::{
    config::settings::Config,
    protocol::{
        callback::{DocumentRefused, Unchecked, VerifiedCallback},
        signed::limits::Limits,
    },
};

/// Bytes to sign that are no work worth speaking of. Those of real callbacks are some 2 kB.
const LITTLE: usize = 32 * 1024;

/// Checks at one time, each of at most 1 MB.
static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));
/// Checks that run or wait for their turn.
static PLACES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(32)));

/// Why there is no verified callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotVerified {
    #[error(transparent)]
    Refused(#[from] DocumentRefused),
    /// Nobody looked at it; it may be a good one.
    #[error("too many callbacks wait to be checked")]
    TooManyWaiting,
}

/// Checks a body against the project's keys.
pub async fn verify(body: &[u8], config: &Arc<Config>) -> Result<VerifiedCallback, NotVerified> {
    let unchecked = Unchecked::read(&Limits::DOCUMENT, body)?;
    if unchecked.signed_bytes() <= LITTLE {
        return Ok(VerifiedCallback::of(unchecked.check(&config.keys)?)?);
    }
    let place = PLACES.clone().try_acquire_owned().map_err(|_| NotVerified::TooManyWaiting)?;
    let turn = TURNS.clone().acquire_owned().await.map_err(|_| NotVerified::TooManyWaiting)?;
    let config = Arc::clone(config);
    let check = move || {
        let checked = unchecked.check(&config.keys).and_then(VerifiedCallback::of);
        // Both go with the work: whoever sent it may leave before it is done.
        drop((turn, place));
        checked
    };
    Ok(elsewhere(check).await.ok_or(NotVerified::TooManyWaiting)??)
}

/// Does what may be much work on no thread that answers customers. `None`: the shop stops.
pub async fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match spawn_blocking(work).await.map_err(JoinError::try_into_panic) {
        Ok(done) => Some(done),
        Err(Ok(panic)) => resume_unwind(panic),
        Err(Err(_)) => None,
    }
}
