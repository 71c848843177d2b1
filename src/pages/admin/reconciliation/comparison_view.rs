//! What the page of comparisons shows; moments and days as the merchant's clocks and calendar have them.

use crate::domain::{
    reconciliation::{Comparison, FoundDifference, Healing},
    text::fields::Fields,
};

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

/// The days that were typed, and why nothing was compared.
#[derive(Debug, Clone)]
pub struct DaysForm {
    pub fields: Fields,
    pub problem: Option<String>,
}

impl DaysForm {
    pub fn is_refused(&self) -> bool {
        self.fields.is_refused() || self.problem.is_some()
    }
}
