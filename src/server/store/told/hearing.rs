//! What the platform told changes the order or payout it is about, as far as their rules allow.

use crate::{
    domain::{
        books::MoneyKind,
        case::CaseKind,
        orders::order::{Attempt, Event, Heard, Order, Statement},
        shop::product::Catalog,
    },
    platform::Standing,
    server::store::{
        database::StoreError,
        engine::Tx,
        money::{books, transfers},
        questions,
        shop::{
            attempts, carts, glance,
            orders::{self, OrderKey},
            stock,
        },
        told::{cases, payouts_heard, refunds_heard},
    },
};

/// Returns the cases to open.
pub fn apply(
    tx: &mut Tx<'_>,
    report: &Statement,
    catalog: &Catalog,
    next_order_key: &str,
    now: i64,
) -> Result<Vec<CaseKind>, StoreError> {
    let Some(mut stored) = orders::load(tx, OrderKey::Payment(&report.payment_id))? else {
        return Ok(payouts_heard::hear(tx, report, now)?.unwrap_or_else(|| vec![CaseKind::UnknownPayment]));
    };
    // What follows is stored under the id as it is spelled here.
    let known_as = stored.order.attempt(&report.payment_id).map(|attempt| attempt.payment_id.clone());
    let report = &Statement { payment_id: known_as.unwrap_or_else(|| report.payment_id.clone()), ..report.clone() };
    let was_paid = stored.order.is_paid();
    let mut cases = Vec::new();
    let heard = stored.order.hear(report);
    if let Event::Refund(told, names) = &report.event
        && !matches!(heard, Some(Heard::Contradicts(_)))
    {
        let taken = stored.order.attempt(&report.payment_id).and_then(Attempt::taken).unwrap_or(stored.order.total);
        match refunds_heard::hear(tx, report, (told, names), taken, now)? {
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
    if becomes_paid && stock::first_missing(tx, catalog, &stored.order.lines, customer, now)?.is_some() {
        cases.push(CaseKind::NoStock);
    }
    if let Some(attempt) = stored.order.attempt(&report.payment_id) {
        attempts::save(tx, attempt)?;
    }
    if cases.is_empty() && report.status.standing() != Standing::Open {
        let about = report.event.kind().unwrap_or(MoneyKind::Sale);
        cases::close_moot(tx, &report.payment_id, Some(about), now)?;
    }
    if report.status.standing() == Standing::Open {
        questions::was_heard(tx, &report.payment_id)?;
    }
    if let Some(attempt) = stored.order.attempt(&report.payment_id).filter(|attempt| attempt.sale.is_some()) {
        transfers::sale_heard(tx, &attempt.payment_id, attempt.standing(), now)?;
    }
    books::post_sale(tx, &stored.order, &report.payment_id, now)?;
    glance::refresh(tx, &stored)?;
    if becomes_paid {
        on_paid(tx, &stored.order, next_order_key, now)?;
    }
    Ok(cases)
}

/// What is done once, in the same transaction, when an order becomes paid.
fn on_paid(tx: &mut Tx<'_>, order: &Order, next_order_key: &str, now: i64) -> Result<(), StoreError> {
    carts::take_out(tx, order, next_order_key, now)
}
