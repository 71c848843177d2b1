//! The shared parts of the sandbox: everything a handler or the sender needs, passed in, never reached for.

use std::{path::Path, sync::Arc};

use crate::{
    callback_sender::Sender,
    clock::Clock,
    ledger::{self, Ledger, LedgerError},
    settings::Settings,
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
        let ledger = Ledger::open(data).await?;
        let offset_ms = ledger::settings::clock_offset_ms(&mut *ledger.read().await?).await?;
        Ok(Arc::new(Self { settings, ledger, clock: Clock::with_offset(offset_ms), sender: Sender::new()? }))
    }
}
