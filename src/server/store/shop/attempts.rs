//! Attempts as rows: how they are read and written, and what changes of them.

use crate::{
    domain::{orders::order::Attempt, shop::customer::LastName},
    platform::Method,
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, read},
    },
};

impl FromRow for Attempt {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        // What only helps to show an attempt may be unreadable.
        let paid_with: Option<String> = row.named("paid_with")?;
        let handover: Option<String> = row.named("handover")?;
        read!(row => {
            payment_id, method, started_at, begins_before, status, status_at, code, retry_until, sale, asks_last_name,
        } and {
            amount: row.money("amount_minor")?,
            taken: row.money_or_null("taken_minor")?,
            handover: handover.and_then(|json| serde_json::from_str(&json).ok()),
            paid_with: paid_with.and_then(|code| Method::from_code(&code)),
        })
    }
}

impl Store {
    /// The platform has the last name it asked for. `None`: somebody gave it who is not the order's customer; it is not kept.
    pub async fn last_name_given(&self, payment_id: &str, last_name: Option<&LastName>) -> Result<(), StoreError> {
        let (payment_id, last_name) = (payment_id.to_owned(), last_name.cloned());
        self.decide(About::Payment(payment_id.clone()), move |tx| {
            tx.execute("UPDATE attempts SET asks_last_name = 0 WHERE payment_id = ?1", params![&payment_id])?;
            tx.run(
        "UPDATE orders SET last_name = coalesce(?1, last_name) WHERE id = (SELECT order_id FROM attempts WHERE payment_id = ?2)",
        params![last_name.as_ref(), &payment_id],
    )
        })
        .await
    }
}

/// An attempt, and the address of its customer.
struct Addressed {
    attempt: Attempt,
    ip_address: Option<String>,
}

impl FromRow for Addressed {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self { attempt: Attempt::from_row(row)?, ip_address: row.named("ip_address")? })
    }
}

/// The attempts that are these payments (a JSON list of their ids, in small letters), each with its customer's address.
pub fn of_payments(tx: &mut Tx<'_>, payment_ids: &str) -> Result<Vec<(Attempt, Option<String>)>, StoreError> {
    let rows: Vec<Addressed> = tx.all(
        "SELECT attempts.*, NULL AS sale, orders.ip_address FROM attempts JOIN orders ON orders.id = order_id
         WHERE lower(payment_id) IN (SELECT value FROM json_each(?1))",
        params![payment_ids],
    )?;
    Ok(rows.into_iter().map(|row| (row.attempt, row.ip_address)).collect())
}

pub fn insert(tx: &mut Tx<'_>, order_id: i64, position: usize, attempt: &Attempt) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO attempts (payment_id, order_id, position, method, amount_minor, currency, started_at, begins_before, turn)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT coalesce(max(turn), 0) + 1 FROM attempts WHERE order_id = ?2))",
        params![
            &attempt.payment_id,
            order_id,
            i64::try_from(position).unwrap_or(i64::MAX),
            attempt.method,
            attempt.amount,
            attempt.amount.currency(),
            attempt.started_at,
            attempt.begins_before
        ],
    )
}

/// From now on this is the attempt that the order's page speaks of.
pub fn turn_to(tx: &mut Tx<'_>, order_id: i64, attempt: &Attempt) -> Result<(), StoreError> {
    tx.run(
        "UPDATE attempts SET turn = (SELECT max(turn) + 1 FROM attempts WHERE order_id = ?1), begins_before = ?3
         WHERE payment_id = ?2",
        params![order_id, &attempt.payment_id, attempt.begins_before],
    )
}

/// What was heard of an attempt.
pub fn save(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<(), StoreError> {
    let handover = attempt.handover.as_ref().and_then(|handover| serde_json::to_string(handover).ok());
    tx.run(
        "UPDATE attempts SET status = ?1, status_at = ?2, code = ?3, retry_until = ?4, paid_with = ?5, handover = ?6,
                asks_last_name = ?7, taken_minor = ?8 WHERE payment_id = ?9",
        params![
            &attempt.status,
            attempt.status_at,
            &attempt.code,
            attempt.retry_until,
            attempt.paid_with,
            handover,
            attempt.asks_last_name,
            attempt.taken,
            &attempt.payment_id
        ],
    )
}
