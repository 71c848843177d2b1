//! Refunds: asked for, sent, heard of. The sum that may be gone never exceeds what was paid: one writer at a time decides.

use sqlx::{FromRow, Sqlite, Transaction};

use super::{
    Store, StoreError, acts, inquiries,
    orders::{self, By, as_stored, money},
    payouts,
};
use crate::domain::{
    money::{Currency, Money},
    operator::{Limits, Operator, Permission},
    progress::Progress,
    refund::{NotRefundable, Reason, Refund, Refundable},
};

/// Why a refund was not written down.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the shop knows no payment of this id")]
    UnknownPayment,
    #[error(transparent)]
    NotRefundable(#[from] NotRefundable),
    /// The same name with another payment, sum or reason.
    #[error("another refund has this name already")]
    NameTaken,
    /// Together with what its operator gave back in the last day.
    #[error("with what you refunded in the last 24 hours, this is above what your role refunds; ask somebody of finance")]
    AboveDailyLimit,
}

/// Seconds for which what an operator gave back counts.
const DAY_S: i64 = 24 * 60 * 60;

/// An operator who asks for a refund.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    pub operator: &'a Operator,
    /// What support gives back in a day, all refunds together.
    pub limits: &'a Limits,
}

/// A refund to send, and whom it concerns.
#[derive(Debug, Clone)]
pub struct ToSend {
    pub refund: Refund,
    pub method: crate::platform::Method,
    pub ip_address: Option<String>,
}

#[derive(FromRow)]
pub(super) struct RefundRow {
    id: String,
    payment_id: String,
    amount_minor: i64,
    currency: String,
    reason: String,
    progress: String,
    code: Option<String>,
    asked_at: i64,
}

impl Store {
    /// Writes down that money is to go back. The same name again is the same refund, never a second one.
    pub async fn ask_refund(
        &self,
        id: &str,
        payment_id: &str,
        asked: Option<Money>,
        reason: &Reason,
        now: i64,
    ) -> Result<Refund, AskError> {
        let mut tx = self.begin().await?;
        let (refund, _) = ask(&mut tx, id, payment_id, asked, reason, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(refund)
    }

    /// The same for an operator, whose act it is, as far as one person gives back in a day.
    pub async fn ask_refund_for(
        &self,
        Asker { operator, limits }: Asker<'_>,
        id: &str,
        payment_id: &str,
        asked: Money,
        reason: &Reason,
        now: i64,
    ) -> Result<Refund, AskError> {
        let mut tx = self.begin().await?;
        let (refund, new) = ask(&mut tx, id, payment_id, Some(asked), reason, now).await?;
        if new {
            let given_back = given_back_by(&mut tx, operator.id, refund.amount.currency(), now).await?;
            let together = given_back.and_then(|sum| sum.plus(refund.amount).ok());
            let may = operator.role.may(Permission::MoveMoney) || together.is_some_and(|sum| operator.role.may_refund(sum, limits));
            if !may {
                return Err(AskError::AboveDailyLimit);
            }
            sqlx::query("UPDATE refunds SET asked_by = ? WHERE id = ?")
                .bind(operator.id)
                .bind(id)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::from)?;
            note_act(&mut tx, &operator.email, &refund, now).await?;
        }
        tx.commit().await.map_err(StoreError::from)?;
        Ok(refund)
    }

    /// Takes a refund that was never sent, to send it now. Nobody else gets it any more.
    pub async fn claim_refund(&self, id: &str, first_question_at: i64, now: i64) -> Result<Option<ToSend>, StoreError> {
        let mut tx = self.begin().await?;
        let claimed = sqlx::query("UPDATE refunds SET progress = 'sending', sent_at = ? WHERE id = ? AND progress = 'stored'")
            .bind(now)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        let Some(refund) = by_id(&mut tx, id).await?.filter(|_| claimed.rows_affected() == 1) else { return Ok(None) };
        let stored = orders::load(&mut tx, By::Payment(&refund.payment_id)).await?;
        let stored = stored.ok_or(StoreError::Inconsistent("refund without its order"))?;
        let attempt = stored.order.attempt(&refund.payment_id);
        let method = attempt.and_then(|attempt| attempt.paid_with.or(attempt.method));
        let method = method.ok_or(StoreError::Inconsistent("refund without its method"))?;
        // Asked about from now on, whatever becomes of this process.
        inquiries::expect(&mut tx, &refund.payment_id, first_question_at).await?;
        tx.commit().await?;
        Ok(Some(ToSend { refund, method, ip_address: stored.order.ip_address }))
    }

    /// What the platform's answer made of it. One whose end was heard meanwhile stays as it is.
    pub async fn refund_answered(
        &self,
        id: &str,
        progress: Progress,
        code: Option<&str>,
        request_id: Option<&str>,
        now: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let progress =
            if progress == Progress::Stored && run_was_stopped(&mut tx, id).await? { Progress::Declined } else { progress };
        sqlx::query(
            "UPDATE refunds SET request_id = coalesce(request_id, ?1),
                    ended_at = CASE WHEN progress IN ('sending', 'unknown') AND ?3 = 'declined' THEN ?5 ELSE ended_at END,
                    code = CASE WHEN progress IN ('sending', 'unknown') THEN ?2 ELSE code END,
                    progress = CASE WHEN progress IN ('sending', 'unknown') THEN ?3 ELSE progress END WHERE id = ?4",
        )
        .bind(request_id)
        .bind(code)
        .bind(progress.name())
        .bind(id)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// After a start: what was being sent when the last process ended may have arrived. It is asked about.
    pub async fn doubt_what_was_being_sent(&self, now: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE refunds SET progress = 'unknown' WHERE progress = 'sending'").execute(&mut *tx).await?;
        payouts::doubt_what_was_being_sent(&mut tx).await?;
        inquiries::expect_what_is_in_doubt(&mut tx, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends those sent before that moment of which the platform, asked since, knows nothing. Should it ever tell of one
    /// after all, that counts.
    pub async fn refunds_never_arrived(&self, payment_id: &str, before: i64, now: i64) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE refunds SET progress = 'declined', ended_at = ?3
             WHERE payment_id = ?1 AND progress = 'unknown' AND coalesce(sent_at, asked_at) < ?2",
        )
        .bind(payment_id)
        .bind(before)
        .bind(now)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// The names of those that were never sent, oldest first.
    pub async fn refunds_to_send(&self) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT id FROM refunds WHERE progress = 'stored' ORDER BY asked_at")
            .fetch_all(self.reading())
            .await?)
    }

    pub async fn refund(&self, id: &str) -> Result<Option<Refund>, StoreError> {
        let mut reading = self.reading().begin().await?;
        by_id(&mut reading, id).await
    }

    /// Oldest first.
    pub async fn refunds_of(&self, payment_id: &str) -> Result<Vec<Refund>, StoreError> {
        let mut reading = self.reading().begin().await?;
        of_payment(&mut reading, payment_id).await
    }
}

/// Writes a refund down unless its name already has; tells whether it is new.
pub(super) async fn ask(
    tx: &mut Transaction<'static, Sqlite>,
    id: &str,
    payment_id: &str,
    asked: Option<Money>,
    reason: &Reason,
    now: i64,
) -> Result<(Refund, bool), AskError> {
    ask_from(tx, id, payment_id, asked, reason, None, now).await
}

/// The same; `address` is the customer's, taken where the shop knows none.
pub(super) async fn ask_from(
    tx: &mut Transaction<'static, Sqlite>,
    id: &str,
    payment_id: &str,
    asked: Option<Money>,
    reason: &Reason,
    address: Option<&str>,
    now: i64,
) -> Result<(Refund, bool), AskError> {
    let stored = orders::load(tx, By::Payment(payment_id)).await?.ok_or(AskError::UnknownPayment)?;
    let attempt = stored.order.attempt(payment_id).ok_or(AskError::UnknownPayment)?;
    if let Some(known) = by_id(tx, id).await? {
        let same = known.payment_id.eq_ignore_ascii_case(payment_id)
            && asked.is_none_or(|asked| asked == known.amount)
            && known.reason == reason.as_str();
        return if same { Ok((known, false)) } else { Err(AskError::NameTaken) };
    }
    let refunds = of_payment(tx, &attempt.payment_id).await?;
    let refundable = Refundable::of(attempt, &refunds)?;
    let amount = refundable.amount(asked)?;
    if refundable.method.rules().gate.refund_needs_ip && stored.order.ip_address.is_none() && address.is_none() {
        return Err(NotRefundable::NoAddress.into());
    }
    let refund = Refund {
        id: id.to_owned(),
        payment_id: attempt.payment_id.clone(),
        amount,
        reason: reason.as_str().to_owned(),
        progress: Progress::Stored,
        code: None,
        asked_at: now,
    };
    insert(tx, &refund, None).await?;
    Ok((refund, true))
}

/// It is of a run that was stopped while it was on its way: it is not sent later.
async fn run_was_stopped(tx: &mut Transaction<'static, Sqlite>, id: &str) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM batch_rows JOIN batches ON batches.id = batch_id WHERE refund_id = ? AND batches.state = 'cancelled')",
    )
    .bind(id)
    .fetch_one(&mut **tx)
    .await?)
}

/// What an operator gave back within a day, or may have, in one currency. `None`: more than can be counted.
async fn given_back_by(
    tx: &mut Transaction<'static, Sqlite>,
    operator: i64,
    currency: Currency,
    now: i64,
) -> Result<Option<Money>, StoreError> {
    let sum: i64 = sqlx::query_scalar(
        "SELECT coalesce(sum(amount_minor), 0) FROM refunds
         WHERE asked_by = ? AND asked_at > ? AND currency = ? AND progress <> 'declined'",
    )
    .bind(operator)
    .bind(now.saturating_sub(DAY_S))
    .bind(currency.code())
    .fetch_one(&mut **tx)
    .await?;
    Ok(money(sum, currency))
}

/// An operator's refund, in the journal of acts.
pub(super) async fn note_act(
    tx: &mut Transaction<'static, Sqlite>,
    operator: &str,
    refund: &Refund,
    now: i64,
) -> Result<(), StoreError> {
    let detail = format!("{} ({}): {}", refund.amount, refund.id, refund.reason);
    acts::note(tx, operator, "refund", &format!("payment {}", refund.payment_id), &detail, now).await
}

/// Whether the platform can still tell something about a refund of this payment.
pub(super) async fn any_open(tx: &mut Transaction<'_, Sqlite>, payment_id: &str) -> Result<bool, StoreError> {
    Ok(of_payment(tx, payment_id).await?.iter().any(|refund| refund.progress.is_open()))
}

pub(super) async fn insert(
    tx: &mut Transaction<'static, Sqlite>,
    refund: &Refund,
    operation_id: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO refunds (id, payment_id, amount_minor, currency, reason, progress, asked_at, operation_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&refund.id)
    .bind(&refund.payment_id)
    .bind(as_stored(refund.amount))
    .bind(refund.amount.currency().code())
    .bind(&refund.reason)
    .bind(refund.progress.name())
    .bind(refund.asked_at)
    .bind(operation_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn by_id(tx: &mut Transaction<'_, Sqlite>, id: &str) -> Result<Option<Refund>, StoreError> {
    let row: Option<RefundRow> = sqlx::query_as("SELECT * FROM refunds WHERE id = ?").bind(id).fetch_optional(&mut **tx).await?;
    row.map(RefundRow::into_refund).transpose()
}

pub(super) async fn of_payment(tx: &mut Transaction<'_, Sqlite>, payment_id: &str) -> Result<Vec<Refund>, StoreError> {
    let rows: Vec<RefundRow> = sqlx::query_as("SELECT * FROM refunds WHERE payment_id = ? ORDER BY asked_at, id")
        .bind(payment_id)
        .fetch_all(&mut **tx)
        .await?;
    rows.into_iter().map(RefundRow::into_refund).collect()
}

/// Refunds of these payments (a JSON list of their ids).
pub(super) async fn of_payments(tx: &mut Transaction<'_, Sqlite>, payment_ids: &str) -> Result<Vec<Refund>, StoreError> {
    let rows: Vec<RefundRow> =
        sqlx::query_as("SELECT * FROM refunds WHERE payment_id IN (SELECT value FROM json_each(?)) ORDER BY asked_at, id")
            .bind(payment_ids)
            .fetch_all(&mut **tx)
            .await?;
    rows.into_iter().map(RefundRow::into_refund).collect()
}

impl RefundRow {
    pub(super) fn into_refund(self) -> Result<Refund, StoreError> {
        let unreadable = || StoreError::Inconsistent("refund");
        let currency = Currency::from_code(&self.currency).ok_or_else(unreadable)?;
        Ok(Refund {
            id: self.id,
            payment_id: self.payment_id,
            amount: money(self.amount_minor, currency).ok_or_else(unreadable)?,
            reason: self.reason,
            progress: Progress::from_name(&self.progress).ok_or_else(unreadable)?,
            code: self.code,
            asked_at: self.asked_at,
        })
    }
}
