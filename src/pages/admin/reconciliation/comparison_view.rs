//! What the page of comparisons shows; moments and days as the merchant's clocks and calendar have them.

use crate::domain::reconciliation::{FoundDifference, Run};

#[derive(Debug, Clone)]
pub struct ReconciliationView {
    pub run: Option<ShownRun>,
    pub differences: Vec<ShownDifference>,
    /// More differences follow this one.
    pub next: Option<i64>,
    pub earlier: Vec<ShownRun>,
    /// What the event stream told when the page was drawn; `None`: nothing is under way.
    pub event: Option<String>,
    pub may_act: bool,
    pub told: Option<ComparisonNotice>,
    pub time_zone: String,
}

#[derive(Debug, Clone)]
pub struct ShownRun {
    pub run: Run,
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

named! {
    /// What came of a click, as the address names it.
    pub enum ComparisonNotice {
        Healed = "healed",
        Stays = "stays",
        NotFound = "not-found",
        Silence = "silence",
        Unread = "unread",
        HealedBefore = "healed-before",
    }
}

impl ComparisonNotice {
    pub const fn words(self) -> &'static str {
        match self {
            ComparisonNotice::Healed => "Healed: both sides were compared again and agree about it.",
            ComparisonNotice::Stays => "Both sides were compared again, and still differ. See what to do below.",
            ComparisonNotice::NotFound => {
                "The platform does not know this payment, and both sides still differ. See what to do below."
            }
            ComparisonNotice::Silence => "The platform gave no clear answer, and both sides still differ. Try again later.",
            ComparisonNotice::Unread => {
                "The register could not be read, so it is not known whether this is healed. Try again later."
            }
            ComparisonNotice::HealedBefore => "Somebody healed it before.",
        }
    }
}
