//! The shared parts of the sandbox: everything a handler or the sender needs, passed in, never reached for.

use std::{path::Path, sync::Arc};

use crate::{
    callbacks::delivery::Sender,
    ledger::{self, Ledger, LedgerError, Transaction},
    running::{clock::Clock, settings::Settings},
};

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

impl Sandbox {
    /// Takes up where the data file left off.
    pub async fn open(settings: Settings, data: &Path) -> Result<Arc<Self>, StartError> {
        let ledger = Ledger::open(data)?;
        let offset_ms = ledger.look(ledger::settings::clock_offset_ms).await?;
        Ok(Arc::new(Self { settings, ledger, clock: Clock::with_offset(offset_ms), sender: Sender::new()? }))
    }

    /// One act: a transaction that moves payments and queues the callbacks that tell it. What was queued is sent then.
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
        self.sender.wake();
        Ok(done)
    }
}
