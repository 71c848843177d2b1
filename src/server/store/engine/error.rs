//! What goes wrong with the database.

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A statement failed. Nothing changed.
    #[error("the database is not available: {0}")]
    Failed(#[from] rusqlite::Error),
    /// The same of PostgreSQL, whose own words are in the source.
    #[error("the database is not available: {}", in_full(.0))]
    Refused(#[from] tokio_postgres::Error),
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
    #[error("the folder of the database cannot be made: {0}")]
    Folder(#[from] std::io::Error),
    /// A row holds what this program never writes there.
    #[error("a stored {0} is not readable")]
    Inconsistent(&'static str),
    #[error("DATABASE_URL is not an address this shop understands: {0}")]
    UnknownDatabase(&'static str),
}

/// The driver's errors name their kind alone; what PostgreSQL said is their source.
fn in_full(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
