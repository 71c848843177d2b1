//! When a request that the platform never spoke of may be taken for one that never arrived.
//!
//! Silence proves nothing by itself. What counts is an answer that was understood in every part and leaves the request out, and
//! then another one, after time that has really gone by: by a clock that does not step, never by the clock on the wall.

use crate::domain::books::MoneyKind;

/// A moment by the clock that never steps. Two of them can be compared only within one run of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elapsed {
    /// Names the run.
    pub run: String,
    /// Seconds since it began.
    pub seconds: i64,
}

/// How often the platform's answers left a request out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftOut {
    pub times: u32,
    /// When one last did, or when this run of the program first saw one.
    pub last: Option<Elapsed>,
}

/// So many answers, so far apart, are needed.
#[derive(Debug, Clone, Copy)]
struct Patience {
    answers: u32,
    apart_s: i64,
}

/// The customer of a sale waits on a page, and no money of the merchant's is at stake: if it was taken on after all, that counts
/// whenever it is told. A refund or payout that ends here may be asked for again, and must not be there twice.
fn patience(kind: MoneyKind) -> Patience {
    match kind {
        MoneyKind::Sale => Patience { answers: 3, apart_s: 10 },
        MoneyKind::Refund | MoneyKind::Payout => Patience { answers: 5, apart_s: 15 * 60 },
    }
}

impl LeftOut {
    /// After one more answer. Those too close to the last one do not count, and neither does the first one of a new run of the
    /// program: how long it was away is not known.
    pub fn once_more(self, kind: MoneyKind, now: Elapsed) -> Self {
        match &self.last {
            None => Self { times: 1, last: Some(now) },
            Some(last) if last.run != now.run => Self { last: Some(now), ..self },
            Some(last) if now.seconds < last.seconds.saturating_add(patience(kind).apart_s) => self,
            Some(_) => Self { times: self.times.saturating_add(1), last: Some(now) },
        }
    }

    /// The request never arrived.
    pub fn is_certain(&self, kind: MoneyKind) -> bool {
        self.times >= patience(kind).answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(kind: MoneyKind, moments: &[(&str, i64)]) -> LeftOut {
        let moment = |(run, seconds): &(&str, i64)| Elapsed { run: (*run).to_owned(), seconds: *seconds };
        moments.iter().map(moment).fold(LeftOut::default(), |left_out, now| left_out.once_more(kind, now))
    }

    #[test]
    fn answers_count_only_when_time_went_by_between_them() {
        let minute = 60;
        let spaced: Vec<_> = (0..5).map(|count| ("a", count * 15 * minute)).collect();
        assert!(left_out(MoneyKind::Refund, &spaced).is_certain(MoneyKind::Refund));
        assert!(!left_out(MoneyKind::Refund, &spaced[..4]).is_certain(MoneyKind::Refund));
        let close: Vec<_> = (0..100).map(|count| ("a", count)).collect();
        assert_eq!(left_out(MoneyKind::Payout, &close).times, 1);
        assert!(left_out(MoneyKind::Sale, &[("a", 0), ("a", 10), ("a", 20)]).is_certain(MoneyKind::Sale));
    }

    #[test]
    fn the_time_between_two_runs_of_the_program_does_not_count() {
        let hour = 3600;
        let restarted: Vec<_> = ["a", "b", "c", "d", "e", "f"].into_iter().map(|run| (run, 100 * hour)).collect();
        assert_eq!(left_out(MoneyKind::Refund, &restarted).times, 1);
        assert_eq!(left_out(MoneyKind::Refund, &[("a", 0), ("b", 0), ("b", hour)]).times, 2);
    }
}
