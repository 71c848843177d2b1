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
    /// The rows of one state alone.
    pub shown: Option<RowState>,
    /// Row numbers to go on from, if there are rows that way.
    pub previous: Option<u32>,
    pub next: Option<u32>,
    /// A run of it would wait for a second person.
    pub would_wait: bool,
    /// Declined rows that are not tried again yet.
    pub may_try_again: bool,
    /// When, who, what and how of each act.
    pub acts: Vec<[String; 4]>,
    pub operator: Operator,
    pub moments: Moments,
    /// Why nothing was done, and what is wrong with the confirmation.
    pub refusal: Option<String>,
    pub unconfirmed: Option<String>,
}

/// When what was done with it, as the merchant's clock shows it.
#[derive(Debug, Clone)]
pub struct Moments {
    pub uploaded: String,
    pub started: Option<String>,
    pub approved: Option<String>,
    pub ended: Option<String>,
}
