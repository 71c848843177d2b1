//! Batches: files of refunds or payouts, what each row asks for, and how far each has come.
//!
//! - [`kind`]: refunds or payouts; [`file_error`]: how large a file may be, and why a whole file is refused
//! - [`text`]: splits a file's bytes into rows of cells as they arrive; [`columns`]: reads the header
//! - [`row`]: reads one row as a refund or payout, or lists everything that is wrong with it
//! - [`state`]: the states of a batch and its rows, and when a second person must approve; [`told`]: both, as pages show them

pub mod columns;
pub mod file_error;
pub mod kind;
pub mod row;
pub mod state;
pub mod text;
pub mod told;

pub use columns::{Column, Columns};
pub use file_error::{FileError, LONGEST_CELL, MOST_ROWS};
pub use kind::BatchKind;
pub use row::{PayoutAsked, RefundAsked, RowError, RowRequest, read_row};
pub use state::{BatchState, RowState, needs_approval};
pub use text::{Record, TextReader};
pub use told::{Batch, BatchRow};
