//! Why a shop is not moved.

use std::path::PathBuf;

use crate::server::store::engine::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error("a SQLite shop is moved: DATABASE_URL must be its sqlite://… and the argument a postgres://…")]
    Direction,
    #[error("the shop runs, or another program has {} open: stop it first", .0.display())]
    Served(PathBuf),
    #[error("the SQLite shop is not of this version ({0}): let this version serve it once, then move it")]
    OtherVersion(String),
    #[error("the PostgreSQL database is not of this version of the shop ({0}): choose an empty one")]
    TargetOfOtherVersion(String),
    #[error("the PostgreSQL database is not empty and no copy of this shop, it holds {0}: choose another one")]
    Occupied(String),
    #[error("the PostgreSQL database can be read and not written")]
    ReadOnly,
    #[error("the two sides differ in {0}: nothing was kept")]
    Differs(String),
    #[error("nobody heard whether the copy was kept ({0}): run the command again, it finds out")]
    Unheard(StoreError),
    #[error("the shop is moved, but its file could not be marked as such ({0}): never serve from {path} again", path = .1.display())]
    Unmarked(StoreError, PathBuf),
    #[error("{0}; nothing was kept")]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for MoveError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<tokio_postgres::Error> for MoveError {
    fn from(error: tokio_postgres::Error) -> Self {
        StoreError::from(error).into()
    }
}
