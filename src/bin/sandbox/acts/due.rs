//! What falls due: changes that time makes by itself, and tries of callbacks. A worker does them as time passes; moving
//! the clock does all on the way at once.

use std::{collections::HashSet, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt;
use tokio::{task::JoinSet, time::sleep};

use crate::{
    acts::{decision, sale},
    callbacks::delivery,
    ledger::{
        Transaction, callbacks,
        changes::{self, DueChange},
        control,
    },
    running::{
        clock::Moment,
        limits::{LONGEST_NAP, PAUSE_AFTER_FAILURE, SENT_AT_ONCE},
    },
    sandbox::{ActError, Sandbox},
};

/// Does what is due, for ever.
pub async fn run(sandbox: Arc<Sandbox>) {
    let mut deliveries: JoinSet<i64> = JoinSet::new();
    let mut busy: HashSet<i64> = HashSet::new();
    loop {
        let nap = start_due(&sandbox, &mut deliveries, &mut busy).await.unwrap_or_else(|error| {
            tracing::error!(%error, "callbacks wait: the list of what is due cannot be read");
            PAUSE_AFTER_FAILURE
        });
        tokio::select! {
            Some(done) = deliveries.join_next() => {
                // A delivery names its payment even if it failed or panicked.
                if let Ok(payment) = done {
                    busy.remove(&payment);
                }
            }
            () = sandbox.sender.wake.notified() => {}
            () = sleep(nap) => {}
        }
    }
}

/// Starts deliveries of everything due, as many as may run at once. Returns for how long nothing else falls due.
async fn start_due(sandbox: &Arc<Sandbox>, deliveries: &mut JoinSet<i64>, busy: &mut HashSet<i64>) -> Result<Duration, ActError> {
    let shared = sandbox.sender.clock_lock.read().await;
    let now = sandbox.clock.now();
    let mut next: Option<Moment> = loop {
        match sandbox.ledger.look(changes::next).await? {
            Some(change) if change.at() <= now => happen(sandbox, change).await?,
            change => break change.map(|change| change.at()),
        }
    };
    let urgent = sandbox.ledger.look(|tx| callbacks::most_urgent(tx, (2 * SENT_AT_ONCE) as u32)).await?;
    drop(shared);

    for due in urgent {
        if due.due_at > now {
            next = Some(next.map_or(due.due_at, |next| next.min(due.due_at)));
        } else if deliveries.len() < SENT_AT_ONCE && busy.insert(due.payment) {
            let sandbox = Arc::clone(sandbox);
            deliveries.spawn(async move {
                let delivered = AssertUnwindSafe(delivery::deliver_next(&sandbox, due.payment)).catch_unwind().await;
                match delivered {
                    Ok(Ok(())) => return due.payment,
                    Ok(Err(error)) => tracing::error!(%error, "an attempt was made but could not be recorded"),
                    Err(_) => tracing::error!("a delivery panicked"),
                }
                // It is due still: without a pause the shop would be sent it all the time.
                sleep(PAUSE_AFTER_FAILURE).await;
                due.payment
            });
        }
    }
    Ok(next.map_or(LONGEST_NAP, |next| next.since(now).min(LONGEST_NAP)))
}

async fn happen(sandbox: &Arc<Sandbox>, change: DueChange) -> Result<(), ActError> {
    let act = move |tx: &Transaction, sandbox: &Sandbox| match change {
        DueChange::Turn { payment, turn } => sale::turn(tx, sandbox, payment, turn),
        DueChange::Decision { payment, operation, .. } => decision::decide(tx, sandbox, payment, operation),
        DueChange::TimeOut { payment, operation, at } => decision::time_out(tx, sandbox, payment, operation, at),
    };
    sandbox.act(act).await
}

/// Moves the clock. Everything that falls due on the way happens in order of time, each at its own moment.
pub async fn advance(sandbox: &Arc<Sandbox>, by: Duration) -> Result<(), ActError> {
    let _exclusive = sandbox.sender.clock_lock.write().await;
    let target = sandbox.clock.now().plus(by);
    loop {
        let next = sandbox.ledger.look(|tx| Ok::<_, ActError>((changes::next(tx)?, callbacks::most_urgent(tx, 1)?.pop())));
        let (change, due) = next.await?;
        match (change.filter(|change| change.at() <= target), due.filter(|due| due.due_at <= target)) {
            (Some(change), due) if due.as_ref().is_none_or(|due| change.at() <= due.due_at) => {
                sandbox.clock.move_to(change.at());
                happen(sandbox, change).await?;
            }
            (_, Some(due)) => {
                sandbox.clock.move_to(due.due_at);
                let at = due.due_at;
                delivery::deliver(sandbox, due, at).await?;
            }
            (_, None) => break,
        }
    }
    sandbox.clock.move_to(target);
    let offset_ms = sandbox.clock.offset_ms();
    sandbox.act(move |tx, _| Ok(control::set_clock_offset_ms(tx, offset_ms)?)).await
}
