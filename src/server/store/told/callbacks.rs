//! A callback is written down and does what it may: one transaction, durable before it is acknowledged.

use std::sync::Arc;

use crate::{
    domain::{
        books::MoneyKind,
        case::CaseKind,
        orders::history::{APPLIED, Source},
        shop::product::Catalog,
    },
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{Tx, params},
        money::left_out,
        told::{
            cases,
            incoming::{self, Incoming},
            journal::{self, Known, Recorded},
            readings, unknown_payments,
        },
    },
};

impl Store {
    /// Writes a callback down and applies it. Where a stored row cannot be read, the callback is kept all the same, as a case.
    pub async fn record_callback(&self, incoming: Incoming, catalog: &Arc<Catalog>) -> Result<Recorded, StoreError> {
        let record = |incoming: Incoming| {
            let catalog = catalog.clone();
            let about = About::Payment(incoming.payment_id.clone());
            self.decide(about, move |tx| record_callback(tx, &incoming, &catalog))
        };
        match record(incoming.clone()).await {
            Err(StoreError::Inconsistent(_)) => {
                record(Incoming { readings: incoming::of_what_cannot_be_read(&incoming.readings), ..incoming }).await
            }
            recorded => recorded,
        }
    }
}

fn record_callback(tx: &mut Tx<'_>, incoming: &Incoming, catalog: &Catalog) -> Result<Recorded, StoreError> {
    let incoming = &incoming.clone().spelled(known_as(tx, &incoming.payment_id)?);
    let Incoming { payment_id, received_at: now, .. } = incoming;
    let (recorded, is_applied) = match journal::repeated(tx, incoming)? {
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

/// The id of this payment as the shop spells it, or as it was first told. The platform compares ids without case, and may spell it
/// otherwise.
fn known_as(tx: &mut Tx<'_>, payment_id: &str) -> Result<Option<String>, StoreError> {
    tx.first(
        "SELECT payment_id FROM attempts WHERE lower(payment_id) = ?1
         UNION ALL SELECT payment_id FROM transfers WHERE kind = 'payout' AND lower(payment_id) = ?1
         UNION ALL SELECT payment_id FROM callbacks WHERE lower(payment_id) = ?1 LIMIT 1",
        params![payment_id.to_ascii_lowercase()],
    )
}

fn applied(recorded: Recorded) -> (Recorded, bool) {
    (recorded, recorded == Recorded::Applied)
}

/// The same content was signed and is spelled differently now: a sum that was a text may be a number. Somebody who sent an odd
/// spelling first must not keep the platform's own from counting.
fn read_again(tx: &mut Tx<'_>, known: &Known, incoming: &Incoming, catalog: &Catalog) -> Result<Recorded, StoreError> {
    let Incoming { body, readings: said, received_at: now, next_order_key, .. } = incoming;
    let cases = readings::take(tx, said, catalog, next_order_key, *now)?;
    if !cases.is_empty() {
        return Ok(Recorded::Repeated);
    }
    journal::spell_anew(tx, known.id, body)?;
    let recorded = Recorded::of(said, &cases);
    journal::note_verdict(tx, known.id, recorded)?;
    Ok(recorded)
}

fn record_new(tx: &mut Tx<'_>, incoming: &Incoming, catalog: &Catalog) -> Result<Recorded, StoreError> {
    let Incoming { payment_id, readings: said, received_at: now, next_order_key, prefix, .. } = incoming;
    let cases = readings::take(tx, said, catalog, next_order_key, *now)?;
    let recorded = match Recorded::of(said, &cases) {
        Recorded::Case(CaseKind::UnknownPayment) => unknown_payments::recorded(payment_id, prefix),
        recorded => recorded,
    };
    let callback_id = journal::insert(tx, incoming, recorded)?;
    if recorded != Recorded::OfAnotherShop {
        readings::open_cases(tx, &cases, payment_id, (callback_id, incoming::about(said)), *now)?;
    }
    Ok(recorded)
}
