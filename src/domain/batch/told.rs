//! A batch and its rows, as pages and result files show them.

use super::{BatchKind, BatchState, Column, Columns, RowState, row::sum_of};
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
    /// Operators by id and e-mail address. Moments are Unix seconds.
    pub uploaded_by: (i64, String),
    pub uploaded_at: i64,
    pub started_at: Option<i64>,
    pub approved_by: Option<String>,
    pub approved_at: Option<i64>,
    pub ended_at: Option<i64>,
    /// The earlier batch whose declined rows this one tries again.
    pub again_of: Option<i64>,
    /// How many of its rows repeat rows of other batches, and the id of the last of those batches.
    pub repeats: Option<(u32, i64)>,
    pub rows: u32,
    /// Rows that were refused when they were checked.
    pub refused: u32,
}

/// A row, and what became of it.
#[derive(Debug, Clone)]
pub struct BatchRow {
    /// Its number in a spreadsheet: the header is row 1.
    pub position: u32,
    pub cells: Vec<String>,
    pub state: RowState,
    /// Why the row is refused.
    pub reason: Option<String>,
    /// The name that the refund or payout has or will have.
    pub name: Option<String>,
    pub amount: Option<Money>,
    /// For a refund: what this row and those before it left of the payment when they were checked.
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

    /// How many rows passed the check.
    pub fn runnable(&self) -> u32 {
        self.rows.saturating_sub(self.refused)
    }

    /// A sentence about the row's state; for a refused row, the reason.
    pub fn message(&self, row: &BatchRow) -> String {
        match (row.state, &row.reason) {
            (RowState::Refused, Some(reason)) => reason.clone(),
            (RowState::Refused, None) => "It was refused.".to_owned(),
            (RowState::Ready, _) if self.state == BatchState::Cancelled => "It was not sent: the batch was cancelled.".to_owned(),
            (RowState::Ready, _) if self.state.runs() => "It will be sent soon.".to_owned(),
            (RowState::Ready, _) => "It can be sent.".to_owned(),
            (RowState::Asked(Progress::Declined), _) if row.code.is_some() => {
                row.code.as_deref().and_then(meaning).unwrap_or("The platform declined it.").to_owned()
            }
            (RowState::Asked(progress), _) => progress.meaning().to_owned(),
        }
    }

    /// The sum that the row's cells name, whatever else is wrong with the row. `None`: they name none that can be read.
    pub fn typed_sum(&self, row: &BatchRow) -> Option<Money> {
        sum_of(self.cell(row, Column::Amount), self.cell(row, Column::Currency))
    }

    /// The row's cell of a column.
    pub fn cell<'a>(&self, row: &'a BatchRow, column: Column) -> &'a str {
        self.columns.cell(&row.cells, column)
    }
}
