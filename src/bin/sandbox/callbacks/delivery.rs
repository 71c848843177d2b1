//! Delivers callbacks. Only HTTP 200 confirms one; anything else is tried again by the rule in `schedule`.
//!
//! A payment's callbacks leave one at a time, in order of their due times; payments do not wait for each other.
//! The list of what is due is in the ledger: a restart loses nothing, at worst the try under way is made again.

use std::{collections::HashSet, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt;
use reqwest::{Client, header::CONTENT_TYPE, redirect::Policy};
use tokio::{
    sync::{Notify, RwLock},
    task::JoinSet,
    time::sleep,
};

use crate::{
    callbacks::schedule,
    gate::decision,
    ledger::{
        LedgerError, Transaction,
        callbacks::{self, Attempt, Due, Sequel},
        changes::{self, Change},
        settings,
    },
    payments::{act::ActError, sale},
    running::clock::Moment,
    sandbox::Sandbox,
};

const ANSWER_WITHIN: Duration = Duration::from_secs(10);
const AT_ONCE: usize = 16;
/// The list is looked through at least this often, should a wake-up ever be missed.
const LONGEST_NAP: Duration = Duration::from_secs(60);
const PAUSE_AFTER_FAULT: Duration = Duration::from_secs(1);

/// What delivering needs besides the ledger.
#[derive(Debug)]
pub struct Sender {
    client: Client,
    wake: Notify,
    /// Held for reading by each delivery, for writing by whoever moves the clock: time stands still while it is moved.
    clock_lock: RwLock<()>,
}

impl Sender {
    /// The client follows no redirects: only the address given counts.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .timeout(ANSWER_WITHIN)
            .redirect(Policy::none())
            .no_proxy()
            // Each delivery connects anew: a connection kept from the last one may have died since.
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self { client, wake: Notify::new(), clock_lock: RwLock::new(()) })
    }

    /// Something was queued, or the clock moved.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// The status of the answer; `None` if none came.
    async fn post(&self, url: &str, body: &str) -> Option<u16> {
        let request = self.client.post(url).header(CONTENT_TYPE, "application/json").body(body.to_owned());
        match request.send().await {
            Ok(answer) => Some(answer.status().as_u16()),
            Err(error) => {
                tracing::info!(%url, error = ?error.without_url(), "no answer to a callback");
                None
            }
        }
    }
}

/// Delivers what is due, for ever.
pub async fn run(sandbox: Arc<Sandbox>) {
    let mut deliveries: JoinSet<i64> = JoinSet::new();
    let mut busy: HashSet<i64> = HashSet::new();
    loop {
        let nap = start_due(&sandbox, &mut deliveries, &mut busy).await.unwrap_or_else(|error| {
            tracing::error!(%error, "callbacks wait: the list of what is due cannot be read");
            PAUSE_AFTER_FAULT
        });
        tokio::select! {
            Some(done) = deliveries.join_next() => {
                // Whatever broke off in it, a delivery tells which payment it was about.
                if let Ok(payment) = done {
                    busy.remove(&payment);
                }
            }
            () = sandbox.sender.wake.notified() => {}
            () = sleep(nap) => {}
        }
    }
}

/// Starts deliveries of everything due as far as there is room. Returns how long nothing else will fall due.
async fn start_due(sandbox: &Arc<Sandbox>, deliveries: &mut JoinSet<i64>, busy: &mut HashSet<i64>) -> Result<Duration, ActError> {
    let shared = sandbox.sender.clock_lock.read().await;
    let now = sandbox.clock.now();
    let mut next: Option<Moment> = loop {
        match sandbox.ledger.look(changes::next).await? {
            Some(change) if change.at() <= now => happen(sandbox, change).await?,
            change => break change.map(|change| change.at()),
        }
    };
    let urgent = sandbox.ledger.look(|tx| callbacks::most_urgent(tx, (2 * AT_ONCE) as u32)).await?;
    drop(shared);

    for due in urgent {
        if due.due_at > now {
            next = Some(next.map_or(due.due_at, |next| next.min(due.due_at)));
        } else if deliveries.len() < AT_ONCE && busy.insert(due.payment) {
            let sandbox = Arc::clone(sandbox);
            deliveries.spawn(async move {
                let delivered = AssertUnwindSafe(deliver_next(&sandbox, due.payment)).catch_unwind().await;
                match delivered {
                    Ok(Ok(())) => return due.payment,
                    Ok(Err(error)) => tracing::error!(%error, "an attempt was made but could not be recorded"),
                    Err(_) => tracing::error!("a delivery broke off"),
                }
                // It is due still: without a pause the shop would be sent it all the time.
                sleep(PAUSE_AFTER_FAULT).await;
                due.payment
            });
        }
    }
    Ok(next.map_or(LONGEST_NAP, |next| next.since(now).min(LONGEST_NAP)))
}

/// Lets happen what is due by itself.
async fn happen(sandbox: &Arc<Sandbox>, change: Change) -> Result<(), ActError> {
    let act = move |tx: &Transaction, sandbox: &Sandbox| match change {
        Change::Turn { payment, turn } => sale::turn(tx, sandbox, payment, turn),
        Change::Decision { payment, operation, .. } => decision::decide(tx, sandbox, payment, operation),
        Change::TimeOut { payment, operation, at } => decision::time_out(tx, sandbox, payment, operation, at),
    };
    sandbox.act(act).await
}

/// Tries what is most urgent of a payment now: the list may have changed since it was looked through.
async fn deliver_next(sandbox: &Sandbox, payment: i64) -> Result<(), LedgerError> {
    let _shared = sandbox.sender.clock_lock.read().await;
    let now = sandbox.clock.now();
    let urgent = sandbox.ledger.look(move |tx| callbacks::most_urgent_of(tx, payment)).await?;
    match urgent.filter(|due| due.due_at <= now) {
        Some(due) => deliver(sandbox, due, now).await,
        None => Ok(()),
    }
}

/// Makes one scheduled try and plans the next.
async fn deliver(sandbox: &Sandbox, due: Due, at: Moment) -> Result<(), LedgerError> {
    let http_status = sandbox.sender.post(&due.url, &due.body).await;
    let sequel = sequel(&due, at, http_status);
    tracing::info!(callback = due.id, http_status, ?sequel, "callback sent");
    let record = move |tx: &Transaction| {
        callbacks::insert_attempt(tx, due.id, Attempt { at, http_status })?;
        callbacks::set_sequel(tx, due.id, at, sequel)
    };
    sandbox.ledger.decide(record).await
}

fn sequel(due: &Due, at: Moment, http_status: Option<u16>) -> Sequel {
    if http_status == Some(200) {
        return Sequel::Confirmed;
    }
    let since_first = at.since(due.first_tried_at.unwrap_or(at));
    match schedule::pause_after(due.tries + 1, since_first) {
        Some(pause) => Sequel::TryAt(at.plus(pause)),
        None => Sequel::Abandoned,
    }
}

/// Moves the clock. Everything that falls due on the way happens in order of time, each at its own moment.
pub async fn advance(sandbox: &Arc<Sandbox>, by: Duration) -> Result<(), ActError> {
    let _exclusive = sandbox.sender.clock_lock.write().await;
    let target = sandbox.clock.now().plus(by);
    loop {
        let next = sandbox.ledger.look(|tx| Ok::<_, LedgerError>((changes::next(tx)?, callbacks::most_urgent(tx, 1)?.pop())));
        let (change, due) = next.await?;
        match (change.filter(|change| change.at() <= target), due.filter(|due| due.due_at <= target)) {
            (Some(change), due) if due.as_ref().is_none_or(|due| change.at() <= due.due_at) => {
                sandbox.clock.move_to(change.at());
                happen(sandbox, change).await?;
            }
            (_, Some(due)) => {
                sandbox.clock.move_to(due.due_at);
                let at = due.due_at;
                deliver(sandbox, due, at).await?;
            }
            (_, None) => break,
        }
    }
    sandbox.clock.move_to(target);
    let offset_ms = sandbox.clock.offset_ms();
    Ok(sandbox.act(move |tx, _| settings::set_clock_offset_ms(tx, offset_ms)).await?)
}

/// Sends every callback of a payment once more, oldest first, whatever became of it: also what was dropped or held,
/// since somebody asks for it. Tries of this kind do not count in the schedule.
pub async fn send_again(sandbox: &Sandbox, payment: i64) -> Result<(), LedgerError> {
    let _shared = sandbox.sender.clock_lock.read().await;
    let every = sandbox.ledger.look(move |tx| callbacks::every(tx, payment)).await?;
    for due in every {
        let at = sandbox.clock.now();
        let http_status = sandbox.sender.post(&due.url, &due.body).await;
        let record = move |tx: &Transaction| {
            callbacks::insert_attempt(tx, due.id, Attempt { at, http_status })?;
            if http_status == Some(200) { callbacks::set_confirmed(tx, due.id) } else { Ok(()) }
        };
        sandbox.ledger.decide(record).await?;
    }
    Ok(())
}

/// Forgets everything, the clock's offset and the faults too. Waits for deliveries under way.
pub async fn reset(sandbox: &Sandbox) -> Result<(), LedgerError> {
    let _exclusive = sandbox.sender.clock_lock.write().await;
    sandbox.ledger.clear().await?;
    sandbox.clock.reset();
    Ok(())
}
