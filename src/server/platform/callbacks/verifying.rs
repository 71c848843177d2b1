//! Verifies callbacks. Anybody may send one, so a costly check runs on another thread, and only a few run at one time.

use std::sync::{Arc, LazyLock};

use tokio::sync::Semaphore;

use crate::{
    config::settings::Config,
    protocol::{
        callback::{DocumentRefused, Unchecked, VerifiedCallback},
        signed::document_limits::Limits,
    },
    server::running::threads::elsewhere,
};

/// Signed bytes that are checked at once. Real callbacks have about 2 kB.
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
    /// It was not checked; it may be a good one.
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
        // Both are held until the work is done, even if the request is cancelled.
        drop((turn, place));
        checked
    };
    Ok(elsewhere(check).await.ok_or(NotVerified::TooManyWaiting)??)
}
