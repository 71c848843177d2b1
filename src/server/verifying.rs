//! Checking callbacks without keeping a thread that answers customers: whoever sends one has proved nothing yet, and what
//! is much work is done elsewhere, a few at one time.

use std::{
    panic::resume_unwind,
    sync::{Arc, LazyLock},
};

use tokio::{sync::Semaphore, task::spawn_blocking};

use super::config::Config;
use crate::protocol::{
    callback::{Refused, Unchecked, VerifiedCallback},
    limits::Limits,
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
    Refused(#[from] Refused),
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
    match spawn_blocking(check).await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(checked) => Ok(checked?),
        Err(Ok(panic)) => resume_unwind(panic),
        // The shop stops.
        Err(Err(_)) => Err(NotVerified::TooManyWaiting),
    }
}
