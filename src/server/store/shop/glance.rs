//! What the registry shows of an order, kept beside it: refreshed wherever its attempts or refunds change.

use crate::{
    domain::registry::Glance,
    server::store::{
        database::{Store, StoreError},
        engine::{Tx, params, row},
        shop::orders::{self, OrderKey, StoredOrder},
    },
};

/// Orders that are compared at one moment.
const AT_ONCE: i64 = 500;

row! {
    /// As it is stored.
    #[derive(Debug, PartialEq, Eq)]
    struct GlanceRow {
        state: Option<String>,
        status: Option<String>,
        method: String,
        paid_minor: i64,
        refunded_minor: i64,
        paid_at: Option<i64>,
    }
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

/// Writes what the registry shows of this order, and by which payment it is paid.
pub fn refresh(tx: &mut Tx<'_>, stored: &StoredOrder) -> Result<(), StoreError> {
    let GlanceRow { state, status, method, paid_minor, refunded_minor, paid_at } = glance(tx, stored)?;
    // What is told already is not written again: indexes and totals stay untouched.
    tx.run(
        "UPDATE orders SET state = ?1, status = ?2, method = ?3, paid_minor = ?4, refunded_minor = ?5, paid_at = ?6, paid_by = ?7
         WHERE id = ?8 AND (state, status, method, paid_minor, refunded_minor, paid_at, paid_by)
             IS DISTINCT FROM (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![state, status, method, paid_minor, refunded_minor, paid_at, &stored.order.paid_by, stored.id],
    )
}

/// The same for the order this payment is an attempt of, as it is stored.
pub fn refresh_order_of(tx: &mut Tx<'_>, payment_id: &str) -> Result<(), StoreError> {
    match orders::load(tx, OrderKey::Payment(payment_id))? {
        Some(stored) => refresh(tx, &stored),
        None => Ok(()),
    }
}

/// What the order itself says. What was paid, and when first, is in the journal of money: each sale is posted once, that of a
/// second payment, too.
fn glance(tx: &mut Tx<'_>, stored: &StoredOrder) -> Result<GlanceRow, StoreError> {
    let (paid_minor, refunded_minor, paid_at): (i64, i64, Option<i64>) = tx.one(
        "SELECT (SELECT coalesce(sum(entries.amount_minor), 0) FROM attempts
                 CROSS JOIN postings ON kind = 'sale' AND reference = attempts.payment_id
                 CROSS JOIN entries ON posting = postings.id AND account = 'platform'
                 WHERE order_id = ?1),
                (SELECT coalesce(sum(refunds.amount_minor), 0) FROM attempts
                 CROSS JOIN refunds ON refunds.payment_id = attempts.payment_id WHERE order_id = ?1 AND progress = 'done'),
                (SELECT min(posted_at) FROM attempts CROSS JOIN postings ON kind = 'sale' AND reference = attempts.payment_id
                 WHERE order_id = ?1)",
        params![stored.id],
    )?;
    Ok(Glance::of(&stored.order, paid_minor, refunded_minor, paid_at).into())
}

impl Store {
    /// Where the registry tells something else than the orders, in sentences. Some hundred orders at a look: others get their turn.
    pub async fn registry_differences(&self) -> Result<Vec<String>, StoreError> {
        let mut differences = Vec::new();
        let mut last = Some(0);
        while let Some(after) = last {
            let (newest, found) = self.look(move |tx| differences_after(tx, after)).await?;
            differences.extend(found);
            last = newest;
        }
        differences.extend(self.look(wrong_totals).await?);
        Ok(differences)
    }
}

/// What differs of the next orders, and the last of them; `None`: there are no more.
fn differences_after(tx: &mut Tx<'_>, last: i64) -> Result<(Option<i64>, Vec<String>), StoreError> {
    let ids: Vec<i64> = tx.all("SELECT id FROM orders WHERE id > ?1 ORDER BY id LIMIT ?2", params![last, AT_ONCE])?;
    let mut differences = Vec::new();
    for order_id in &ids {
        let (number, stored) = stored(tx, *order_id)?;
        match orders::load(tx, OrderKey::Id(*order_id)).and_then(|order| order.map(|order| glance(tx, &order)).transpose()) {
            Ok(anew) if anew.as_ref() == Some(&stored) => {}
            Ok(Some(anew)) => differences.push(format!("order {number}: the registry has {stored}, the order says {anew}")),
            Ok(None) => {}
            Err(StoreError::Inconsistent(what)) => {
                differences.push(format!("order {number}: a stored {what} is not readable"));
            }
            Err(error) => return Err(error),
        }
    }
    Ok((ids.last().copied(), differences))
}

fn wrong_totals(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let wrong: Vec<(i64, String, String)> = tx.all(
        "WITH anew AS (SELECT placed_at / 86400 AS day, market, currency, method, state, count(*) AS orders,
                              sum(total_minor) AS total_minor, sum(refunded_minor) AS refunded_minor, sum(paid_minor) AS paid_minor
                       FROM orders GROUP BY 1, 2, 3, 4, 5),
              kept AS (SELECT day, market, currency, method, state, sum(orders) AS orders,
                              sum(total_minor) AS total_minor, sum(refunded_minor) AS refunded_minor, sum(paid_minor) AS paid_minor
                       FROM order_totals GROUP BY 1, 2, 3, 4, 5
                       HAVING sum(orders) <> 0 OR sum(total_minor) <> 0 OR sum(refunded_minor) <> 0 OR sum(paid_minor) <> 0)
         SELECT day, currency, state FROM (SELECT * FROM anew EXCEPT SELECT * FROM kept) AS missing
         UNION SELECT day, currency, state FROM (SELECT * FROM kept EXCEPT SELECT * FROM anew) AS stale",
        params![],
    )?;
    let sentence =
        |(day, currency, state)| format!("day {day} since 1970, {currency}, {state}: the totals are not the sums of the orders");
    Ok(wrong.into_iter().map(sentence).collect())
}

fn stored(tx: &mut Tx<'_>, order_id: i64) -> Result<(String, GlanceRow), StoreError> {
    let number = tx.one("SELECT number FROM orders WHERE id = ?1", params![order_id])?;
    let row =
        tx.one("SELECT state, status, method, paid_minor, refunded_minor, paid_at FROM orders WHERE id = ?1", params![order_id])?;
    Ok((number, row))
}

/// For a person who compares two.
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
