//! When a request that the platform never mentions counts as one that never arrived.
//!
//! Silence alone proves nothing. What counts are several answers that were fully understood and do not list the request, with
//! enough time between them: measured by the monotonic clock, never by the wall clock.

use crate::domain::books::MoneyKind;

/// A moment of the monotonic clock. Two moments can be compared only within one run of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elapsed {
    /// Names the run.
    pub run: String,
    /// Seconds since it began.
    pub seconds: i64,
}

/// How often the platform's answers did not list a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftOut {
    pub times: u32,
    /// When the last such answer came, or the first one in this run of the program.
    pub last: Option<Elapsed>,
}

/// How many answers are needed, and how many seconds apart.
#[derive(Debug, Clone, Copy)]
struct Patience {
    answers: u32,
    apart_s: i64,
}

/// A sale needs few answers: its customer waits on a page, and no money of the merchant is at stake, because a success still
/// counts whenever it is reported. A refund or payout that is given up may be asked for again, and must not be made twice.
fn patience(kind: MoneyKind) -> Patience {
    match kind {
        MoneyKind::Sale => Patience { answers: 3, apart_s: 10 },
        MoneyKind::Refund | MoneyKind::Payout => Patience { answers: 5, apart_s: 15 * 60 },
    }
}

impl LeftOut {
    /// Counts one more answer, unless it is too close to the last one, or the first one in a new run of the program: how much
    /// time passed in between is not known.
    pub fn once_more(self, kind: MoneyKind, now: Elapsed) -> Self {
        match &self.last {
            None => Self { times: 1, last: Some(now) },
            Some(last) if last.run != now.run => Self { last: Some(now), ..self },
            Some(last) if now.seconds < last.seconds.saturating_add(patience(kind).apart_s) => self,
            Some(_) => Self { times: self.times.saturating_add(1), last: Some(now) },
        }
    }

    /// Whether it is certain that the request never arrived.
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
