//! How far a run and its rows are, and when a second person must approve it.

use crate::domain::{
    money::{Currency, Money},
    people::operator::SumLimits,
    transfers::progress::Progress,
};

named! {
    /// How far a file is.
    pub enum BatchState {
        /// It is being uploaded. One that never gets further is removed.
        Reading = "reading",
        /// All its rows were checked; nothing was started.
        Checked = "checked",
        /// Started by whoever uploaded it; a second person must approve.
        Waiting = "waiting for approval",
        /// It may run.
        Approved = "approved",
        Running = "running",
        /// Every row has its end.
        Finished = "finished",
        /// Nothing more of it is sent.
        Cancelled = "cancelled",
    }
}

impl BatchState {
    /// Its rows are written down, one after the other.
    pub fn runs(self) -> bool {
        matches!(self, BatchState::Approved | BatchState::Running)
    }

    pub fn may_be_cancelled(self) -> bool {
        matches!(self, BatchState::Checked | BatchState::Waiting) || self.runs()
    }
}

/// How far a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// It is not run: something is wrong with it.
    Refused,
    /// It would be run, or will be.
    Ready,
    /// It has become a refund or payout, which is so far.
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

    /// What the store, the pages and the result call it.
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

    /// Nothing more happens to it by itself.
    pub fn has_ended(self) -> bool {
        matches!(self, RowState::Refused | RowState::Asked(Progress::Done | Progress::Declined))
    }
}

/// Whether a second person must approve: in some currency the run, together with what the same operator started alone
/// in the last day, is above its limit. A currency without a limit always needs one.
pub fn needs_approval(run: &[Money], started_alone: &[Money], limits: &SumLimits) -> bool {
    let sum = |all: &[Money], currency: Currency| {
        all.iter().filter(|sum| sum.currency() == currency).map(|sum| sum.minor()).fold(0, u64::saturating_add)
    };
    run.iter().any(|part| {
        let together = sum(run, part.currency()).saturating_add(sum(started_alone, part.currency()));
        // More than money can be is more than any limit.
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
