//! How large a batch file may be, and why a whole file is refused.

use super::BatchKind;

/// The most rows of a file, not counting its header.
pub const MOST_ROWS: u32 = 100_000;
/// The most characters of a cell.
pub const LONGEST_CELL: usize = 1_000;

/// Why a whole file is refused. Rows are numbered as in a spreadsheet: the header is row 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    #[error("the file is empty")]
    Empty,
    #[error("the file has a header and no rows")]
    NoRows,
    #[error("the file has more than 100,000 rows")]
    TooManyRows,
    #[error("the header names a column {0:?}, which files of refunds and payouts do not have")]
    UnknownColumn(String),
    #[error("the header names the column {0} twice")]
    DoubledColumn(&'static str),
    #[error("the column {0} is missing")]
    MissingColumn(&'static str),
    #[error("a file of {} has no column {}", .1.plural(), .0)]
    OtherKind(&'static str, BatchKind),
    #[error("the columns payment.amount and payment.currency belong together; without both, all that is left is refunded")]
    AmountWithoutCurrency,
    #[error("row {0} is not UTF-8 text: save the file as CSV in UTF-8")]
    NotUtf8(u32),
    #[error("row {0} holds a NUL byte: save the file as CSV in UTF-8")]
    Nul(u32),
    #[error("row {0} has a cell of more than 1,000 characters")]
    LongCell(u32),
    #[error("row {0} begins a quotation that never ends: the file may have been cut off")]
    UnclosedQuote(u32),
    #[error("row {0} has a quotation mark in the middle of a cell")]
    StrayQuote(u32),
    #[error("row {row} has {cells} cells and the header {wanted}: the file may have been cut off")]
    CellCount { row: u32, cells: usize, wanted: usize },
}
