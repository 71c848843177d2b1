//! How the shop reaches its database: decisions and looks are plain functions over a [`Tx`], run on threads that own their
//! connections. Nothing else touches the database. Which engine it is is chosen when the shop starts.
//!
//! - [`sqlite`]: one writer, whose waiting decisions share a durable commit, and some readers
//! - [`postgres`]: some that decide and some that read; rows are locked
//! - [`decision`]: what waits for those; [`tx`]: what a decision and a look may do
//! - [`value`], [`cell`], [`row`]: what goes into a statement, and what comes out
//! - [`sql`]: a statement put together from conditions; [`dialect`]: how PostgreSQL is told it
//! - [`counts`]: how decisions and looks fare

pub mod cell;
pub mod counts;
pub mod decision;
mod dialect;
pub mod error;
pub mod postgres;
pub mod row;
pub mod sql;
pub mod sqlite;
pub mod tx;
pub mod value;

pub use cell::Cell;
pub use counts::Counts;
pub use decision::Decision;
pub use error::StoreError;
pub use postgres::Postgres;
pub use row::{FromColumn, FromRow, Row};
pub use sql::Sql;
pub use sqlite::Sqlite;
pub use tx::Tx;
pub use value::Value;

pub(crate) use row::{read, row};
pub(crate) use value::params;
