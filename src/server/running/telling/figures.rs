//! What the shop counts: each figure's name, and what it means.

use metrics::{counter, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

const COUNTERS: &[(&str, &str)] = &[
    ("callbacks_total", "Callbacks by what became of them"),
    ("refused_callbacks_left_out_total", "Refused callbacks that were counted and not noted"),
    ("payments_begun_total", "Customers sent to pay"),
    ("status_requests_total", "Questions to the platform about a payment, by what it answered"),
    ("http_requests_total", "Requests by route and status"),
    ("connections_refused_total", "Connections beyond a limit, by the limit"),
    ("too_often_total", "Requests of addresses that ask too often, by what they asked for"),
    ("forwarded_for_total", "X-Forwarded-For headers that were not believed or could not be read"),
    ("decisions_total", "Decisions that are durable, and those that failed, the ones turned away included"),
    ("looks_total", "Looks that were answered, and those that failed, the ones turned away included"),
    ("turned_away_total", "Decisions and looks that found no room in their queue"),
    ("decisions_run_again_total", "Runs of a decision that met another one and was run again (PostgreSQL)"),
    ("worker_restarts_total", "Workers that ended and were started again"),
    ("log_lines_lost_total", "Lines of the log that found no room or could not be written"),
];

const GAUGES: &[(&str, &str)] = &[
    ("event_streams", "Pages that are updated live"),
    ("orders_watched", "Orders that somebody watches"),
    ("oldest_seconds", "How long the oldest of its kind has been open or due; 0 if there is none"),
    ("queue_length", "How many wait; those in the database are counted up to 10000"),
    ("database_readable", "1 if the database answered when these figures were asked for"),
    ("database_writable", "1 if the last decision could be made durable and the next one would be taken"),
    ("workers_that_cannot_run", "Workers that end again and again"),
];

const HISTOGRAMS: &[(&str, &str)] = &[
    ("decision_seconds", "From asking for a decision until it is durable"),
    ("decisions_per_commit", "Decisions that share a commit (SQLite)"),
    ("look_seconds", "From asking for a look until it is answered"),
    ("platform_answer_seconds", "From asking the platform until its answer is read, by door and class of answer"),
];

/// Told from the beginning: to Prometheus a figure that first appears at one has not grown.
const FROM_ZERO: &[(&str, &str, &[&str])] = &[
    ("callbacks_total", "outcome", &["applied", "repeated", "not used", "another shop's", "case", "refused", "not stored"]),
    ("decisions_total", "outcome", &["durable", "failed"]),
    ("looks_total", "outcome", &["answered", "failed"]),
    ("turned_away_total", "queue", &["decisions", "looks"]),
];

/// Counts what the shop does from now on; one a process.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    let seconds = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0];
    let sizes = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &seconds)?
        .set_buckets_for_metric(Matcher::Full("decisions_per_commit".to_owned()), &sizes)?
        .install_recorder()?;
    describe();
    begin_at_zero();
    Ok(recorder)
}

/// Says what the figures mean, to whoever keeps them.
pub fn describe() {
    COUNTERS.iter().for_each(|(name, about)| describe_counter!(*name, *about));
    GAUGES.iter().for_each(|(name, about)| describe_gauge!(*name, *about));
    HISTOGRAMS.iter().for_each(|(name, about)| describe_histogram!(*name, *about));
}

fn begin_at_zero() {
    for (name, label, values) in FROM_ZERO {
        values.iter().for_each(|value| counter!(*name, *label => *value).increment(0));
    }
    for name in ["payments_begun_total", "log_lines_lost_total", "decisions_run_again_total"] {
        counter!(name).increment(0);
    }
    for status in ["500", "503"] {
        counter!("http_requests_total", "route" => "/callbacks", "status" => status).increment(0);
    }
}
