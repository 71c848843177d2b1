//! The shared parts of the sandbox: everything that a handler or a worker needs. They are passed in, never global.

use std::{path::Path, sync::Arc};

use crate::{
    ledger::{self, Ledger, Transaction, error::LedgerError},
    running::{clock::Clock, sender::Sender, settings::Settings},
};
use storefront::protocol::signed::{document, json::JsonError, signature::Unsignable};

/// One running sandbox.
#[derive(Debug)]
pub struct Sandbox {
    pub settings: Settings,
    pub ledger: Ledger,
    pub clock: Clock,
    pub sender: Sender,
}

/// Why the sandbox does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("no HTTP client for callbacks: {0}")]
    Client(#[from] reqwest::Error),
}

/// Why an act was not done; nothing of it was written then.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
}

/// Why a callback or a signed answer cannot be written. This never happens: the text is our own.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    #[error("the body is no JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("the body does not read back: {0}")]
    NotReadable(#[from] JsonError),
    #[error("the body cannot be signed: {0}")]
    Unsignable(#[from] Unsignable),
    #[error("the answer cannot be signed: {0}")]
    Unanswerable(#[from] document::Unwritable),
}

impl ActError {
    /// Whether the same may succeed a moment later.
    pub fn may_pass(&self) -> bool {
        matches!(self, ActError::Ledger(error) if error.may_pass())
    }
}

impl Sandbox {
    /// Goes on where the data file left off.
    pub async fn open(settings: Settings, data: &Path) -> Result<Arc<Self>, StartError> {
        let ledger = Ledger::open(data)?;
        let offset_ms = ledger.look(ledger::control::clock_offset_ms).await?;
        Ok(Arc::new(Self { settings, ledger, clock: Clock::with_offset(offset_ms), sender: Sender::new()? }))
    }

    /// One act: a transaction that moves payments and queues the callbacks that tell it. The worker that sends them is woken.
    pub async fn act<T, E>(
        self: &Arc<Self>,
        act: impl FnOnce(&Transaction, &Sandbox) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let sandbox = Arc::clone(self);
        let done = self.ledger.decide(move |tx| act(tx, &sandbox)).await?;
        self.sender.wake.notify_one();
        Ok(done)
    }

    /// Forgets everything, the clock's offset and the faults too. Waits for deliveries under way.
    pub async fn reset(&self) -> Result<(), LedgerError> {
        let _exclusive = self.sender.clock_lock.write().await;
        self.ledger.clear().await?;
        self.clock.reset();
        Ok(())
    }
}
