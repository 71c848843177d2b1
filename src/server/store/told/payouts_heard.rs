//! What the platform tells of payouts: how far each came.

use crate::{
    domain::{
        books::MoneyKind,
        case::CaseKind,
        orders::order::{Event, Statement},
        transfers::{payout::Payout, progress::Progress},
    },
    server::store::{
        batches::running,
        database::StoreError,
        engine::{Tx, params},
        money::{books, payouts},
        questions::{self, Urgency},
        told::cases,
    },
};

/// Notes what the platform tells of a payout, and returns the cases to open. `None`: the shop knows no such payout.
pub fn hear(tx: &mut Tx<'_>, report: &Statement, now: i64) -> Result<Option<Vec<CaseKind>>, StoreError> {
    let Some(payout) = payouts::by_payment(tx, &report.payment_id)? else { return Ok(None) };
    let stored = payout.progress;
    let payout = Payout { progress: stored.once_heard(was_told(tx, &payout.payment_id)?), ..payout };
    let progress = match payout.hear(report) {
        Ok(progress) => progress,
        Err(contradiction) => return Ok(Some(vec![contradiction.into()])),
    };
    let names = match &report.event {
        Event::Payout(_, names) => Some(names),
        _ => None,
    };
    // What changes nothing does not change the reason, either.
    let code = if progress == payout.progress { payout.code.as_ref() } else { report.code.as_ref().or(payout.code.as_ref()) };
    let moved = (progress == Progress::Done).then(|| payout.moved(report));
    tx.execute(
        "UPDATE transfers SET progress = ?1, code = ?2, operation_id = coalesce(operation_id, ?3), request_id = coalesce(request_id, ?4),
                moved_minor = coalesce(moved_minor, ?5), ended_at = CASE WHEN ?1 IN ('done', 'declined') AND progress <> ?1 THEN ?6
                    WHEN ?1 = 'pending' THEN NULL ELSE ended_at END, is_fault = ?8 WHERE kind = 'payout' AND payment_id = ?7",
        params![
            progress,
            code,
            names.and_then(|names| names.operation_id.as_ref()),
            names.and_then(|names| names.request_id.as_ref()),
            moved,
            now,
            &payout.payment_id,
            report.is_fault()
        ],
    )?;
    if stored == Progress::Declined && progress == Progress::Pending {
        questions::expect(tx, &payout.payment_id, now, Urgency::MoneyLeaves)?;
    }
    if !progress.is_open() {
        cases::close_moot(tx, &payout.payment_id, Some(MoneyKind::Payout), now)?;
    }
    let Some(moved) = moved else { return Ok(Some(Vec::new())) };
    if stored == Progress::Done && is_another(tx, &payout.payment_id, names.and_then(|names| names.operation_id.as_deref()))? {
        return Ok(Some(vec![CaseKind::MovedTwice]));
    }
    books::post(tx, MoneyKind::Payout, &payout.payment_id, moved, now)?;
    let twice = stored != Progress::Done && running::moved_twice(tx, MoneyKind::Payout, &payout.payment_id)?;
    Ok(Some(if twice { vec![CaseKind::MovedTwice] } else { Vec::new() }))
}

/// Whether the platform ever spoke of it.
fn was_told(tx: &mut Tx<'_>, payment_id: &str) -> Result<bool, StoreError> {
    tx.one("SELECT code IS NOT NULL OR operation_id IS NOT NULL FROM payouts WHERE payment_id = ?1", params![payment_id])
}

/// Whether the platform gave the operation that moved this payout another number.
fn is_another(tx: &mut Tx<'_>, payment_id: &str, operation_id: Option<&str>) -> Result<bool, StoreError> {
    tx.one(
        "SELECT coalesce(operation_id <> ?2, FALSE) FROM transfers WHERE kind = 'payout' AND payment_id = ?1",
        params![payment_id, operation_id],
    )
}
