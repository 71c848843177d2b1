//! Payouts: written down, taken to be sent, answered. One name is one payout, whoever asks, however often.

use sqlx::{FromRow, Sqlite, Transaction};

use super::{
    Store, StoreError, acts, batch_acts, inquiries,
    orders::{self, By, as_stored, money},
};
use crate::{
    domain::{
        batch::needs_approval,
        money::Currency,
        operator::{Limits, Operator},
        order::Order,
        payout::{Account, FullName, NotPayable, Payout, PayoutOrder},
        progress::Progress,
    },
    platform::Method,
};

/// Why a payout was not written down.
#[derive(Debug, thiserror::Error)]
pub enum PayoutError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NotPayable(#[from] NotPayable),
    /// The same name with another customer, account, owner or sum; or it is that of a purchase.
    #[error("another payment has this reference already")]
    NameTaken,
    /// Together with what its operator paid out alone in the last day.
    #[error("this is above what one person pays out alone")]
    NeedsSecondPerson,
}

#[derive(FromRow)]
pub(super) struct PayoutRow {
    payment_id: String,
    method: String,
    customer_id: String,
    ip_address: String,
    account: String,
    full_name: String,
    amount_minor: i64,
    currency: String,
    progress: String,
    code: Option<String>,
    asked_at: i64,
}

impl Store {
    /// Writes down that money is to be paid out. The same name again is the same payout, never a second one.
    pub async fn ask_payout(&self, payment_id: &str, order: &PayoutOrder, now: i64) -> Result<Payout, PayoutError> {
        let mut tx = self.begin().await?;
        let (payout, _) = ask(&mut tx, payment_id, order, None, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(payout)
    }

    /// The same for an operator, whose act it is, as far as one person pays out alone.
    pub async fn ask_payout_for(
        &self,
        operator: &Operator,
        payment_id: &str,
        order: &PayoutOrder,
        limits: &Limits,
        now: i64,
    ) -> Result<Payout, PayoutError> {
        let mut tx = self.begin().await?;
        let alone = batch_acts::started_alone(&mut tx, operator.id, now).await?;
        let (payout, new) = ask(&mut tx, payment_id, order, None, now).await?;
        if new {
            if needs_approval(&[payout.amount], &alone, limits) {
                return Err(PayoutError::NeedsSecondPerson);
            }
            sqlx::query("UPDATE payouts SET asked_by = ? WHERE payment_id = ?")
                .bind(operator.id)
                .bind(payment_id)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::from)?;
            let detail = format!("{} to customer {}", payout.amount, payout.customer_id);
            acts::note(&mut tx, &operator.email, "pay out", &format!("payment {payment_id}"), &detail, now).await?;
        }
        tx.commit().await.map_err(StoreError::from)?;
        Ok(payout)
    }

    /// Takes a payout that was never sent, to send it now. Nobody else gets it any more.
    pub async fn claim_payout(&self, payment_id: &str, first_question_at: i64, now: i64) -> Result<Option<Payout>, StoreError> {
        let mut tx = self.begin().await?;
        let claimed =
            sqlx::query("UPDATE payouts SET progress = 'sending', sent_at = ? WHERE payment_id = ? AND progress = 'stored'")
                .bind(now)
                .bind(payment_id)
                .execute(&mut *tx)
                .await?;
        if claimed.rows_affected() != 1 {
            return Ok(None);
        }
        let payout = by_payment(&mut tx, payment_id).await?;
        // Asked about from now on, whatever becomes of this process.
        inquiries::expect(&mut tx, payment_id, first_question_at).await?;
        tx.commit().await?;
        Ok(payout)
    }

    /// What the platform's answer made of it. One whose end was heard meanwhile stays as it is.
    pub async fn payout_answered(
        &self,
        payment_id: &str,
        progress: Progress,
        code: Option<&str>,
        request_id: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let progress =
            if progress == Progress::Stored && run_was_stopped(&mut tx, payment_id).await? { Progress::Declined } else { progress };
        sqlx::query(
            "UPDATE payouts SET request_id = coalesce(request_id, ?1),
                    code = CASE WHEN progress IN ('sending', 'unknown') THEN ?2 ELSE code END,
                    progress = CASE WHEN progress IN ('sending', 'unknown') THEN ?3 ELSE progress END WHERE payment_id = ?4",
        )
        .bind(request_id)
        .bind(code)
        .bind(progress.name())
        .bind(payment_id)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends one sent before that moment that the platform, asked since, does not know. Should it ever tell of it after all,
    /// that counts.
    pub async fn payout_never_arrived(&self, payment_id: &str, before: i64) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE payouts SET progress = 'declined'
             WHERE payment_id = ? AND progress = 'unknown' AND coalesce(sent_at, asked_at) < ?",
        )
        .bind(payment_id)
        .bind(before)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// The names of those that were never sent, oldest first.
    pub async fn payouts_to_send(&self) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT payment_id FROM payouts WHERE progress = 'stored' ORDER BY asked_at")
            .fetch_all(self.reading())
            .await?)
    }

    pub async fn payout(&self, payment_id: &str) -> Result<Option<Payout>, StoreError> {
        let mut reading = self.reading().begin().await?;
        by_payment(&mut reading, payment_id).await
    }
}

/// Writes a payout down in somebody's transaction, unless its name already has; tells whether it is new. After an error nothing
/// is written. `address` is the customer's, taken where the shop knows none.
pub(super) async fn ask(
    tx: &mut Transaction<'static, Sqlite>,
    payment_id: &str,
    order: &PayoutOrder,
    address: Option<&str>,
    now: i64,
) -> Result<(Payout, bool), PayoutError> {
    if let Some(known) = by_payment(tx, payment_id).await? {
        return if known.is(order) { Ok((known, false)) } else { Err(PayoutError::NameTaken) };
    }
    if names_a_purchase(tx, payment_id).await? {
        return Err(PayoutError::NameTaken);
    }
    let orders = with_address(of_customer(tx, &order.customer_id).await?, address);
    let payout = Payout::begin(payment_id.to_owned(), order, &orders, now)?;
    insert(tx, &payout).await?;
    Ok((payout, true))
}

/// It is of a run that was stopped while it was on its way: it is not sent later.
async fn run_was_stopped(tx: &mut Transaction<'static, Sqlite>, payment_id: &str) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM batch_rows JOIN batches ON batches.id = batch_id WHERE payout_id = ? AND batches.state = 'cancelled')",
    )
    .bind(payment_id)
    .fetch_one(&mut **tx)
    .await?)
}

/// The customer's orders, as if the newest had this address in case none has one.
pub(super) fn with_address(mut orders: Vec<Order>, address: Option<&str>) -> Vec<Order> {
    let unknown = orders.iter().all(|order| order.ip_address.is_none());
    if let Some(newest) = orders.first_mut().filter(|_| unknown) {
        newest.ip_address = address.map(str::to_owned);
    }
    orders
}

/// After a start: what was being sent when the last process ended may have arrived.
pub(super) async fn doubt_what_was_being_sent(tx: &mut Transaction<'static, Sqlite>) -> Result<(), StoreError> {
    sqlx::query("UPDATE payouts SET progress = 'unknown' WHERE progress = 'sending'").execute(&mut **tx).await?;
    Ok(())
}

pub(super) async fn by_payment(tx: &mut Transaction<'_, Sqlite>, payment_id: &str) -> Result<Option<Payout>, StoreError> {
    let row: Option<PayoutRow> =
        sqlx::query_as("SELECT * FROM payouts WHERE payment_id = ?").bind(payment_id).fetch_optional(&mut **tx).await?;
    row.map(|row| row.into_payout().ok_or(StoreError::Inconsistent("payout"))).transpose()
}

/// Payments of orders are called by the order's number and a count: those names are kept for them.
pub(super) async fn names_a_purchase(tx: &mut Transaction<'_, Sqlite>, payment_id: &str) -> Result<bool, StoreError> {
    let number = payment_id.rsplit_once('-').map_or(payment_id, |(number, _)| number);
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM attempts WHERE payment_id = ?1) OR EXISTS (SELECT 1 FROM orders WHERE number = upper(?2))",
    )
    .bind(payment_id)
    .bind(number)
    .fetch_one(&mut **tx)
    .await?)
}

/// Newest first.
pub(super) async fn of_customer(tx: &mut Transaction<'_, Sqlite>, customer_id: &str) -> Result<Vec<Order>, StoreError> {
    let tokens: Vec<String> = sqlx::query_scalar("SELECT token FROM orders WHERE customer_id = ? ORDER BY placed_at DESC, id DESC")
        .bind(customer_id)
        .fetch_all(&mut **tx)
        .await?;
    let mut all = Vec::new();
    for token in tokens {
        all.extend(orders::load(tx, By::Token(&token)).await?.map(|stored| stored.order));
    }
    Ok(all)
}

/// Newest first.
pub(super) async fn to_customer(tx: &mut Transaction<'_, Sqlite>, customer_id: &str) -> Result<Vec<Payout>, StoreError> {
    let rows: Vec<PayoutRow> =
        sqlx::query_as("SELECT * FROM payouts WHERE customer_id = ? ORDER BY asked_at DESC, payment_id DESC")
            .bind(customer_id)
            .fetch_all(&mut **tx)
            .await?;
    of_rows(rows)
}

pub(super) fn of_rows(rows: Vec<PayoutRow>) -> Result<Vec<Payout>, StoreError> {
    rows.into_iter().map(|row| row.into_payout().ok_or(StoreError::Inconsistent("payout"))).collect()
}

async fn insert(tx: &mut Transaction<'static, Sqlite>, payout: &Payout) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO payouts (payment_id, method, customer_id, ip_address, account, full_name, amount_minor, currency, progress, asked_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&payout.payment_id)
    .bind(payout.method.rules().code)
    .bind(&payout.customer_id)
    .bind(&payout.ip_address)
    .bind(payout.account.as_str())
    .bind(payout.full_name.as_str())
    .bind(as_stored(payout.amount))
    .bind(payout.amount.currency().code())
    .bind(payout.progress.name())
    .bind(payout.asked_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

impl PayoutRow {
    fn into_payout(self) -> Option<Payout> {
        Some(Payout {
            payment_id: self.payment_id,
            method: Method::from_code(&self.method)?,
            customer_id: self.customer_id,
            ip_address: self.ip_address,
            account: Account::parse(&self.account).ok()?,
            full_name: FullName::parse(&self.full_name).ok()?,
            amount: money(self.amount_minor, Currency::from_code(&self.currency)?)?,
            progress: Progress::from_name(&self.progress)?,
            code: self.code,
            asked_at: self.asked_at,
        })
    }
}
