//! Attempts as rows: how they are read and written, and what changes of them.

use crate::{
    domain::{money::Currency, orders::order::Attempt, shop::customer::LastName, transfers::progress::Progress},
    platform::{Method, PaymentStatus},
    server::store::{
        about::About,
        columns::{as_stored, money},
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, row},
    },
};

row! {
    pub struct AttemptRow {
        payment_id: String,
        method: Option<String>,
        amount_minor: i64,
        currency: String,
        started_at: i64,
        begins_before: i64,
        status: Option<String>,
        status_at: i64,
        code: Option<String>,
        taken_minor: Option<i64>,
        retry_until: Option<i64>,
        paid_with: Option<String>,
        sale: Option<String>,
        handover: Option<String>,
        asks_last_name: bool,
    }
}

impl Store {
    /// The platform has the last name it asked for. `None`: somebody gave it who is not the order's customer; it is not kept.
    pub async fn last_name_given(&self, payment_id: &str, last_name: Option<&LastName>) -> Result<(), StoreError> {
        let (payment_id, last_name) = (payment_id.to_owned(), last_name.cloned());
        self.decide(About::Payment(payment_id.clone()), move |tx| last_name_given(tx, &payment_id, last_name.as_ref())).await
    }
}

/// An attempt, and the address of its customer.
struct Addressed {
    attempt: AttemptRow,
    ip_address: Option<String>,
}

impl FromRow for Addressed {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self { attempt: AttemptRow::from_row(row)?, ip_address: row.named("ip_address")? })
    }
}

/// The attempts that are these payments (a JSON list of their ids), each with its customer's address.
pub fn of_payments(tx: &mut Tx<'_>, payment_ids: &str) -> Result<Vec<(Attempt, Option<String>)>, StoreError> {
    let rows: Vec<Addressed> = tx.all(
        "SELECT attempts.*, NULL AS sale, orders.ip_address FROM attempts JOIN orders ON orders.id = order_id
         WHERE payment_id IN (SELECT value FROM json_each(?1))",
        params![payment_ids],
    )?;
    let attempts = rows.into_iter().map(|row| Some((row.attempt.into_attempt()?, row.ip_address)));
    attempts.map(|attempt| attempt.ok_or(StoreError::Inconsistent("attempt"))).collect()
}

pub fn insert(tx: &mut Tx<'_>, order_id: i64, position: usize, attempt: &Attempt) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO attempts (payment_id, order_id, position, method, amount_minor, currency, started_at, begins_before, turn)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT coalesce(max(turn), 0) + 1 FROM attempts WHERE order_id = ?2))",
        params![
            &attempt.payment_id,
            order_id,
            i64::try_from(position).unwrap_or(i64::MAX),
            attempt.method.map(|method| method.rules().code),
            as_stored(attempt.amount),
            attempt.amount.currency().code(),
            attempt.started_at,
            attempt.begins_before
        ],
    )?;
    Ok(())
}

fn last_name_given(tx: &mut Tx<'_>, payment_id: &str, last_name: Option<&LastName>) -> Result<(), StoreError> {
    tx.execute("UPDATE attempts SET asks_last_name = 0 WHERE payment_id = ?1", params![payment_id])?;
    tx.execute(
        "UPDATE orders SET last_name = coalesce(?1, last_name) WHERE id = (SELECT order_id FROM attempts WHERE payment_id = ?2)",
        params![last_name.map(LastName::as_str), payment_id],
    )?;
    Ok(())
}

/// From now on this is the attempt that the order's page speaks of.
pub fn turn_to(tx: &mut Tx<'_>, order_id: i64, attempt: &Attempt) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE attempts SET turn = (SELECT max(turn) + 1 FROM attempts WHERE order_id = ?1), begins_before = ?3
         WHERE payment_id = ?2",
        params![order_id, &attempt.payment_id, attempt.begins_before],
    )?;
    Ok(())
}

/// What was heard of an attempt.
pub fn save(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<(), StoreError> {
    tx.execute("UPDATE attempts SET status = ?1, status_at = ?2, code = ?3, retry_until = ?4, paid_with = ?5, handover = ?6, asks_last_name = ?7,
                taken_minor = ?8 WHERE payment_id = ?9", params![attempt.status.as_ref().map(|status| status.as_str()), attempt.status_at, &attempt.code, attempt.retry_until, attempt.paid_with.map(|method| method.rules().code), attempt.handover.as_ref().and_then(|handover| serde_json::to_string(handover).ok()), attempt.asks_last_name, attempt.taken.map(as_stored), &attempt.payment_id])?;
    Ok(())
}

impl AttemptRow {
    pub fn into_attempt(self) -> Option<Attempt> {
        let method = match self.method {
            Some(code) => Some(Method::from_code(&code)?),
            None => None,
        };
        let currency = Currency::from_code(&self.currency)?;
        let taken = match self.taken_minor {
            Some(minor) => Some(money(minor, currency)?),
            None => None,
        };
        Some(Attempt {
            payment_id: self.payment_id,
            method,
            amount: money(self.amount_minor, currency)?,
            taken,
            started_at: self.started_at,
            begins_before: self.begins_before,
            status: self.status.map(PaymentStatus::new),
            status_at: self.status_at,
            code: self.code,
            retry_until: self.retry_until,
            sale: self.sale.as_deref().and_then(Progress::from_name),
            handover: self.handover.as_deref().and_then(|json| serde_json::from_str(json).ok()),
            asks_last_name: self.asks_last_name,
            paid_with: self.paid_with.and_then(|code| Method::from_code(&code)),
        })
    }
}
