//! Comparisons in the background: begun by an operator or each night, one at a time, and stored.

use std::time::Duration;

use tokio::sync::watch;

use crate::{
    domain::{day::TimeSpan, reconciliation::Difference},
    server::{
        platform::{
            line::data_api::Read,
            reconciliation::{ComparedBooks, Unknown, whole_days},
        },
        running::calendar::{day_of, start_of},
        state::AppState,
        store::{LastComparison, StoreError},
    },
};

/// Begins a comparison in the background. `false`: one is under way already.
pub async fn begin(state: &AppState, by: &str, interval: TimeSpan) -> Result<bool, StoreError> {
    let Some(id) = state.store.begin_reconciliation(by, &state.run, interval, state.now()).await? else { return Ok(false) };
    let (workers, state) = (state.workers.clone(), state.clone());
    // One that broke off would count as under way, and no other one could begin.
    workers.finish("comparison", move || run(state.clone(), id, interval));
    Ok(true)
}

async fn run(state: AppState, id: i64, interval: TimeSpan) {
    let compared = compare(&state, id, interval).await;
    match &compared {
        Ok(differences) if differences.is_empty() => tracing::info!(id, "the register agrees"),
        Ok(differences) => tracing::error!(id, count = differences.len(), "the register differs: /admin/reconciliation"),
        // Not the reason: the platform's words may repeat what it was told.
        Err(_) => tracing::error!(id, "the register could not be compared: /admin/reconciliation says why"),
    }
    let told = compared.as_deref().map_err(Unknown::to_string);
    // While it counts as under way, no other one can begin.
    while let Err(error) = state.store.end_reconciliation(id, told.clone(), state.now()).await {
        tracing::error!(%error, id, "a comparison could not be written down yet");
        tokio::select! {
            () = tokio::time::sleep(TRY_AGAIN_AFTER) => {}
            () = state.stopped() => return,
        }
    }
}

const TRY_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Stores the progress meanwhile, as fast as the store takes it.
async fn compare(state: &AppState, id: i64, interval: TimeSpan) -> Result<Vec<Difference>, Unknown> {
    let books = ComparedBooks::of(&state.store, &state.config)?;
    let (progress, mut seen) = watch::channel(Read::default());
    let work = books.differences(interval, state.now(), &progress);
    tokio::pin!(work);
    loop {
        tokio::select! {
            compared = &mut work => return compared,
            Ok(()) = seen.changed() => {
                let Read { rows, total } = *seen.borrow_and_update();
                // Only shown: the comparison goes on without it.
                if let Err(error) = state.store.reconciliation_reads(id, rows, total).await {
                    tracing::warn!(%error, id, "how far a comparison came could not be written down");
                }
            }
        }
    }
}

/// Who begins comparisons by the calendar.
const SCHEDULE: &str = "schedule";
/// Seconds after midnight at which the day before is compared: the register is complete then, and few people pay.
const AFTER_MIDNIGHT_S: i64 = 3 * 60 * 60;
/// Seconds after which a comparison that failed is tried again.
const AFTER_FAILURE_S: i64 = 15 * 60;
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Each night compares the day before, until there is an answer or the shop stops.
pub async fn nightly(state: AppState) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    let mut done = None;
    loop {
        tokio::select! {
            _ = look.tick() => {}
            () = state.stopped() => return,
        }
        let zone = &state.config.time_zone;
        let Some(today) = day_of(zone, state.now()) else { return };
        let is_time = start_of(zone, today).is_some_and(|midnight| state.now() >= midnight.saturating_add(AFTER_MIDNIGHT_S));
        if !is_time || done == Some(today) {
            continue;
        }
        let yesterday = today.previous();
        let Ok(interval) = whole_days(yesterday, yesterday, zone) else { return };
        match compare_by_schedule(&state, interval).await {
            Ok(true) => done = Some(today),
            Ok(false) => {} // one is under way, or failed a moment ago; later
            Err(error) => tracing::error!(%error, "the comparison of the night could not begin"),
        }
    }
}

/// Begins a comparison if it is time to. `true`: there is an answer, also by a process that was stopped since or by another one.
async fn compare_by_schedule(state: &AppState, interval: TimeSpan) -> Result<bool, StoreError> {
    match state.store.reconciled_by(SCHEDULE, interval).await? {
        LastComparison::Answered => return Ok(true),
        LastComparison::UnderWay => return Ok(false),
        LastComparison::Failed { at } if state.now() < at.saturating_add(AFTER_FAILURE_S) => return Ok(false),
        LastComparison::Failed { .. } | LastComparison::Never => {}
    }
    begin(state, SCHEDULE, interval).await?;
    Ok(false)
}
