//! Cases: listed, accepted, dismissed. A closed case stays on record with its reason.

use sqlx::{FromRow, Sqlite, Transaction};

use super::{
    AskError, Store, StoreError, acts,
    callbacks::apply,
    orders::{self, By},
    payouts, refunds,
};
use crate::domain::{
    case::{CaseKind, WhenAccepted},
    money::Money,
    order::{Operation, Report},
    product::Catalog,
    refund::{NotRefundable, Reason, Refund},
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

/// Why a case was not decided.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NotRefundable(#[from] NotRefundable),
    #[error("another refund has this name already")]
    NameTaken,
    /// Nothing is added across currencies.
    #[error("it tells of another currency than the payment's; settle it in the platform's Dashboard and dismiss it here")]
    OtherCurrency,
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
    /// Open cases, oldest first, at most `most`.
    pub async fn open_cases(&self, most: u32) -> Result<Vec<Case>, StoreError> {
        let rows: Vec<CaseRow> = sqlx::query_as(
            "SELECT cases.id, kind, cases.payment_id, opened_at, callback_id, body FROM cases JOIN callbacks ON callbacks.id = callback_id
             WHERE closed_at IS NULL ORDER BY cases.id LIMIT ?",
        )
        .bind(most)
        .fetch_all(self.reading())
        .await?;
        rows.into_iter().map(|row| row.into_case().ok_or(StoreError::Inconsistent("case"))).collect()
    }

    pub async fn count_open_cases(&self) -> Result<u32, StoreError> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM cases WHERE closed_at IS NULL").fetch_one(self.reading()).await?)
    }

    /// Whether there ever was a case of this number.
    pub async fn is_case(&self, id: i64) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM cases WHERE id = ?)").bind(id).fetch_one(self.reading()).await?)
    }

    pub async fn open_case(&self, id: i64) -> Result<Option<Case>, StoreError> {
        let row: Option<CaseRow> = sqlx::query_as(
            "SELECT cases.id, kind, cases.payment_id, opened_at, callback_id, body FROM cases JOIN callbacks ON callbacks.id = callback_id
             WHERE cases.id = ? AND closed_at IS NULL",
        )
        .bind(id)
        .fetch_optional(self.reading())
        .await?;
        row.map(|row| row.into_case().ok_or(StoreError::Inconsistent("case"))).transpose()
    }

    /// Closes a case as accepted; `reports` are what its callback says, for kinds whose callback then moves the order.
    /// Returns the cases that this opens: accepting one doubt does not excuse another. `by` decides it.
    pub async fn accept_case(
        &self,
        by: &str,
        case: &Case,
        reports: Vec<Report>,
        catalog: &Catalog,
        next_order_key: &str,
        now: i64,
    ) -> Result<Vec<CaseKind>, CaseError> {
        let mut tx = self.begin().await?;
        close(&mut tx, case.id, "accepted", "", now).await?;
        let opened = match case.kind.when_accepted() {
            WhenAccepted::Impossible => return Err(CaseError::NothingToMove),
            WhenAccepted::Closes => Vec::new(),
            WhenAccepted::Applies => {
                let payout = payouts::by_payment(&mut tx, &case.payment_id).await?;
                let stored = orders::load(&mut tx, By::Payment(&case.payment_id)).await?;
                let attempt = stored.as_ref().and_then(|stored| stored.order.attempt(&case.payment_id));
                if payout.is_none() && attempt.is_none() {
                    return Err(CaseError::NothingToMove);
                }
                let mut opened = Vec::new();
                for report in reports {
                    // What was told of a refund's sum stays what was told: so much has moved.
                    let is_refund = case.kind == CaseKind::WrongAmount && report.operation == Some(Operation::Refund);
                    let accepted = (payout.is_none() && is_refund).then(|| report.clone());
                    let told = accepted.as_ref().and_then(|report| report.operation_sum.as_ref());
                    if attempt.zip(told).is_some_and(|(attempt, told)| told.1 != attempt.amount.currency().code()) {
                        return Err(CaseError::OtherCurrency);
                    }
                    let excused = match (case.kind, &payout, attempt) {
                        (kind, Some(payout), _) => payout.excuse(kind, report),
                        (CaseKind::WrongAmount, _, Some(attempt)) => report.with_sums_of(attempt),
                        (CaseKind::Incomplete, _, Some(attempt)) => report.completed_by(attempt),
                        _ => report,
                    };
                    opened.extend(apply(&mut tx, &excused, accepted.as_ref(), catalog, next_order_key, now).await?);
                }
                opened
            }
        };
        if opened.contains(&case.kind) {
            return Err(CaseError::StillInDoubt);
        }
        for kind in &opened {
            open(&mut tx, *kind, &case.payment_id, case.callback_id, now).await?;
        }
        note(&mut tx, by, "accept case", case, "", now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(opened)
    }

    /// Closes a case without moving anything.
    pub async fn dismiss_case(&self, by: &str, case: &Case, reason: &str, now: i64) -> Result<(), CaseError> {
        let mut tx = self.begin().await?;
        close(&mut tx, case.id, "dismissed", reason, now).await?;
        note(&mut tx, by, "dismiss case", case, reason, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Closes a case by giving its payment's money back, and writes the refund down. The same name again is the same refund.
    pub async fn refund_case(
        &self,
        by: &str,
        case: &Case,
        refund_id: &str,
        amount: Money,
        reason: &Reason,
        now: i64,
    ) -> Result<Refund, CaseError> {
        let mut tx = self.begin().await?;
        close(&mut tx, case.id, "refunded", reason.as_str(), now).await?;
        let asked = refunds::ask(&mut tx, refund_id, &case.payment_id, Some(amount), reason, now).await;
        let (refund, _) = asked.map_err(|error| match error {
            AskError::Store(error) => CaseError::Store(error),
            AskError::NotRefundable(why) => CaseError::NotRefundable(why),
            AskError::NameTaken => CaseError::NameTaken,
            AskError::UnknownPayment | AskError::AboveDailyLimit => CaseError::NothingToMove,
        })?;
        refunds::note_act(&mut tx, by, &refund, now).await?;
        note(&mut tx, by, "refund case", case, reason.as_str(), now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(refund)
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

async fn note(
    tx: &mut Transaction<'static, Sqlite>,
    by: &str,
    act: &str,
    case: &Case,
    reason: &str,
    now: i64,
) -> Result<(), StoreError> {
    let detail = if reason.is_empty() { case.kind.name().to_owned() } else { format!("{}: {reason}", case.kind) };
    acts::note(tx, by, act, &format!("case {}", case.id), &detail, now).await
}

/// The first step of a decision: whoever comes second finds the case closed.
async fn close(tx: &mut Transaction<'static, Sqlite>, id: i64, outcome: &str, reason: &str, now: i64) -> Result<(), CaseError> {
    let closed = sqlx::query("UPDATE cases SET closed_at = ?, outcome = ?, reason = ? WHERE id = ? AND closed_at IS NULL")
        .bind(now)
        .bind(outcome)
        .bind(reason)
        .bind(id)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::from)?;
    if closed.rows_affected() == 1 { Ok(()) } else { Err(CaseError::NotOpen) }
}

impl CaseRow {
    fn into_case(self) -> Option<Case> {
        let kind = CaseKind::from_name(&self.kind)?;
        let Self { id, payment_id, opened_at, callback_id, body, .. } = self;
        Some(Case { id, kind, payment_id, opened_at, callback_id, body })
    }
}
