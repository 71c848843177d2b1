//! The states of a batch and its rows, and when a second person must approve a batch.

use crate::domain::{
    money::{Currency, Money},
    people::operator::SumLimits,
    transfers::progress::Progress,
};

named! {
    /// The state of a batch.
    pub enum BatchState {
        /// The file is being uploaded. A batch whose upload never completes is removed.
        Reading = "reading",
        /// All rows were checked; the batch was not started.
        Checked = "checked",
        /// Started by the operator who uploaded it; a second person must approve.
        Waiting = "waiting for approval",
        /// Its rows may be sent.
        Approved = "approved",
        Running = "running",
        /// Every row has ended.
        Finished = "finished",
        /// No further row is sent.
        Cancelled = "cancelled",
    }
}

impl BatchState {
    /// Whether its rows are turned into refunds or payouts, one after another.
    pub fn runs(self) -> bool {
        matches!(self, BatchState::Approved | BatchState::Running)
    }

    pub fn may_be_cancelled(self) -> bool {
        matches!(self, BatchState::Checked | BatchState::Waiting) || self.runs()
    }
}

/// The state of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// Something is wrong with the row; it is never sent.
    Refused,
    /// The row was checked and can be sent.
    Ready,
    /// The row became a refund or payout with this progress.
    Asked(Progress),
}

impl RowState {
    pub const ALL: [RowState; 8] = [
        RowState::Refused,
        RowState::Ready,
        RowState::Asked(Progress::Stored),
        RowState::Asked(Progress::Sending),
        RowState::Asked(Progress::Unknown),
        RowState::Asked(Progress::Pending),
        RowState::Asked(Progress::Done),
        RowState::Asked(Progress::Declined),
    ];

    /// The name in the store, on pages and in result files.
    pub const fn name(self) -> &'static str {
        match self {
            RowState::Refused => "refused",
            RowState::Ready => "ready",
            RowState::Asked(progress) => progress.name(),
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether nothing more happens to the row by itself.
    pub fn has_ended(self) -> bool {
        matches!(self, RowState::Refused | RowState::Asked(Progress::Done | Progress::Declined))
    }
}

/// Whether a second person must approve: in some currency the batch, plus what the same operator started alone in the
/// last day, exceeds the limit. A currency without a limit always needs approval.
pub fn needs_approval(run: &[Money], started_alone: &[Money], limits: &SumLimits) -> bool {
    let sum = |all: &[Money], currency: Currency| {
        all.iter().filter(|sum| sum.currency() == currency).map(|sum| sum.minor()).fold(0, u64::saturating_add)
    };
    run.iter().any(|part| {
        let together = sum(run, part.currency()).saturating_add(sum(started_alone, part.currency()));
        // A sum too large for `Money` exceeds every limit.
        Money::from_minor(together, part.currency()).map_or(true, |together| !limits.covers(together))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: u64, currency: Currency) -> Money {
        Money::from_minor(minor, currency).unwrap()
    }

    #[test]
    fn each_currency_is_measured_by_its_own_limit() {
        let limits = SumLimits::parse("EUR=500,KRW=1000").unwrap();
        let euro = |minor| money(minor, Currency::EUR);
        let won = |minor| money(minor, Currency::KRW);
        for (run, alone, needed) in [
            (vec![euro(50_000)], vec![], false),
            (vec![euro(50_001)], vec![], true),
            (vec![euro(50_000), won(1_000)], vec![], false),
            (vec![euro(1), won(1_001)], vec![], true),
            (vec![euro(1)], vec![euro(49_999)], false),
            (vec![euro(1)], vec![euro(50_000)], true),
            (vec![euro(1)], vec![won(5_000)], false),
            (vec![money(1, Currency::PHP)], vec![], true),
            (vec![euro(Money::LARGEST_MINOR)], vec![euro(Money::LARGEST_MINOR)], true),
            (vec![], vec![euro(90_000)], false),
        ] {
            assert_eq!(needs_approval(&run, &alone, &limits), needed, "{run:?} after {alone:?}");
        }
    }

    #[test]
    fn states_are_found_by_their_names() {
        assert!(BatchState::ALL.into_iter().all(|state| BatchState::from_name(state.name()) == Some(state)));
        assert!(RowState::ALL.into_iter().all(|state| RowState::from_name(state.name()) == Some(state)));
    }
}
