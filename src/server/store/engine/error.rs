//! What goes wrong with the database.

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A statement failed. Nothing changed.
    #[error("the database is not available: {0}")]
    Failed(#[from] rusqlite::Error),
    /// Too many wait, or what was decided could not be made durable. Nothing changed; trying again may help.
    #[error("the database cannot do it now")]
    NotNow,
    #[error("the database cannot be brought up to date: {0}")]
    Migration(#[from] refinery::Error),
    #[error("the folder of the database cannot be made: {0}")]
    Folder(#[from] std::io::Error),
    /// A row holds what this program never writes there.
    #[error("a stored {0} is not readable")]
    Inconsistent(&'static str),
    #[error("DATABASE_URL is not an address this shop understands (sqlite://path)")]
    UnknownDatabase,
}
