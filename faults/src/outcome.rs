//! What came of a fault: counts, the longest outage, and what was found wrong in words. The table of all.

use std::time::Duration;

#[derive(Default)]
pub struct Outcome {
    pub runs: usize,
    /// Callbacks that were answered 200.
    pub acknowledged: usize,
    /// Those of them that are in the journal.
    pub stored: usize,
    /// The others, and orders, refunds and payouts that did not end as the platform's books have them.
    pub lost: usize,
    /// Effects of one thing beyond the first.
    pub doubled: usize,
    /// Things that the log tells and must not.
    pub told: usize,
    /// From the first refused or unanswered request to the next answered one.
    pub outage: Duration,
    /// The request that it began with.
    pub outage_began: String,
    /// What is wrong, in words.
    pub wrong: Vec<String>,
    /// What a reader should know of this line.
    pub note: String,
}

impl Outcome {
    pub fn add(&mut self, other: Outcome) {
        self.runs += other.runs;
        self.acknowledged += other.acknowledged;
        self.stored += other.stored;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.told += other.told;
        if other.outage > self.outage {
            (self.outage, self.outage_began) = (other.outage, other.outage_began);
        }
        self.wrong.extend(other.wrong);
        if !other.note.is_empty() {
            self.note = other.note;
        }
    }

    /// A run that could not be brought to its end, or a promise that was broken, counts as a loss.
    pub fn failed(why: String) -> Self {
        Self { runs: 1, lost: 1, wrong: vec![why], ..Self::default() }
    }

    pub fn noted(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    pub fn is_right(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.told == 0
    }
}

pub fn print_head() {
    println!(
        "\n{:<10}{:<52}{:>6}{:>14}{:>8}{:>6}{:>9}{:>12}",
        "engine", "fault", "runs", "acknowledged", "stored", "lost", "doubled", "outage ms"
    );
}

pub fn print(engine: &str, fault: &str, outcome: &Outcome) {
    let Outcome { runs, acknowledged, stored, lost, doubled, outage, outage_began, note, .. } = outcome;
    let outage = outage.as_millis();
    println!(
        "{engine:<10}{fault:<52}{runs:>6}{acknowledged:>14}{stored:>8}{lost:>6}{doubled:>9}{outage:>12}  {note}{outage_began}"
    );
}
