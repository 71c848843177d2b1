//! Worker: runs batches. Row after row becomes a refund or payout, which leaves through the [`till`](crate::server::platform::till).
//!
//! After a start it goes on where it was: a row is either ready still, or stored under its name and sent like any other transfer.

use std::time::Duration;

use futures::future::join_all;

use crate::{
    domain::{
        batch::BatchKind,
        people::operator::Operator,
        transfers::{
            payout::{PayoutOrder, Reference},
            progress::Progress,
        },
    },
    server::{
        platform::till::Till,
        running::chance,
        state::AppState,
        store::{MOST_TO_SEND, PayoutError, Ran, Started, StoreError},
    },
};

/// How often the shop looks whether something is to be run.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Rows on their way at one time.
const AT_ONCE: u32 = MOST_TO_SEND;
/// The pause before the next row while the platform cannot be reached, or does not answer clearly.
const PAUSE: Duration = Duration::from_secs(5);
/// Seconds without a byte after which an upload is over.
const UPLOADS_ARE_FORGOTTEN_AFTER_S: i64 = 15 * 60;

/// What became of one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// There is no row to run.
    Nothing,
    Ran,
    /// The platform did not answer clearly, or could not be reached.
    Unclear,
}

/// A single payout that an operator asks for, as a batch of one row: it runs at once, or, above the limits together with what
/// the operator started alone in the last day, waits for a second person. The batch's id is that of its page.
pub async fn pay_out_one(
    state: &AppState,
    operator: &Operator,
    order: PayoutOrder,
    reference: Option<Reference>,
) -> Result<(i64, Started), PayoutError> {
    state.store.batch_of_one(chance::token(), operator, order, reference, &state.config.approval_above, state.now()).await
}

/// Runs until the shop stops. Transfers that are being sent then still get their answer.
pub async fn run(state: AppState) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = look.tick() => {}
            () = state.stopped() => return,
        }
        match look_after(&state).await {
            Ok(Step::Unclear) => tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = state.stopped() => return,
            },
            Ok(Step::Nothing | Step::Ran) => {}
            Err(error) => tracing::error!(%error, "batches cannot go on"),
        }
    }
}

/// Runs rows, and ends batches that are complete, even if a row failed.
async fn look_after(state: &AppState) -> Result<Step, StoreError> {
    let steps = run_rows(state).await;
    let finished = state.store.finish_batches(state.now()).await;
    let since = state.now().saturating_sub(UPLOADS_ARE_FORGOTTEN_AFTER_S);
    let forgotten = state.store.forget_broken_uploads(since).await;
    let last = steps?;
    finished?;
    forgotten?;
    Ok(last)
}

async fn run_rows(state: &AppState) -> Result<Step, StoreError> {
    let mut last = Step::Ran;
    while last == Step::Ran && !*state.stopping.borrow() {
        let steps = join_all((0..AT_ONCE).map(|_| step(state))).await;
        let steps: Vec<_> = steps.into_iter().map(clear).collect::<Result<_, _>>()?;
        last = match steps.iter().all(|step| *step == Step::Nothing) {
            true => Step::Nothing,
            false if steps.contains(&Step::Unclear) => Step::Unclear,
            false => Step::Ran,
        };
    }
    Ok(last)
}

/// A row that cannot be read does not stop the others.
fn clear(step: Result<Step, StoreError>) -> Result<Step, StoreError> {
    match step {
        Err(error @ StoreError::Inconsistent(_)) => {
            tracing::error!(%error, "a row of a batch could not be sent");
            Ok(Step::Unclear)
        }
        step => step,
    }
}

async fn step(state: &AppState) -> Result<Step, StoreError> {
    let (kind, name) = match state.store.run_next_row(state.now()).await? {
        None => return Ok(Step::Nothing),
        Some(Ran::Refused) => return Ok(Step::Ran),
        Some(Ran::Asked(kind, name)) => (kind, name),
    };
    Till::of(state).send_whole(kind.into(), &name).await?;
    let progress = match kind {
        BatchKind::Refund => state.store.refund(&name).await?.map(|refund| refund.progress),
        BatchKind::Payout => state.store.payout(&name).await?.map(|payout| payout.progress),
    };
    let is_clear = !matches!(progress, Some(Progress::Stored | Progress::Unknown));
    Ok(if is_clear { Step::Ran } else { Step::Unclear })
}
