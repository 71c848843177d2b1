//! How decisions and looks fare, counted: how long each took from being asked for, and how many came to nothing.

use std::sync::Arc;

use metrics::{Counter, Histogram, counter, histogram};
use tokio::time::Instant;

/// Where it is counted: handles, made once, so that counting costs a decision next to nothing.
pub struct Counts {
    pub decisions: Arc<Outcomes>,
    pub looks: Arc<Outcomes>,
}

pub struct Outcomes {
    seconds: Histogram,
    done: Counter,
    failed: Counter,
    turned_away: Counter,
}

impl Counts {
    pub fn at_zero() -> Self {
        let decisions = Outcomes {
            seconds: histogram!("decision_seconds"),
            done: counter!("decisions_total", "outcome" => "durable"),
            failed: counter!("decisions_total", "outcome" => "failed"),
            turned_away: counter!("turned_away_total", "queue" => "decisions"),
        };
        let looks = Outcomes {
            seconds: histogram!("look_seconds"),
            done: counter!("looks_total", "outcome" => "answered"),
            failed: counter!("looks_total", "outcome" => "failed"),
            turned_away: counter!("turned_away_total", "queue" => "looks"),
        };
        Self { decisions: Arc::new(decisions), looks: Arc::new(looks) }
    }
}

impl Outcomes {
    pub fn asked(self: &Arc<Self>) -> Asked {
        Asked { since: Instant::now(), outcomes: self.clone(), is_done: false }
    }

    /// There was no room in the queue.
    pub fn turned_away(&self) {
        self.turned_away.increment(1);
    }
}

/// A decision or look on its way. Dropped before it is done, it failed.
pub struct Asked {
    since: Instant,
    outcomes: Arc<Outcomes>,
    is_done: bool,
}

impl Asked {
    pub fn done(&mut self) {
        self.outcomes.seconds.record(self.since.elapsed());
        self.outcomes.done.increment(1);
        self.is_done = true;
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if !self.is_done {
            self.outcomes.failed.increment(1);
        }
    }
}
