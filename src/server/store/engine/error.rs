//! What goes wrong with the database.

use std::path::PathBuf;

use rusqlite::ErrorCode;
use tokio_postgres::error::SqlState;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A statement failed. Nothing changed.
    #[error("the database is not available: {0}")]
    Failed(#[from] rusqlite::Error),
    /// The same of PostgreSQL, whose own words are in the source.
    #[error("the database is not available: {}", in_full(.0))]
    Refused(#[from] tokio_postgres::Error),
    #[error("there is no database at {}", .0.display())]
    NotThere(PathBuf),
    /// It did not answer in time.
    #[error("the database does not answer")]
    NoAnswer,
    /// A statement that always has a row had none.
    #[error("the database has no row where there must be one")]
    NoRow,
    /// Too many wait, or what was decided could not be made durable. Nothing changed, but where PostgreSQL never told the end of a
    /// commit: then nobody knows. Trying again may help.
    #[error("the database cannot do it now")]
    NotNow,
    #[error("the database cannot be brought up to date: {0}")]
    Migration(#[from] refinery::Error),
    #[error("the database is of a newer version: it has migration {applied}, and this program knows those up to {known}")]
    Newer { applied: i64, known: i64 },
    #[error("{0} cannot be applied while an older shop runs on this database: stop it first")]
    OlderShopRuns(String),
    /// See `storefront move-to`.
    #[error("the shop of this file was moved to a server: DATABASE_URL must name that one")]
    Moved,
    #[error("the folder of the database cannot be made: {0}")]
    Folder(#[from] std::io::Error),
    /// A row holds what this program never writes there.
    #[error("a stored {0} is not readable")]
    Inconsistent(&'static str),
    #[error("the address of the database is not one that this shop understands: {0}")]
    UnknownDatabase(&'static str),
}

impl StoreError {
    /// Whether the file is there and is broken.
    pub fn is_damage(&self) -> bool {
        matches!(self, StoreError::Failed(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt))
    }
}

/// The driver's errors name their kind alone; what PostgreSQL said is their source. Its details are left out: they repeat the values
/// of a row.
fn in_full(error: &tokio_postgres::Error) -> String {
    let Some(said) = error.as_db_error() else {
        return match std::error::Error::source(error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        };
    };
    let meant = match said.code() {
        &SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION => "it does not let this user in",
        &SqlState::INVALID_CATALOG_NAME => "there is no database of this name",
        &SqlState::INSUFFICIENT_PRIVILEGE => "this user may not do it",
        &SqlState::READ_ONLY_SQL_TRANSACTION => "it can be read and not written",
        &SqlState::LOCK_NOT_AVAILABLE => "somebody else uses it",
        &SqlState::TOO_MANY_CONNECTIONS => "it takes no more connections",
        _ => return format!("{} ({})", said.message(), said.code().code()),
    };
    format!("{meant} ({})", said.message())
}
