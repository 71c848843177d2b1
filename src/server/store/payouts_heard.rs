//! What the platform says of payouts: how far each came.

use sqlx::{Sqlite, Transaction};

use super::{StoreError, books, payouts};
use crate::domain::{books::Kind, case::CaseKind, order::Report, progress::Progress};

/// Takes in what the platform says of a payout, and returns what a person must look at. `None`: it is about none of ours.
pub(super) async fn hear(
    tx: &mut Transaction<'static, Sqlite>,
    report: &Report,
    now: i64,
) -> Result<Option<Vec<CaseKind>>, StoreError> {
    let Some(payout) = payouts::by_payment(tx, &report.payment_id).await? else { return Ok(None) };
    let progress = match payout.hear(report) {
        Ok(progress) => progress,
        Err(contradiction) => return Ok(Some(vec![contradiction.into()])),
    };
    let told = report.told.as_ref();
    // What changes nothing does not change the reason, either.
    let code = if progress == payout.progress { payout.code.as_ref() } else { report.code.as_ref().or(payout.code.as_ref()) };
    sqlx::query(
        "UPDATE payouts SET progress = ?, code = ?, operation_id = coalesce(operation_id, ?), request_id = coalesce(request_id, ?)
         WHERE payment_id = ?",
    )
    .bind(progress.name())
    .bind(code)
    .bind(told.and_then(|told| told.operation_id.as_ref()))
    .bind(told.and_then(|told| told.request_id.as_ref()))
    .bind(&payout.payment_id)
    .execute(&mut **tx)
    .await?;
    if progress == Progress::Done {
        books::post(tx, Kind::Payout, &payout.payment_id, payout.amount, now).await?;
    }
    Ok(Some(Vec::new()))
}
