//! A comparison that was made: when, by whom, and with what outcome.

use super::Difference;
use crate::domain::day::TimeSpan;

/// One comparison of the shop's books with the platform's register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub id: i64,
    pub interval: TimeSpan,
    /// Unix seconds.
    pub started_at: i64,
    /// An operator's e-mail address, or the name of what else started it.
    pub started_by: String,
    /// How many rows of the register were read, and how many there are, as far as known.
    pub read: u64,
    pub total: u64,
    /// `None`: it is under way.
    pub end: Option<End>,
    /// How many differences were found, and how many of them have gone since.
    pub found: u64,
    pub healed: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Unix seconds.
    pub at: i64,
    pub outcome: ComparisonOutcome,
    /// Why the comparison failed, if it did.
    pub problem: Option<String>,
}

named! {
    pub enum ComparisonOutcome {
        Agreed = "agreed",
        Differed = "differed",
        /// The register could not be read completely: nothing is known about differences.
        Failed = "failed",
        /// The shop was stopped meanwhile.
        BrokeOff = "broke off",
    }
}

/// A difference found by a comparison, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDifference {
    pub id: i64,
    pub run: i64,
    pub difference: Difference,
    /// The order it is about, if the shop has one.
    pub order: Option<String>,
    /// When it was last compared again (Unix seconds).
    pub compared_at: Option<i64>,
    /// When it was found to be gone (Unix seconds), and who had it compared again.
    pub healed: Option<(i64, String)>,
}

impl Comparison {
    /// How much of the register was read, in percent.
    pub fn percent(&self) -> u64 {
        self.read.saturating_mul(100).checked_div(self.total).unwrap_or(0).min(100)
    }
}
