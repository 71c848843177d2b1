//! How the shop reaches its database: decisions and looks are plain functions over a [`Tx`], run on threads that own their
//! connections. Nothing else touches the database.
//!
//! - [`sqlite`]: one writer, whose waiting decisions share a durable commit, and some readers
//! - [`tx`]: what a decision and a look may do
//! - [`value`], [`row`]: what goes into a statement, and what comes out
//! - [`sql`]: a statement put together from conditions

pub mod error;
pub mod row;
pub mod sql;
pub mod sqlite;
pub mod tx;
pub mod value;

pub use error::StoreError;
pub use row::{FromColumn, FromRow, Row};
pub use rusqlite::types::ValueRef;
pub use sql::Sql;
pub use sqlite::{Decision, Sqlite};
pub use tx::Tx;
pub use value::Value;

pub(crate) use row::{read, row};
pub(crate) use value::params;
