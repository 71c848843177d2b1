//! A batch and its rows as pages and results tell them.

use super::{BatchKind, BatchState, Column, Columns, RowState};
use crate::{
    domain::{money::Money, transfers::progress::Progress},
    platform::code::meaning,
};

/// A file of refunds or payouts, or a single payout that waits for a second person.
#[derive(Debug, Clone)]
pub struct Batch {
    pub id: i64,
    pub name: String,
    pub file_name: String,
    pub columns: Columns,
    pub state: BatchState,
    /// Operators by id and address. Moments are Unix seconds.
    pub uploaded_by: (i64, String),
    pub uploaded_at: i64,
    pub started_at: Option<i64>,
    pub approved_by: Option<String>,
    pub approved_at: Option<i64>,
    pub ended_at: Option<i64>,
    /// The run whose declined rows these are.
    pub again_of: Option<i64>,
    /// How many of its rows ask for what rows of other runs ask for or have done, and the last of those runs.
    pub repeats: Option<(u32, i64)>,
    pub rows: u32,
    /// Rows that were refused when they were checked.
    pub refused: u32,
}

/// A row, and what it has become.
#[derive(Debug, Clone)]
pub struct BatchRow {
    /// As a spreadsheet counts: the header is row 1.
    pub position: u32,
    pub cells: Vec<String>,
    pub state: RowState,
    /// Why it is refused.
    pub reason: Option<String>,
    /// What the refund or payout is called, or will be.
    pub name: Option<String>,
    pub amount: Option<Money>,
    /// Of a refund, when it was checked: what this row and those before it leave of the payment.
    pub left: Option<Money>,
    /// The platform's code, once it gave one.
    pub code: Option<String>,
    pub operation_id: Option<String>,
}

impl Batch {
    /// Whether this operator uploaded it.
    pub fn is_of(&self, operator: i64) -> bool {
        self.uploaded_by.0 == operator
    }

    pub fn kind(&self) -> BatchKind {
        self.columns.kind
    }

    /// Rows that may be run, as they were checked.
    pub fn runnable(&self) -> u32 {
        self.rows.saturating_sub(self.refused)
    }

    /// What a row's state means in a sentence; a refused one has its reason.
    pub fn message(&self, row: &BatchRow) -> String {
        match (row.state, &row.reason) {
            (RowState::Refused, Some(reason)) => reason.clone(),
            (RowState::Refused, None) => "It is refused.".to_owned(),
            (RowState::Ready, _) if self.state == BatchState::Cancelled => "It was not run: the run was cancelled.".to_owned(),
            (RowState::Ready, _) if self.state.runs() => "It is about to be run.".to_owned(),
            (RowState::Ready, _) => "It would be run.".to_owned(),
            (RowState::Asked(Progress::Declined), _) if row.code.is_some() => {
                row.code.as_deref().and_then(meaning).unwrap_or("The platform declined it.").to_owned()
            }
            (RowState::Asked(progress), _) => progress.meaning().to_owned(),
        }
    }

    /// The row's cell of a column.
    pub fn cell<'a>(&self, row: &'a BatchRow, column: Column) -> &'a str {
        self.columns.cell(&row.cells, column)
    }
}
