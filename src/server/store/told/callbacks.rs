//! The journal of callbacks, and what each does to an order: one transaction, durable before it is acknowledged.

use std::sync::Arc;

use crate::{
    domain::{
        books::MoneyKind,
        case::CaseKind,
        orders::{
            history::{APPLIED, Callback, NOT_USED, OF_ANOTHER_SHOP, Source},
            order::Statement,
        },
        shop::product::Catalog,
        transfers::silence::Elapsed,
    },
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{Tx, params, row},
        money::left_out,
        people::acts,
        questions::{self, Urgency},
        told::{cases, hearing::apply},
    },
};

/// What the platform told and signed, ready to be written down.
#[derive(Clone)]
pub struct Incoming {
    /// Of what was signed: equal ones are one callback, however often they come and however they are spelled.
    pub digest: [u8; 32],
    pub body: Vec<u8>,
    pub payment_id: String,
    pub source: Source,
    /// When the platform answered a question and listed all there is, by the clock that never steps.
    pub leaves_out: Option<Elapsed>,
    /// One for a callback, one for each operation of a status answer, none for what this shop does not use.
    pub readings: Vec<Reading>,
    pub received_at: i64,
    /// Random; the emptied cart's next key.
    pub next_order_key: String,
    /// How this shop's payment ids begin. What is about others is another shop's on the same project.
    pub prefix: String,
    /// Whether two bodies that were signed alike hold the same members, however they are spelled.
    pub reads_alike: fn(&[u8], &[u8]) -> bool,
}

/// What it says.
#[derive(Clone)]
pub enum Reading {
    Clear(Box<Statement>),
    /// It moves nothing before a person looked. What it is about, as far as it says.
    Doubtful(CaseKind, Option<MoneyKind>),
}

/// What became of a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// The rules had their say: the order moved, or it knew better.
    Applied,
    /// The very same was here before.
    Repeated,
    /// It is true, and of a kind that this shop does not use.
    NotUsed,
    /// It is about a payment of another shop on the same project.
    OfAnotherShop,
    Case(CaseKind),
}

/// Seconds from a doubt to the first question about it.
const DOUBTS_ARE_ASKED_ABOUT_AFTER_S: i64 = 10;

impl Recorded {
    /// What the journal says of a new one.
    fn verdict(self) -> &'static str {
        match self {
            Recorded::Applied | Recorded::Repeated => APPLIED,
            Recorded::NotUsed => NOT_USED,
            Recorded::OfAnotherShop => OF_ANOTHER_SHOP,
            Recorded::Case(kind) => kind.name(),
        }
    }
}

impl Store {
    /// Writes a callback down and lets it do what it may. A row that cannot be read must not cost what was told: it is kept, and
    /// a person looks.
    pub async fn record_callback(&self, incoming: Incoming, catalog: &Arc<Catalog>) -> Result<Recorded, StoreError> {
        let record = |incoming: Incoming| {
            let catalog = catalog.clone();
            let about = About::Payment(incoming.payment_id.clone());
            self.decide(about, move |tx| record_callback(tx, &incoming, &catalog))
        };
        match record(incoming.clone()).await {
            Err(StoreError::Inconsistent(_)) => {
                record(Incoming { readings: of_what_cannot_be_read(&incoming.readings), ..incoming }).await
            }
            recorded => recorded,
        }
    }

    /// Takes a stored callback through the rules once more, as an operator's act. A doubt that was decided is not opened anew.
    pub async fn apply_again(
        &self,
        operator: &str,
        callback: &Callback,
        readings: &[Reading],
        catalog: &Arc<Catalog>,
        next_order_key: &str,
        now: i64,
    ) -> Result<Recorded, StoreError> {
        let apply = |readings: Vec<Reading>| {
            let (operator, callback, catalog) = (operator.to_owned(), callback.clone(), catalog.clone());
            let next_order_key = next_order_key.to_owned();
            let about = About::Payment(callback.payment_id.clone());
            self.decide(about, move |tx| apply_again(tx, &operator, &callback, &readings, &catalog, &next_order_key, now))
        };
        match apply(readings.to_vec()).await {
            Err(StoreError::Inconsistent(_)) => apply(of_what_cannot_be_read(readings)).await,
            recorded => recorded,
        }
    }
}

fn of_what_cannot_be_read(readings: &[Reading]) -> Vec<Reading> {
    let about = about(readings);
    readings.iter().map(|_| Reading::Doubtful(CaseKind::UnreadableOrder, about)).collect()
}

fn record_callback(tx: &mut Tx<'_>, incoming: &Incoming, catalog: &Catalog) -> Result<Recorded, StoreError> {
    let Incoming { payment_id, received_at: now, .. } = incoming;
    let (recorded, is_applied) = match repeated(tx, incoming)? {
        None => applied(record_new(tx, incoming, catalog)?),
        Some(known) if known.is_spelled_otherwise_by(incoming) => applied(read_again(tx, &known, incoming, catalog)?),
        Some(known) => (Recorded::Repeated, known.verdict == APPLIED),
    };
    if is_applied && incoming.source == Source::Status {
        cases::close_moot(tx, payment_id, None, *now)?;
    }
    if let Some(elapsed) = incoming.leaves_out.as_ref().filter(|_| is_applied) {
        left_out::left_out(tx, payment_id, &[MoneyKind::Refund, MoneyKind::Payout], elapsed, *now)?;
    }
    Ok(recorded)
}

fn applied(recorded: Recorded) -> (Recorded, bool) {
    (recorded, recorded == Recorded::Applied)
}

/// The same was signed and is spelled otherwise now: a sum that was text then may be a number. Whoever sent the odd spelling
/// first must not keep the platform's own from counting.
fn read_again(tx: &mut Tx<'_>, known: &Known, incoming: &Incoming, catalog: &Catalog) -> Result<Recorded, StoreError> {
    let Incoming { body, readings, received_at: now, next_order_key, .. } = incoming;
    let cases = take(tx, readings, catalog, next_order_key, *now)?;
    if !cases.is_empty() {
        return Ok(Recorded::Repeated);
    }
    tx.execute("UPDATE callbacks SET body = ?1 WHERE id = ?2", params![body, known.id])?;
    note_verdict(tx, known.id, readings, &cases)
}

fn record_new(tx: &mut Tx<'_>, incoming: &Incoming, catalog: &Catalog) -> Result<Recorded, StoreError> {
    let Incoming { digest, body, payment_id, readings, received_at: now, next_order_key, source, prefix, .. } = incoming;
    let cases = take(tx, readings, catalog, next_order_key, *now)?;
    let recorded = match cases.first() {
        None if readings.is_empty() => Recorded::NotUsed,
        None => Recorded::Applied,
        Some(CaseKind::UnknownPayment) if !begins_with(payment_id, prefix) => Recorded::OfAnotherShop,
        Some(kind) => Recorded::Case(*kind),
    };
    let callback_id: i64 = tx.one(
        "INSERT INTO callbacks (digest, body, payment_id, source, verdict, received_at, last_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) RETURNING id",
        params![digest, body, payment_id, source.name(), recorded.verdict(), *now],
    )?;
    if recorded != Recorded::OfAnotherShop {
        open_cases(tx, &cases, payment_id, (callback_id, about(readings)), *now)?;
    }
    Ok(recorded)
}

/// The platform compares payment ids without case.
fn begins_with(payment_id: &str, prefix: &str) -> bool {
    payment_id.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// What a callback is about. A status answer is about all of a payment.
fn about(readings: &[Reading]) -> Option<MoneyKind> {
    match readings {
        [Reading::Doubtful(_, about)] => *about,
        [Reading::Clear(report)] => report.event.kind(),
        _ => None,
    }
}

/// A doubt that a clear answer would end is asked about soon.
fn open_cases(
    tx: &mut Tx<'_>,
    cases: &[CaseKind],
    payment_id: &str,
    callback: (i64, Option<MoneyKind>),
    now: i64,
) -> Result<(), StoreError> {
    for kind in cases {
        cases::open(tx, *kind, payment_id, Some(callback), now)?;
        if kind.ends_with_a_clear_answer() {
            questions::expect(tx, payment_id, now.saturating_add(DOUBTS_ARE_ASKED_ABOUT_AFTER_S), Urgency::Heard)?;
        }
    }
    Ok(())
}

fn apply_again(
    tx: &mut Tx<'_>,
    operator: &str,
    callback: &Callback,
    readings: &[Reading],
    catalog: &Catalog,
    next_order_key: &str,
    now: i64,
) -> Result<Recorded, StoreError> {
    let cases = take(tx, readings, catalog, next_order_key, now)?;
    open_cases(tx, &cases, &callback.payment_id, (callback.id, about(readings)), now)?;
    let recorded = note_verdict(tx, callback.id, readings, &cases)?;
    let subject = format!("payment {}", callback.payment_id);
    acts::note(tx, operator, "apply callback again", &subject, &format!("callback {}", callback.id), now)?;
    Ok(recorded)
}

/// Lets each reading do what it may. Returns what a person must look at.
fn take(
    tx: &mut Tx<'_>,
    readings: &[Reading],
    catalog: &Catalog,
    next_order_key: &str,
    now: i64,
) -> Result<Vec<CaseKind>, StoreError> {
    let mut cases = Vec::new();
    for reading in readings {
        match reading {
            Reading::Doubtful(kind, _) => cases.push(*kind),
            Reading::Clear(report) => cases.extend(apply(tx, report, catalog, next_order_key, now)?),
        }
    }
    Ok(cases)
}

fn note_verdict(tx: &mut Tx<'_>, callback_id: i64, readings: &[Reading], cases: &[CaseKind]) -> Result<Recorded, StoreError> {
    let recorded = match cases.first() {
        Some(kind) => Recorded::Case(*kind),
        None if readings.is_empty() => Recorded::NotUsed,
        None => Recorded::Applied,
    };
    tx.execute("UPDATE callbacks SET verdict = ?1 WHERE id = ?2", params![recorded.verdict(), callback_id])?;
    Ok(recorded)
}

row! {
    /// What came before, and was signed alike.
    struct Known {
        id: i64,
        body: Vec<u8>,
        verdict: String,
    }
}

impl Known {
    /// It waits for a person, and the same members came with other spellings. A text that somebody took apart into other
    /// members is no better spelling of it: it decides nothing.
    fn is_spelled_otherwise_by(&self, incoming: &Incoming) -> bool {
        let waits = CaseKind::from_name(&self.verdict).is_some();
        waits && self.body != incoming.body && (incoming.reads_alike)(&self.body, &incoming.body)
    }
}

fn repeated(tx: &mut Tx<'_>, incoming: &Incoming) -> Result<Option<Known>, StoreError> {
    tx.first(
        "UPDATE callbacks SET deliveries = deliveries + 1, last_at = ?1 WHERE digest = ?2 RETURNING id, body, verdict",
        params![incoming.received_at, &incoming.digest],
    )
}
