//! The journal of callbacks, and what each does to an order: one transaction, durable before it is acknowledged.

use sqlx::{Sqlite, Transaction};

use super::{
    Store, StoreError, acts, books, carts, cases,
    orders::{self, By, StoredOrder},
    payouts_heard,
    refunds_heard::{self, OtherSum},
    registry, stock,
};
use crate::domain::{
    case::CaseKind,
    history::{APPLIED, Callback, NOT_USED, Source},
    order::{Heard, Operation, Order, Report},
    product::Catalog,
};

/// What the platform told and signed, ready to be written down.
pub struct Incoming {
    /// Of what was signed: equal ones are one callback, however often they come and however they are spelled.
    pub digest: [u8; 32],
    pub body: Vec<u8>,
    pub payment_id: String,
    pub source: Source,
    /// One for a callback, one for each operation of a status answer, none for what this shop does not use.
    pub readings: Vec<Reading>,
    pub received_at: i64,
    /// Random; the emptied cart's next key.
    pub next_order_key: String,
}

/// What it says.
pub enum Reading {
    Clear(Box<Report>),
    /// It moves nothing before a person looked.
    Doubtful(CaseKind),
}

/// What became of a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// The rules had their say: the order moved, or it knew better.
    Applied,
    /// The very same was here before.
    Repeated,
    Case(CaseKind),
}

impl Store {
    /// Writes a callback down and lets it do what it may.
    pub async fn record_callback(&self, incoming: Incoming, catalog: &Catalog) -> Result<Recorded, StoreError> {
        let mut tx = self.begin().await?;
        if repeated(&mut tx, &incoming).await? {
            tx.commit().await?;
            return Ok(Recorded::Repeated);
        }
        let (callback_id,): (i64,) = sqlx::query_as(
            "INSERT INTO callbacks (digest, body, payment_id, source, verdict, received_at, last_at) VALUES (?, ?, ?, ?, '', ?, ?) RETURNING id",
        )
        .bind(&incoming.digest[..])
        .bind(&incoming.body)
        .bind(&incoming.payment_id)
        .bind(incoming.source.name())
        .bind(incoming.received_at)
        .bind(incoming.received_at)
        .fetch_one(&mut *tx)
        .await?;
        let mut cases = take(&mut tx, &incoming.readings, catalog, &incoming.next_order_key, incoming.received_at).await?;
        if incoming.source == Source::Status {
            cases = cases::not_open_yet(&mut tx, cases, &incoming.payment_id).await?;
        }
        for kind in &cases {
            cases::open(&mut tx, *kind, &incoming.payment_id, callback_id, incoming.received_at).await?;
        }
        let recorded = note_verdict(&mut tx, callback_id, &incoming.readings, &cases).await?;
        tx.commit().await?;
        Ok(recorded)
    }

    /// Takes a stored callback through the rules once more, as an operator's act. A doubt that was decided is not opened anew.
    pub async fn apply_again(
        &self,
        operator: &str,
        callback: &Callback,
        readings: &[Reading],
        catalog: &Catalog,
        next_order_key: &str,
        now: i64,
    ) -> Result<Recorded, StoreError> {
        let mut tx = self.begin().await?;
        let cases = take(&mut tx, readings, catalog, next_order_key, now).await?;
        for kind in &cases {
            cases::open(&mut tx, *kind, &callback.payment_id, callback.id, now).await?;
        }
        let recorded = note_verdict(&mut tx, callback.id, readings, &cases).await?;
        let subject = format!("payment {}", callback.payment_id);
        acts::note(&mut tx, operator, "apply callback again", &subject, &format!("callback {}", callback.id), now).await?;
        tx.commit().await?;
        Ok(recorded)
    }
}

/// Lets each reading do what it may. Returns what a person must look at.
async fn take(
    tx: &mut Transaction<'static, Sqlite>,
    readings: &[Reading],
    catalog: &Catalog,
    next_order_key: &str,
    now: i64,
) -> Result<Vec<CaseKind>, StoreError> {
    let mut cases = Vec::new();
    for reading in readings {
        let outcome = match reading {
            Reading::Doubtful(kind) => Ok(vec![*kind]),
            Reading::Clear(report) => apply(tx, report, None, catalog, next_order_key, now).await,
        };
        // A row that cannot be read must not cost what was told: it is kept, and a person looks.
        cases.extend(match outcome {
            Err(StoreError::Inconsistent(_)) => vec![CaseKind::UnreadableOrder],
            outcome => outcome?,
        });
    }
    Ok(cases)
}

async fn note_verdict(
    tx: &mut Transaction<'static, Sqlite>,
    callback_id: i64,
    readings: &[Reading],
    cases: &[CaseKind],
) -> Result<Recorded, StoreError> {
    let verdict = match cases.first() {
        Some(kind) => kind.name(),
        None if readings.is_empty() => NOT_USED,
        None => APPLIED,
    };
    sqlx::query("UPDATE callbacks SET verdict = ? WHERE id = ?").bind(verdict).bind(callback_id).execute(&mut **tx).await?;
    Ok(cases.first().map_or(Recorded::Applied, |kind| Recorded::Case(*kind)))
}

/// Moves the order or payout a report is about, as far as its rules allow. Returns what a person must look at.
/// `accepted`: what was told of a refund's sum, where a person accepted that it is another one.
pub(super) async fn apply(
    tx: &mut Transaction<'static, Sqlite>,
    report: &Report,
    accepted: Option<&Report>,
    catalog: &Catalog,
    next_order_key: &str,
    now: i64,
) -> Result<Vec<CaseKind>, StoreError> {
    let Some(mut stored) = orders::load(tx, By::Payment(&report.payment_id)).await? else {
        return Ok(payouts_heard::hear(tx, report, now).await?.unwrap_or_else(|| vec![CaseKind::UnknownPayment]));
    };
    let was_paid = stored.order.is_paid();
    let mut cases = Vec::new();
    let heard = stored.order.hear(report);
    let other_sum = if accepted.is_some() { OtherSum::IsAccepted } else { OtherSum::IsDoubted };
    if report.operation == Some(Operation::Refund) && !matches!(heard, Some(Heard::Contradicts(_))) {
        match refunds_heard::hear(tx, accepted.unwrap_or(report), other_sum, now).await? {
            Ok(beside) => cases.extend(beside),
            Err(doubt) => return Ok(vec![doubt]),
        }
    }
    match heard {
        Some(Heard::Unchanged) | None => return Ok(cases),
        Some(Heard::Contradicts(contradiction)) => return Ok(vec![contradiction.into()]),
        Some(Heard::PaidTwice) => cases.push(CaseKind::SecondPayment),
        Some(Heard::Moved) => {}
    }
    let becomes_paid = stored.order.is_paid() && !was_paid;
    // Asked before the order counts as paid itself, and always: a customer's own holds do not keep things from each other.
    let customer = Some(stored.order.customer_id.as_str());
    if becomes_paid && stock::first_missing(tx, catalog, &stored.order.lines, customer, now).await?.is_some() {
        cases.push(CaseKind::NoStock);
    }
    save(tx, &stored, &report.payment_id).await?;
    books::post_sale(tx, &stored.order, &report.payment_id, now).await?;
    registry::refresh(tx, stored.id).await?;
    if becomes_paid {
        on_paid(tx, &stored.order, next_order_key, now).await?;
    }
    Ok(cases)
}

async fn save(tx: &mut Transaction<'static, Sqlite>, stored: &StoredOrder, payment_id: &str) -> Result<(), StoreError> {
    let Some(attempt) = stored.order.attempt(payment_id) else { return Ok(()) };
    sqlx::query(
        "UPDATE attempts SET status = ?, status_at = ?, code = ?, retry_until = ?, paid_with = ?, handover = ?, asks_last_name = ?
         WHERE payment_id = ?",
    )
    .bind(attempt.status.as_ref().map(|status| status.as_str()))
    .bind(attempt.status_at)
    .bind(&attempt.code)
    .bind(attempt.retry_until)
    .bind(attempt.paid_with.map(|method| method.rules().code))
    .bind(attempt.handover.as_ref().and_then(|handover| serde_json::to_string(handover).ok()))
    .bind(attempt.asks_last_name)
    .bind(&attempt.payment_id)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE orders SET paid_by = ? WHERE id = ?")
        .bind(&stored.order.paid_by)
        .bind(stored.id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// What is done once, in the same transaction, when an order becomes paid.
async fn on_paid(tx: &mut Transaction<'static, Sqlite>, order: &Order, next_order_key: &str, now: i64) -> Result<(), StoreError> {
    carts::take_out(tx, order, next_order_key, now).await
}

async fn repeated(tx: &mut Transaction<'static, Sqlite>, incoming: &Incoming) -> Result<bool, StoreError> {
    let counted = sqlx::query("UPDATE callbacks SET deliveries = deliveries + 1, last_at = ? WHERE digest = ?")
        .bind(incoming.received_at)
        .bind(&incoming.digest[..])
        .execute(&mut **tx)
        .await?;
    Ok(counted.rows_affected() > 0)
}
