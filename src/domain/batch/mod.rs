//! Batches: files of refunds or payouts, what each row asks for, and how far each has come.
//!
//! - [`kind`]: refunds or payouts; [`file_error`]: how large a file may be, and why nothing of one is taken
//! - [`text`]: bytes into rows of cells, as they arrive; [`columns`]: what the header says
//! - [`row`]: one row into a refund or a payout, or everything that is wrong with it
//! - [`run`]: how far a run and its rows are, and when a second person must approve it; [`told`]: both as they are shown

pub mod columns;
pub mod file_error;
pub mod kind;
pub mod row;
pub mod run;
pub mod text;
pub mod told;

pub use columns::{Column, Columns};
pub use file_error::{FileError, LONGEST_CELL, MOST_ROWS};
pub use kind::BatchKind;
pub use row::{PayoutAsked, RefundAsked, RowError, RowRequest, read_row};
pub use run::{BatchState, RowState, needs_approval};
pub use text::{Record, TextReader};
pub use told::{Batch, BatchRow};
