//! Cases: listed, accepted, dismissed. A closed case stays on record with its reason.

use sqlx::{FromRow, Sqlite, Transaction};

use super::{
    Store, StoreError,
    callbacks::apply,
    orders::{self, By},
    payouts,
};
use crate::domain::{
    case::{CaseKind, WhenAccepted},
    order::Report,
    product::Catalog,
};

/// What waits for a person.
#[derive(Debug, Clone)]
pub struct Case {
    pub id: i64,
    pub kind: CaseKind,
    pub payment_id: String,
    pub opened_at: i64,
    pub callback_id: i64,
    /// The callback that opened it, as it came.
    pub body: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The callback is about no payment of this shop.
    #[error("there is no order it could move; dismiss it instead")]
    NothingToMove,
    /// Even with that doubt put aside, the callback proves nothing.
    #[error("its callback speaks of something that did not succeed; dismiss it instead")]
    StillInDoubt,
    #[error("somebody closed it already")]
    NotOpen,
}

#[derive(FromRow)]
struct CaseRow {
    id: i64,
    kind: String,
    payment_id: String,
    opened_at: i64,
    callback_id: i64,
    body: Vec<u8>,
}

impl Store {
    /// Open cases, oldest first.
    pub async fn open_cases(&self) -> Result<Vec<Case>, StoreError> {
        let rows: Vec<CaseRow> = sqlx::query_as(
            "SELECT cases.id, kind, cases.payment_id, opened_at, callback_id, body FROM cases JOIN callbacks ON callbacks.id = callback_id
             WHERE closed_at IS NULL ORDER BY cases.id",
        )
        .fetch_all(self.reading())
        .await?;
        rows.into_iter().map(|row| row.into_case().ok_or(StoreError::Inconsistent("case"))).collect()
    }

    /// Closes a case as accepted; `reports` are what its callback says, for kinds whose callback then moves the order.
    /// Returns the cases that this opens: accepting one doubt does not excuse another.
    pub async fn accept_case(
        &self,
        case: &Case,
        reports: Vec<Report>,
        catalog: &Catalog,
        next_order_key: &str,
        now: i64,
    ) -> Result<Vec<CaseKind>, AcceptError> {
        let mut tx = self.begin().await?;
        close(&mut tx, case.id, "accepted", "", now).await?;
        let opened = match case.kind.when_accepted() {
            WhenAccepted::Impossible => return Err(AcceptError::NothingToMove),
            WhenAccepted::Closes => Vec::new(),
            WhenAccepted::Applies => {
                let payout = payouts::by_payment(&mut tx, &case.payment_id).await?;
                let stored = orders::load(&mut tx, By::Payment(&case.payment_id)).await?;
                let attempt = stored.as_ref().and_then(|stored| stored.order.attempt(&case.payment_id));
                if payout.is_none() && attempt.is_none() {
                    return Err(AcceptError::NothingToMove);
                }
                let excused = |report: Report| match (case.kind, &payout, attempt) {
                    (kind, Some(payout), _) => payout.excuse(kind, report),
                    (CaseKind::WrongAmount, _, Some(attempt)) => report.with_sums_of(attempt),
                    (CaseKind::Incomplete, _, Some(attempt)) => report.completed_by(attempt),
                    _ => report,
                };
                let mut opened = Vec::new();
                for report in reports.into_iter().map(excused).collect::<Vec<_>>() {
                    opened.extend(apply(&mut tx, &report, catalog, next_order_key, now).await?);
                }
                opened
            }
        };
        if opened.contains(&case.kind) {
            return Err(AcceptError::StillInDoubt);
        }
        for kind in &opened {
            open(&mut tx, *kind, &case.payment_id, case.callback_id, now).await?;
        }
        tx.commit().await.map_err(StoreError::from)?;
        Ok(opened)
    }

    /// Closes a case without moving anything.
    pub async fn dismiss_case(&self, case: &Case, reason: &str, now: i64) -> Result<(), AcceptError> {
        let mut tx = self.begin().await?;
        close(&mut tx, case.id, "dismissed", reason, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }
}

pub(super) async fn open(
    tx: &mut Transaction<'static, Sqlite>,
    kind: CaseKind,
    payment_id: &str,
    callback_id: i64,
    now: i64,
) -> Result<(), StoreError> {
    // One body may raise the same doubt more than once.
    sqlx::query("INSERT OR IGNORE INTO cases (kind, payment_id, callback_id, opened_at) VALUES (?, ?, ?, ?)")
        .bind(kind.name())
        .bind(payment_id)
        .bind(callback_id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The platform may be asked often; a person is not told the same thing each time.
pub(super) async fn not_open_yet(
    tx: &mut Transaction<'static, Sqlite>,
    kinds: Vec<CaseKind>,
    payment_id: &str,
) -> Result<Vec<CaseKind>, StoreError> {
    let open: Vec<(String,)> = sqlx::query_as("SELECT kind FROM cases WHERE payment_id = ? AND closed_at IS NULL")
        .bind(payment_id)
        .fetch_all(&mut **tx)
        .await?;
    Ok(kinds.into_iter().filter(|kind| open.iter().all(|(known,)| known != kind.name())).collect())
}

/// The first step of a decision: whoever comes second finds the case closed.
async fn close(tx: &mut Transaction<'static, Sqlite>, id: i64, outcome: &str, reason: &str, now: i64) -> Result<(), AcceptError> {
    let closed = sqlx::query("UPDATE cases SET closed_at = ?, outcome = ?, reason = ? WHERE id = ? AND closed_at IS NULL")
        .bind(now)
        .bind(outcome)
        .bind(reason)
        .bind(id)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::from)?;
    if closed.rows_affected() == 1 { Ok(()) } else { Err(AcceptError::NotOpen) }
}

impl CaseRow {
    fn into_case(self) -> Option<Case> {
        let kind = CaseKind::from_name(&self.kind)?;
        let Self { id, payment_id, opened_at, callback_id, body, .. } = self;
        Some(Case { id, kind, payment_id, opened_at, callback_id, body })
    }
}
