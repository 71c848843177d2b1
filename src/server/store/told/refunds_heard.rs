//! What the platform tells of refunds: which one it is, and how far it came.

use crate::{
    domain::{
        books::MoneyKind,
        case::CaseKind,
        money::{Currency, Money},
        orders::order::{Names, StatedOperation, Statement},
        transfers::{
            progress::{Outcome, Progress},
            refund::Refund,
        },
    },
    server::store::{
        batches::running,
        database::StoreError,
        engine::{Tx, params},
        money::{
            books,
            refunds::{by_id, insert},
        },
        questions::{self, Urgency},
        shop::glance,
        told::cases,
    },
};

/// Notes what the platform tells of a refund: the shop's own, or one made elsewhere, which is then written down. Returns a case to
/// open; the inner error is a case that keeps all else from happening. `taken`: what the payment took.
pub fn hear(
    tx: &mut Tx<'_>,
    report: &Statement,
    (told, names): (&StatedOperation, &Names),
    taken: Money,
    now: i64,
) -> Result<Result<Option<CaseKind>, CaseKind>, StoreError> {
    let amount = told_amount(told);
    let outcome = match told.outcome {
        // A fault proves nothing.
        Some(Outcome::Declined) if told.is_fault => Outcome::UnderWay,
        outcome => outcome.unwrap_or(Outcome::UnderWay),
    };
    let found = match (find(tx, &report.payment_id, names, amount)?, amount) {
        // So much is told: it moved, and nobody can tell how much.
        (_, None) if outcome == Outcome::Succeeded => return Ok(Err(CaseKind::Incomplete)),
        (Some(refund), Some(amount)) if outcome == Outcome::Succeeded && refund.was_asked_for_here() && refund.amount != amount => {
            // What is posted stays posted.
            if !report.sum_is_accepted || refund.progress == Progress::Done {
                return Ok(Err(CaseKind::WrongAmount));
            }
            Refund { amount, ..refund }
        }
        (Some(refund), _) => refund,
        (None, _) if outcome == Outcome::Declined || told.is_fault => return Ok(Ok(None)), // nothing moved, and it was not ours
        (None, None) => return Ok(Ok(None)),
        (None, Some(amount)) => match &names.operation_id {
            Some(operation_id) => adopt(tx, report, operation_id, amount, now)?,
            // Without a number nobody can tell it from the next one: it is not booked by guessing.
            None => return Ok(Err(CaseKind::Incomplete)),
        },
    };
    let progress = found.progress.once_heard(was_told(tx, &found.id)?).after(outcome);
    tx.execute(
        "UPDATE transfers SET progress = ?1, code = coalesce(?2, code), operation_id = coalesce(operation_id, ?3), moved_minor = ?4,
                ended_at = CASE WHEN ?1 IN ('done', 'declined') AND progress <> ?1 THEN ?5
                    WHEN ?1 = 'pending' THEN NULL ELSE ended_at END, is_fault = ?7 WHERE kind = 'refund' AND name = ?6",
        params![
            progress,
            &report.code,
            &names.operation_id,
            (progress == Progress::Done).then_some(found.amount),
            now,
            &found.id,
            told.is_fault
        ],
    )?;
    if found.progress == Progress::Declined && progress == Progress::Pending {
        questions::expect(tx, &found.payment_id, now, Urgency::MoneyLeaves)?;
    }
    if !progress.is_open() {
        cases::close_moot(tx, &found.payment_id, Some(MoneyKind::Refund), now)?;
    }
    if progress != Progress::Done {
        return Ok(Ok(None));
    }
    books::post(tx, MoneyKind::Refund, &found.id, found.amount, now)?;
    glance::refresh_order_of(tx, &report.payment_id)?;
    if found.progress == Progress::Done {
        return Ok(Ok(None));
    }
    if running::moved_twice(tx, MoneyKind::Refund, &found.id)? {
        return Ok(Ok(Some(CaseKind::MovedTwice)));
    }
    Ok(Ok(exceeds(tx, &found.payment_id, taken)?.then_some(CaseKind::RefundedTooMuch)))
}

/// A refund that was made elsewhere, such as in the platform's Dashboard.
fn adopt(tx: &mut Tx<'_>, report: &Statement, operation_id: &str, amount: Money, now: i64) -> Result<Refund, StoreError> {
    let mut id = format!("elsewhere-{}-{operation_id}", report.payment_id);
    // An operator may have given this very name to another one.
    while by_id(tx, &id)?.is_some() {
        id.push('+');
    }
    let refund = Refund {
        id,
        payment_id: report.payment_id.clone(),
        amount,
        reason: String::new(),
        progress: Progress::Pending,
        code: None,
        asked_at: now,
    };
    insert(tx, &refund, Some(operation_id))?;
    Ok(refund)
}

/// Whether more was given back than was taken.
fn exceeds(tx: &mut Tx<'_>, payment_id: &str, taken: Money) -> Result<bool, StoreError> {
    let refunded: i64 = tx.one(
        "SELECT coalesce(sum(coalesce(moved_minor, amount_minor)), 0) FROM transfers WHERE payment_id = ?1 AND kind = 'refund' AND progress = 'done'",
        params![payment_id],
    )?;
    Ok(refunded.unsigned_abs() > taken.minor())
}

/// Whether the platform ever spoke of it.
fn was_told(tx: &mut Tx<'_>, id: &str) -> Result<bool, StoreError> {
    tx.one("SELECT code IS NOT NULL OR operation_id IS NOT NULL FROM refunds WHERE id = ?1", params![id])
}

fn told_amount(told: &StatedOperation) -> Option<Money> {
    let (minor, currency) = told.sum.as_ref()?;
    Money::from_minor(*minor, Currency::from_code(currency)?).ok().filter(|amount| amount.minor() > 0)
}

/// By the platform's number, by our name, by the request's id; else an unanswered one of the same sum.
fn find(tx: &mut Tx<'_>, payment_id: &str, names: &Names, amount: Option<Money>) -> Result<Option<Refund>, StoreError> {
    tx.first(
        "SELECT * FROM refunds WHERE payment_id = ?1 AND (
             operation_id = ?2 OR (operation_id IS NULL AND (id = ?3 OR request_id = ?4
                 OR (CAST(?3 AS TEXT) IS NULL AND (request_id IS NULL OR CAST(?4 AS TEXT) IS NULL) AND progress IN ('sending', 'unknown', 'pending')
                     AND amount_minor = ?5 AND currency = ?6))))
         ORDER BY operation_id IS NULL, id IS DISTINCT FROM ?3, request_id IS DISTINCT FROM ?4, asked_at LIMIT 1",
        params![payment_id, &names.operation_id, &names.merchant_refund_id, &names.request_id, amount, amount.map(Money::currency)],
    )
}
