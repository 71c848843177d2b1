//! Why the data file cannot be used.

use std::io;

#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("the folder of the data file cannot be made: {0}")]
    Folder(#[from] io::Error),
    #[error("the data file: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("the database undid a transaction by itself")]
    Undone,
    #[error("the data file was written by another version of the sandbox; remove it to start anew")]
    OtherVersion,
    #[error("the data file holds an invalid value: {0}")]
    Invalid(&'static str),
    #[error("a transaction panicked")]
    Panicked,
}

impl LedgerError {
    /// Whether the same may succeed a moment later: a full disk has room again, a locked file is released.
    pub fn may_pass(&self) -> bool {
        matches!(self, LedgerError::Database(_) | LedgerError::Undone)
    }
}
