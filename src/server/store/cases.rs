//! Cases: listed, accepted, dismissed. A closed case stays on record with its reason.

use sqlx::{FromRow, Sqlite, Transaction};

use super::{
    Store, StoreError, callbacks,
    orders::{self, By},
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

    /// Closes a case as accepted; `report` is what its callback says, for kinds whose callback then moves the order.
    pub async fn accept_case(
        &self,
        case: &Case,
        report: Report,
        catalog: &Catalog,
        next_order_key: &str,
        now: i64,
    ) -> Result<(), AcceptError> {
        let mut tx = self.begin().await?;
        match case.kind.when_accepted() {
            WhenAccepted::Impossible => return Err(AcceptError::NothingToMove),
            WhenAccepted::Closes => {}
            WhenAccepted::Applies => {
                let report = match orders::load(&mut tx, By::Payment(&case.payment_id)).await? {
                    Some(stored) if case.kind == CaseKind::WrongAmount => match stored.order.attempt(&case.payment_id) {
                        Some(attempt) => report.with_amount_of(attempt),
                        None => report,
                    },
                    _ => report,
                };
                let (recorded, more) = callbacks::apply(&mut tx, &report, catalog, next_order_key, now).await?;
                if matches!(recorded, callbacks::Recorded::Case(_)) {
                    return Err(AcceptError::NothingToMove);
                }
                for kind in more {
                    open(&mut tx, kind, &case.payment_id, case.callback_id, now).await?;
                }
            }
        }
        close(&mut tx, case.id, "accepted", "", now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Closes a case without moving anything.
    pub async fn dismiss_case(&self, case: &Case, reason: &str, now: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        close(&mut tx, case.id, "dismissed", reason, now).await?;
        tx.commit().await?;
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
    sqlx::query("INSERT INTO cases (kind, payment_id, callback_id, opened_at) VALUES (?, ?, ?, ?)")
        .bind(kind.name())
        .bind(payment_id)
        .bind(callback_id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn close(tx: &mut Transaction<'static, Sqlite>, id: i64, outcome: &str, reason: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE cases SET closed_at = ?, outcome = ?, reason = ? WHERE id = ? AND closed_at IS NULL")
        .bind(now)
        .bind(outcome)
        .bind(reason)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

impl CaseRow {
    fn into_case(self) -> Option<Case> {
        let kind = CaseKind::from_name(&self.kind)?;
        let Self { id, payment_id, opened_at, callback_id, body, .. } = self;
        Some(Case { id, kind, payment_id, opened_at, callback_id, body })
    }
}
