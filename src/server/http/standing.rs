//! Figures of how things stand now: what waits and since when, and whether the database answers. They are found out when somebody
//! asks for them, and each shop tells its own.

use std::time::Duration;

use metrics::gauge;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::time::timeout;

use crate::server::{
    running::telling::figures,
    state::AppState,
    store::{Oldest, Queues},
};

/// Whoever collects figures gives up after ten seconds.
const DATABASE_ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// As Prometheus reads it. What the database does not tell is left out.
pub async fn told(state: &AppState) -> String {
    let now = state.now();
    let waits = timeout(DATABASE_ANSWERS_WITHIN, state.store.what_waits(now)).await.ok().and_then(Result::ok);
    let recorder = PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&recorder, || {
        figures::describe();
        is("database_readable", waits.is_some());
        is("database_writable", state.store.can_write());
        gauge!("workers_that_cannot_run").set(number(state.workers.that_cannot_run().len()));
        let (decisions, looks) = state.store.waiting();
        for (queue, length) in [("decisions", decisions), ("looks", looks), ("refused callbacks", state.refusals.waiting())] {
            gauge!("queue_length", "queue" => queue).set(number(length));
        }
        if let Some((oldest, queues)) = waits {
            tell_oldest(&oldest, now);
            tell_queues(&queues);
        }
    });
    recorder.handle().render()
}

fn tell_oldest(oldest: &Oldest, now: i64) {
    let of_kinds = [
        ("attempt", [oldest.attempt, oldest.sale].into_iter().flatten().min()),
        ("refund", oldest.refund),
        ("payout", oldest.payout),
        ("unknown", oldest.unknown),
        ("case", oldest.open_case),
        ("question", oldest.question),
    ];
    for (kind, since) in of_kinds {
        let age = since.map_or(0, |since| now.saturating_sub(since));
        gauge!("oldest_seconds", "of" => kind).set(Duration::from_secs(u64::try_from(age).unwrap_or(0)));
    }
}

fn tell_queues(Queues { questions, transfers, cases }: &Queues) {
    for (queue, length) in [("questions", questions), ("transfers", transfers), ("cases", cases)] {
        gauge!("queue_length", "queue" => queue).set(*length);
    }
}

fn is(figure: &'static str, so: bool) {
    gauge!(figure).set(u8::from(so));
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
