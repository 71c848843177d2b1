//! Keeps what the registry tells of an order true: called wherever an order's attempts or refunds change.

use sqlx::{FromRow, Sqlite, Transaction};

use super::super::{
    Store, StoreError,
    orders::{self, By},
};
use crate::domain::registry::{Glance, State};

/// Orders that are brought up to date in one transaction.
const BATCH: i64 = 500;

/// As it is stored.
#[derive(Debug, FromRow, PartialEq, Eq)]
struct GlanceRow {
    state: Option<String>,
    status: Option<String>,
    method: String,
    paid_minor: i64,
    refunded_minor: i64,
    paid_at: Option<i64>,
}

impl From<Glance> for GlanceRow {
    fn from(glance: Glance) -> Self {
        Self {
            state: Some(glance.state.name().to_owned()),
            status: glance.status,
            method: glance.method.map_or("", |method| method.rules().code).to_owned(),
            paid_minor: glance.paid_minor,
            refunded_minor: glance.refunded_minor,
            paid_at: glance.paid_at,
        }
    }
}

/// Makes the registry tell of this order what its attempts and refunds tell now.
pub(in super::super) async fn refresh(tx: &mut Transaction<'static, Sqlite>, order_id: i64) -> Result<(), StoreError> {
    match anew(tx, order_id).await? {
        Some(glance) => write(tx, order_id, glance).await,
        None => Ok(()),
    }
}

/// The same for the order this payment is an attempt of.
pub(in super::super) async fn refresh_order_of(tx: &mut Transaction<'static, Sqlite>, payment_id: &str) -> Result<(), StoreError> {
    let order: Option<i64> =
        sqlx::query_scalar("SELECT order_id FROM attempts WHERE payment_id = ?").bind(payment_id).fetch_optional(&mut **tx).await?;
    match order {
        Some(order_id) => refresh(tx, order_id).await,
        None => Ok(()),
    }
}

async fn write(tx: &mut Transaction<'static, Sqlite>, order_id: i64, glance: GlanceRow) -> Result<(), StoreError> {
    // What is told already is not written again: indexes and totals stay untouched.
    sqlx::query(
        "UPDATE orders SET state = ?1, status = ?2, method = ?3, paid_minor = ?4, refunded_minor = ?5, paid_at = ?6
         WHERE id = ?7 AND (state, status, method, paid_minor, refunded_minor, paid_at) IS NOT (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(glance.state)
    .bind(glance.status)
    .bind(glance.method)
    .bind(glance.paid_minor)
    .bind(glance.refunded_minor)
    .bind(glance.paid_at)
    .bind(order_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What the order itself says. What was paid, and when first, is in the journal of money: each sale is posted once, that of a
/// second payment, too.
async fn anew(tx: &mut Transaction<'_, Sqlite>, order_id: i64) -> Result<Option<GlanceRow>, StoreError> {
    let Some(stored) = orders::load(tx, By::Id(order_id)).await? else { return Ok(None) };
    let (paid_minor, refunded_minor, paid_at): (i64, i64, Option<i64>) = sqlx::query_as(
        "SELECT (SELECT coalesce(sum(entries.amount_minor), 0) FROM attempts
                 CROSS JOIN postings ON kind = 'sale' AND reference = attempts.payment_id
                 CROSS JOIN entries ON posting = postings.id AND account = 'platform'
                 WHERE order_id = ?1),
                (SELECT coalesce(sum(refunds.amount_minor), 0) FROM attempts CROSS JOIN refunds ON refunds.payment_id = attempts.payment_id
                 WHERE order_id = ?1 AND progress = 'done'),
                (SELECT min(posted_at) FROM attempts CROSS JOIN postings ON kind = 'sale' AND reference = attempts.payment_id
                 WHERE order_id = ?1)",
    )
    .bind(order_id)
    .fetch_one(&mut **tx)
    .await?;
    Ok(Some(Glance::of(&stored.order, paid_minor, refunded_minor, paid_at).into()))
}

/// Fills in what orders of an earlier version lack, some at a time: other writers get their turn.
pub(in super::super) async fn bring_up_to_date(store: &Store) -> Result<(), StoreError> {
    let mut told = false;
    loop {
        let lacking: Option<i64> =
            sqlx::query_scalar("SELECT id FROM orders WHERE state IS NULL LIMIT 1").fetch_optional(&store.writer).await?;
        if lacking.is_none() {
            return Ok(());
        }
        if !std::mem::replace(&mut told, true) {
            tracing::info!("the registry is made of the orders of an earlier version: with many, that takes minutes");
        }
        let mut tx = store.begin().await?;
        let lacking: Vec<i64> = sqlx::query_scalar("SELECT id FROM orders WHERE state IS NULL ORDER BY id LIMIT ?")
            .bind(BATCH)
            .fetch_all(&mut *tx)
            .await?;
        for order_id in lacking {
            match refresh(&mut tx, order_id).await {
                // It does not keep the shop from opening, nor itself from being listed.
                Err(StoreError::Inconsistent(what)) => {
                    tracing::error!(
                        order_id,
                        what,
                        "an order cannot be read; the registry lists it as one of which nothing is known"
                    );
                    sqlx::query("UPDATE orders SET state = ? WHERE id = ?")
                        .bind(State::Unheard.name())
                        .bind(order_id)
                        .execute(&mut *tx)
                        .await?;
                }
                done => done?,
            }
        }
        tx.commit().await?;
    }
}

/// What was stored before, the totals by day and the registry must tell the same.
impl Store {
    /// Where the registry tells something else than the orders, in sentences.
    pub async fn registry_differences(&self) -> Result<Vec<String>, StoreError> {
        let mut differences = Vec::new();
        let mut last = 0;
        loop {
            let mut reading = self.reading().begin().await?;
            let ids: Vec<i64> = sqlx::query_scalar("SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT ?")
                .bind(last)
                .bind(BATCH)
                .fetch_all(&mut *reading)
                .await?;
            let Some(newest) = ids.last() else { break };
            last = *newest;
            for order_id in ids {
                let (number, stored) = stored(&mut reading, order_id).await?;
                match anew(&mut reading, order_id).await {
                    Ok(anew) if anew.as_ref() == Some(&stored) => {}
                    Ok(Some(anew)) => differences.push(format!("order {number}: the registry has {stored}, the order says {anew}")),
                    Ok(None) => {}
                    Err(StoreError::Inconsistent(what)) => {
                        differences.push(format!("order {number}: a stored {what} is not readable"));
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        differences.extend(self.wrong_totals().await?);
        Ok(differences)
    }

    async fn wrong_totals(&self) -> Result<Vec<String>, StoreError> {
        let wrong: Vec<(i64, String, String)> = sqlx::query_as(
            "WITH anew AS (SELECT placed_at / 86400 AS day, market, currency, method, state, count(*) AS orders,
                                  sum(total_minor) AS total_minor, sum(refunded_minor) AS refunded_minor, sum(paid_minor) AS paid_minor
                           FROM orders WHERE state IS NOT NULL GROUP BY 1, 2, 3, 4, 5),
                  kept AS (SELECT * FROM order_totals WHERE orders <> 0 OR total_minor <> 0 OR refunded_minor <> 0 OR paid_minor <> 0)
             SELECT day, currency, state FROM (SELECT * FROM anew EXCEPT SELECT * FROM kept)
             UNION SELECT day, currency, state FROM (SELECT * FROM kept EXCEPT SELECT * FROM anew)",
        )
        .fetch_all(self.reading())
        .await?;
        let sentence = |(day, currency, state)| {
            format!("day {day} since 1970, {currency}, {state}: the totals are not the sums of the orders")
        };
        Ok(wrong.into_iter().map(sentence).collect())
    }
}

async fn stored(tx: &mut Transaction<'_, Sqlite>, order_id: i64) -> Result<(String, GlanceRow), StoreError> {
    let number = sqlx::query_scalar("SELECT number FROM orders WHERE id = ?").bind(order_id).fetch_one(&mut **tx).await?;
    let row = sqlx::query_as("SELECT state, status, method, paid_minor, refunded_minor, paid_at FROM orders WHERE id = ?")
        .bind(order_id)
        .fetch_one(&mut **tx)
        .await?;
    Ok((number, row))
}

/// For whoever compares two.
impl std::fmt::Display for GlanceRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { state, status, method, paid_minor, refunded_minor, paid_at } = self;
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let paid_at = paid_at.map_or("-".to_owned(), |at| at.to_string());
        write!(
            f,
            "{} ({}, {method}, paid {paid_minor}, refunded {refunded_minor}, paid at {paid_at})",
            or_none(state),
            or_none(status)
        )
    }
}
