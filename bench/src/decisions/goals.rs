//! The shop's goals, and whether they are reached. A missed goal is no failure: the machine may be busy with something else.

use super::figures::{Figures, What, ms};
use crate::server::MEBIBYTE;
use std::time::Duration;

/// The number of connections that the goals are about.
const MANY: usize = 32;
const MEMORY: u64 = 60 * MEBIBYTE;
const P99: Duration = Duration::from_millis(30);

pub fn print(true_disk: &Figures, slow_disk: &Figures) {
    println!("\ngoals, with {MANY} connections");
    at_least(1.0, "distinct callbacks to bare inserts", ratio(true_disk, What::Distinct, What::Bare));
    at_least(1.5, "repeated callbacks to bare inserts", ratio(true_disk, What::Repeated, What::Bare));
    at_least(0.8, "checkouts to bare inserts", ratio(true_disk, What::Checkout, What::Bare));
    at_least(4.0, "slow disk: distinct callbacks to bare inserts", ratio(slow_disk, What::Distinct, What::Bare));
    at_least(1.0, "slow disk: repeated to distinct callbacks", ratio(slow_disk, What::Repeated, What::Distinct));
    for (disk, figures) in [("", true_disk), ("slow disk: ", slow_disk)] {
        let latest = [What::Distinct, What::Repeated, What::Checkout].map(|what| (figures.line(what, MANY).p99, what));
        let (p99, what) = latest.into_iter().max_by_key(|(p99, _)| *p99).unwrap_or((Duration::ZERO, What::Distinct));
        say(p99 < P99, &format!("{disk}p99 of the slowest kind: {} ms ({what})", ms(p99)), "under 30 ms");
        let (memory, tenths) = (figures.peak_memory / MEBIBYTE, figures.peak_memory * 10 / MEBIBYTE % 10);
        say(figures.peak_memory < MEMORY, &format!("{disk}the shop's peak memory: {memory}.{tenths} MiB"), "under 60 MiB");
    }
}

fn ratio(figures: &Figures, what: What, to: What) -> f64 {
    figures.line(what, MANY).rate / figures.line(to, MANY).rate
}

fn at_least(goal: f64, what: &str, reached: f64) {
    say(reached >= goal, &format!("{what}: {reached:.2}"), &format!("at least {goal:.1}"));
}

fn say(reached: bool, what: &str, goal: &str) {
    println!("{:<12} {what}; {goal}", if reached { "reached" } else { "NOT REACHED" });
}
