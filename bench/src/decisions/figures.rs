//! The measured figures, and the table that shows them.

use std::fmt;
use std::time::Duration;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A callback's body to the bare server.
    Bare,
    /// `POST /checkout` with a filled cart.
    Checkout,
    /// A callback that pays an order.
    Distinct,
    /// A callback that was sent before.
    Repeated,
}

/// What was measured while one kind of request was sent.
pub struct Turn {
    pub latencies: Vec<Duration>,
    pub took: Duration,
    /// Processor time of the server.
    pub server: Duration,
    /// Processor time of the load.
    pub load: Duration,
}

/// All that was measured on one disk.
#[derive(Default)]
pub struct Figures {
    turns: Vec<(What, usize, Turn)>,
    /// The shop's peak memory in bytes.
    pub peak_memory: u64,
}

/// A line of the table: one kind of request over a number of connections.
pub struct Line {
    /// Requests per second.
    pub rate: f64,
    pub p50: Duration,
    pub p99: Duration,
    /// Processor time per request, of the server and of the load.
    server: Duration,
    load: Duration,
}

impl Figures {
    pub fn add(&mut self, what: What, connections: usize, turn: Turn) {
        self.turns.push((what, connections, turn));
    }

    pub fn line(&self, what: What, connections: usize) -> Line {
        let turns = || self.turns.iter().filter(|turn| (turn.0, turn.1) == (what, connections)).map(|turn| &turn.2);
        let mut rates: Vec<_> = turns().map(|turn| turn.latencies.len() as f64 / turn.took.as_secs_f64()).collect();
        rates.sort_unstable_by(f64::total_cmp);
        let mut latencies: Vec<_> = turns().flat_map(|turn| &turn.latencies).copied().collect();
        latencies.sort_unstable();
        let at = |percent: usize| latencies.get(latencies.len() * percent / 100).copied().unwrap_or_default();
        let requests = u32::try_from(latencies.len()).unwrap_or(u32::MAX).max(1);
        Line {
            rate: rates.get(rates.len() / 2).copied().unwrap_or_default(),
            p50: at(50),
            p99: at(99),
            server: turns().map(|turn| turn.server).sum::<Duration>() / requests,
            load: turns().map(|turn| turn.load).sum::<Duration>() / requests,
        }
    }

    /// Prints a line for each kind of request and number of connections.
    pub fn print(&self, disk: &str) {
        for connections in super::CONNECTIONS {
            let bare = self.line(What::Bare, connections).rate;
            for what in [What::Bare, What::Distinct, What::Repeated, What::Checkout] {
                let Line { rate, p50, p99, server, load } = self.line(what, connections);
                println!(
                    "{disk:<10}{connections:>4}  {what:<20}{rate:>10.0}{:>9}{:>9}{:>9}{:>7}{:>9.2}",
                    ms(p50),
                    ms(p99),
                    server.as_micros(),
                    load.as_micros(),
                    rate / bare
                );
            }
        }
    }
}

pub fn print_head() {
    println!(
        "{:<10}{:>4}  {:<20}{:>10}{:>9}{:>9}{:>9}{:>7}{:>9}",
        "disk", "conn", "", "a second", "p50 ms", "p99 ms", "CPU", "load", "to bare"
    );
}

/// A time in milliseconds: `1.23`.
pub fn ms(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            What::Bare => "bare insert",
            What::Checkout => "checkout",
            What::Distinct => "distinct callback",
            What::Repeated => "repeated callback",
        })
    }
}
