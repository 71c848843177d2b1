//! What the page of a batch shows.

use crate::domain::{
    batch::{Batch, BatchRow, RowState},
    money::Money,
    people::operator::Operator,
};

#[derive(Debug, Clone)]
pub struct BatchView {
    pub batch: Batch,
    pub totals: Vec<(Money, u32)>,
    pub counts: Vec<(RowState, u32)>,
    pub rows: Vec<BatchRow>,
    /// Only the rows of this state are shown.
    pub shown: Option<RowState>,
    /// Row numbers from which the pages before and after this one go on.
    pub previous: Option<u32>,
    pub next: Option<u32>,
    /// If it is started, it waits for a second person.
    pub would_wait: bool,
    /// Declined rows that are not tried again yet.
    pub may_try_again: bool,
    /// Moment, operator, act and detail of each.
    pub acts: Vec<[String; 4]>,
    pub operator: Operator,
    pub moments: Moments,
    /// Why nothing was done, and what is wrong with the confirmation.
    pub refusal: Option<String>,
    pub unconfirmed: Option<String>,
}

/// When each step was taken, in the merchant's time zone.
#[derive(Debug, Clone)]
pub struct Moments {
    pub uploaded: String,
    pub started: Option<String>,
    pub approved: Option<String>,
    pub ended: Option<String>,
}
