//! What the page of comparisons shows; moments and days as the merchant's clocks and calendar have them.

use crate::domain::reconciliation::{Comparison, FoundDifference, Healing};

#[derive(Debug, Clone)]
pub struct ReconciliationView {
    pub run: Option<ShownComparison>,
    pub differences: Vec<ShownDifference>,
    /// More differences follow this one.
    pub next: Option<i64>,
    pub earlier: Vec<ShownComparison>,
    /// What the event stream told when the page was drawn; `None`: nothing is under way.
    pub event: Option<String>,
    pub may_act: bool,
    pub told: Option<Healing>,
    pub time_zone: String,
}

#[derive(Debug, Clone)]
pub struct ShownComparison {
    pub run: Comparison,
    pub days: String,
    pub started_at: String,
    pub ended_at: Option<String>,
}

#[derive(Debug, Clone)]
pub struct ShownDifference {
    pub found: FoundDifference,
    pub compared_at: Option<String>,
    /// When it was healed, and by which operator.
    pub healed: Option<(String, String)>,
}

/// What was typed, and why it was not taken.
#[derive(Debug, Clone, Default)]
pub struct DaysForm {
    pub from: String,
    pub to: String,
    pub from_error: Option<String>,
    pub to_error: Option<String>,
    pub problem: Option<String>,
}

impl DaysForm {
    pub fn is_refused(&self) -> bool {
        self.from_error.is_some() || self.to_error.is_some() || self.problem.is_some()
    }
}
