//! Orders as rows: how one is read whole, and how one is written.

use sqlx::{FromRow, Sqlite, Transaction};

use super::{Store, StoreError};
use crate::{
    domain::{
        customer::{Contact, Email, LastName, Phone},
        market::Market,
        money::{Currency, Money},
        order::{Attempt, Order, OrderLine},
        progress::Progress,
    },
    platform::{Method, PaymentStatus},
};

/// An order together with what only the store needs to know of it.
pub(super) struct StoredOrder {
    pub id: i64,
    pub order: Order,
}

/// Which order is meant.
pub(super) enum By<'a> {
    Id(i64),
    Token(&'a str),
    Number(&'a str),
    Payment(&'a str),
    KeyAndTotal(&'a str, Money),
    /// The newest order of a cart's key.
    Key(&'a str),
}

#[derive(FromRow)]
struct OrderRow {
    id: i64,
    number: String,
    token: String,
    market: String,
    language: String,
    customer_id: String,
    email: Option<String>,
    last_name: Option<String>,
    phone: Option<String>,
    ip_address: Option<String>,
    total_minor: i64,
    currency: String,
    placed_at: i64,
    held_until: i64,
    paid_by: Option<String>,
}

#[derive(FromRow)]
struct LineRow {
    slug: String,
    name: String,
    quantity: u32,
    unit_minor: i64,
}

#[derive(FromRow)]
struct AttemptRow {
    payment_id: String,
    method: Option<String>,
    amount_minor: i64,
    currency: String,
    started_at: i64,
    status: Option<String>,
    status_at: i64,
    code: Option<String>,
    retry_until: Option<i64>,
    paid_with: Option<String>,
    sale: Option<String>,
    handover: Option<String>,
    asks_last_name: bool,
}

impl Store {
    /// The order this token opens.
    pub async fn order(&self, token: &str) -> Result<Option<Order>, StoreError> {
        let mut reading = self.reading().begin().await?;
        Ok(load(&mut reading, By::Token(token)).await?.map(|stored| stored.order))
    }

    /// The order this payment is an attempt of.
    pub async fn order_of_payment(&self, payment_id: &str) -> Result<Option<Order>, StoreError> {
        let mut reading = self.reading().begin().await?;
        Ok(load(&mut reading, By::Payment(payment_id)).await?.map(|stored| stored.order))
    }

    /// The number of the order this payment is an attempt of.
    pub async fn number_of_payment(&self, payment_id: &str) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT number FROM orders JOIN attempts ON order_id = orders.id WHERE payment_id = ?")
            .bind(payment_id)
            .fetch_optional(self.reading())
            .await?)
    }

    /// The token of the order a cart's key has made already.
    pub async fn order_of_key(&self, order_key: &str) -> Result<Option<String>, StoreError> {
        let mut reading = self.reading().begin().await?;
        Ok(load(&mut reading, By::Key(order_key)).await?.map(|stored| stored.order.token))
    }
}

pub(super) async fn load(tx: &mut Transaction<'_, Sqlite>, by: By<'_>) -> Result<Option<StoredOrder>, StoreError> {
    let query = match by {
        By::Id(id) => sqlx::query_as("SELECT * FROM orders WHERE id = ?").bind(id),
        By::Token(token) => sqlx::query_as("SELECT * FROM orders WHERE token = ?").bind(token.to_owned()),
        By::Number(number) => sqlx::query_as("SELECT * FROM orders WHERE number = upper(?)").bind(number.to_owned()),
        By::Payment(id) => sqlx::query_as("SELECT * FROM orders WHERE id = (SELECT order_id FROM attempts WHERE payment_id = ?)")
            .bind(id.to_owned()),
        By::KeyAndTotal(key, total) => {
            sqlx::query_as("SELECT * FROM orders WHERE order_key = ? AND currency = ? AND total_minor = ?")
                .bind(key.to_owned())
                .bind(total.currency().code())
                .bind(as_stored(total))
        }
        By::Key(key) => sqlx::query_as("SELECT * FROM orders WHERE order_key = ? ORDER BY id DESC LIMIT 1").bind(key.to_owned()),
    };
    let Some(row): Option<OrderRow> = query.fetch_optional(&mut **tx).await? else { return Ok(None) };
    let lines: Vec<LineRow> =
        sqlx::query_as("SELECT * FROM order_lines WHERE order_id = ? ORDER BY position").bind(row.id).fetch_all(&mut **tx).await?;
    let attempts: Vec<AttemptRow> = sqlx::query_as("SELECT * FROM attempts WHERE order_id = ? ORDER BY turn, position")
        .bind(row.id)
        .fetch_all(&mut **tx)
        .await?;
    row.into_stored(lines, attempts).ok_or(StoreError::Inconsistent("order")).map(Some)
}

#[derive(FromRow)]
struct Addressed {
    #[sqlx(flatten)]
    attempt: AttemptRow,
    ip_address: Option<String>,
}

/// The attempts that are these payments (a JSON list of their ids), each with its customer's address.
pub(super) async fn attempts_named(
    tx: &mut Transaction<'_, Sqlite>,
    payment_ids: &str,
) -> Result<Vec<(Attempt, Option<String>)>, StoreError> {
    let rows: Vec<Addressed> = sqlx::query_as(
        "SELECT attempts.*, orders.ip_address FROM attempts JOIN orders ON orders.id = order_id
         WHERE payment_id IN (SELECT value FROM json_each(?))",
    )
    .bind(payment_ids)
    .fetch_all(&mut **tx)
    .await?;
    let attempts = rows.into_iter().map(|row| Some((row.attempt.into_attempt()?, row.ip_address)));
    attempts.map(|attempt| attempt.ok_or(StoreError::Inconsistent("attempt"))).collect()
}

impl OrderRow {
    fn into_stored(self, lines: Vec<LineRow>, attempts: Vec<AttemptRow>) -> Option<StoredOrder> {
        let currency = Currency::from_code(&self.currency)?;
        let contact = Contact {
            email: self.email.map(|email| Email::parse(&email)).transpose().ok()?,
            last_name: self.last_name.map(|name| LastName::parse(&name)).transpose().ok()?,
            phone: self.phone.map(|phone| Phone::parse(&phone)).transpose().ok()?,
        };
        let order = Order {
            number: self.number,
            token: self.token,
            market: Market::from_code(&self.market)?,
            language: self.language,
            customer_id: self.customer_id,
            contact,
            ip_address: self.ip_address,
            lines: lines.into_iter().map(|line| line.into_line(currency)).collect::<Option<_>>()?,
            total: money(self.total_minor, currency)?,
            placed_at: self.placed_at,
            held_until: self.held_until,
            attempts: attempts.into_iter().map(AttemptRow::into_attempt).collect::<Option<_>>()?,
            paid_by: self.paid_by,
        };
        Some(StoredOrder { id: self.id, order })
    }
}

impl LineRow {
    fn into_line(self, currency: Currency) -> Option<OrderLine> {
        Some(OrderLine { slug: self.slug, name: self.name, quantity: self.quantity, unit: money(self.unit_minor, currency)? })
    }
}

impl AttemptRow {
    fn into_attempt(self) -> Option<Attempt> {
        let method = match self.method {
            Some(code) => Some(Method::from_code(&code)?),
            None => None,
        };
        Some(Attempt {
            payment_id: self.payment_id,
            method,
            amount: money(self.amount_minor, Currency::from_code(&self.currency)?)?,
            started_at: self.started_at,
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

pub(super) fn money(minor: i64, currency: Currency) -> Option<Money> {
    Money::from_minor(minor.try_into().ok()?, currency).ok()
}

/// Minor units as SQLite keeps them. [`Money`] never exceeds what fits.
pub(super) fn as_stored(money: Money) -> i64 {
    money.minor().try_into().unwrap_or(i64::MAX)
}

pub(super) async fn insert(tx: &mut Transaction<'static, Sqlite>, order_key: &str, order: &Order) -> Result<i64, StoreError> {
    let (id,): (i64,) = sqlx::query_as(
        "INSERT INTO orders (number, token, order_key, market, language, customer_id, email, last_name, phone, ip_address,
                             total_minor, currency, placed_at, held_until)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(&order.number)
    .bind(&order.token)
    .bind(order_key)
    .bind(order.market.code())
    .bind(&order.language)
    .bind(&order.customer_id)
    .bind(order.contact.email.as_ref().map(Email::as_str))
    .bind(order.contact.last_name.as_ref().map(LastName::as_str))
    .bind(order.contact.phone.as_ref().map(Phone::as_str))
    .bind(&order.ip_address)
    .bind(as_stored(order.total))
    .bind(order.total.currency().code())
    .bind(order.placed_at)
    .bind(order.held_until)
    .fetch_one(&mut **tx)
    .await?;
    for (position, line) in (0_u32..).zip(&order.lines) {
        sqlx::query("INSERT INTO order_lines (order_id, position, slug, name, quantity, unit_minor) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(id)
            .bind(position)
            .bind(&line.slug)
            .bind(&line.name)
            .bind(line.quantity)
            .bind(as_stored(line.unit))
            .execute(&mut **tx)
            .await?;
    }
    Ok(id)
}
