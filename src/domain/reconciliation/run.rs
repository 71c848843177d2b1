//! A comparison that was made: when, by whom, what came of it.

use super::{ComparedInterval, Difference};

/// One comparison of the shop's books with the platform's register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub id: i64,
    pub interval: ComparedInterval,
    /// Unix seconds.
    pub started_at: i64,
    /// An operator's address, or whatever else began it.
    pub started_by: String,
    /// Rows of the register that were read, and all there are, as far as known.
    pub read: u64,
    pub total: u64,
    /// `None`: it is under way.
    pub end: Option<End>,
    /// How many differences were found, and how many of them are gone since.
    pub found: u64,
    pub healed: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Unix seconds.
    pub at: i64,
    pub outcome: ComparisonOutcome,
    /// Why nobody knows, where that is so.
    pub problem: Option<String>,
}

named! {
    pub enum ComparisonOutcome {
        Agreed = "agreed",
        Differed = "differed",
        /// The register could not be read whole: nothing is known about differences.
        Failed = "failed",
        /// The shop was stopped meanwhile.
        BrokeOff = "broke off",
    }
}

/// A difference of a run, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDifference {
    pub id: i64,
    pub run: i64,
    pub difference: Difference,
    /// The order it is about, where the shop has one.
    pub order: Option<String>,
    /// When it was last compared again (Unix seconds).
    pub compared_at: Option<i64>,
    /// It is gone: when that was seen (Unix seconds), and who had it looked at.
    pub healed: Option<(i64, String)>,
}

impl Run {
    /// Of a hundred rows of the register so many were read.
    pub fn percent(&self) -> u64 {
        self.read.saturating_mul(100).checked_div(self.total).unwrap_or(0).min(100)
    }
}
