//! Orders as rows: how one is read whole, and how one is written.

use crate::{
    domain::{
        money::{Currency, Money},
        orders::order::{Attempt, Order, OrderLine},
        registry::OrderState,
        shop::{
            customer::{Contact, Email, LastName, Phone},
            market::Market,
        },
        transfers::progress::Progress,
    },
    platform::{Method, PaymentStatus},
    server::store::{
        database::{Store, StoreError},
        engine::{
            row::{FromRow, Row, row},
            tx::{SqlError, Tx},
            value::params,
        },
    },
};

/// An order together with what only the store needs to know of it.
pub struct StoredOrder {
    pub id: i64,
    pub order: Order,
}

/// Which order is meant.
pub enum OrderKey<'a> {
    Id(i64),
    Token(&'a str),
    Number(&'a str),
    Payment(&'a str),
    KeyAndTotal(&'a str, Money),
    /// The newest order of a cart's key.
    Key(&'a str),
}

row! {
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
}

row! {
    struct LineRow {
        slug: String,
        name: String,
        quantity: u32,
        unit_minor: i64,
    }
}

row! {
    struct AttemptRow {
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
    /// The order this token opens.
    pub async fn order(&self, token: &str) -> Result<Option<Order>, StoreError> {
        let token = token.to_owned();
        self.look(move |tx| order(tx, &token)).await
    }

    /// The order this payment is an attempt of.
    pub async fn order_of_payment(&self, payment_id: &str) -> Result<Option<Order>, StoreError> {
        let payment_id = payment_id.to_owned();
        self.look(move |tx| order_of_payment(tx, &payment_id)).await
    }

    /// The number of the order this payment is an attempt of.
    pub async fn number_of_payment(&self, payment_id: &str) -> Result<Option<String>, StoreError> {
        let payment_id = payment_id.to_owned();
        self.look(move |tx| number_of_payment(tx, &payment_id)).await
    }

    /// The token of the order a cart's key has made already.
    pub async fn order_of_key(&self, order_key: &str) -> Result<Option<String>, StoreError> {
        let order_key = order_key.to_owned();
        self.look(move |tx| order_of_key(tx, &order_key)).await
    }
}

fn order(tx: &mut Tx<'_>, token: &str) -> Result<Option<Order>, StoreError> {
    Ok(load(tx, OrderKey::Token(token))?.map(|stored| stored.order))
}

fn order_of_payment(tx: &mut Tx<'_>, payment_id: &str) -> Result<Option<Order>, StoreError> {
    Ok(load(tx, OrderKey::Payment(payment_id))?.map(|stored| stored.order))
}

fn number_of_payment(tx: &mut Tx<'_>, payment_id: &str) -> Result<Option<String>, StoreError> {
    Ok(tx.first("SELECT number FROM orders JOIN attempts ON order_id = orders.id WHERE payment_id = ?1", params![payment_id])?)
}

fn order_of_key(tx: &mut Tx<'_>, order_key: &str) -> Result<Option<String>, StoreError> {
    Ok(load(tx, OrderKey::Key(order_key))?.map(|stored| stored.order.token))
}

pub fn load(tx: &mut Tx<'_>, by: OrderKey<'_>) -> Result<Option<StoredOrder>, StoreError> {
    let row: Option<OrderRow> = match by {
        OrderKey::Id(id) => tx.first("SELECT * FROM orders WHERE id = ?1", params![id]),
        OrderKey::Token(token) => tx.first("SELECT * FROM orders WHERE token = ?1", params![token]),
        OrderKey::Number(number) => tx.first("SELECT * FROM orders WHERE number = upper(?1)", params![number]),
        OrderKey::Payment(id) => {
            tx.first("SELECT * FROM orders WHERE id = (SELECT order_id FROM attempts WHERE payment_id = ?1)", params![id])
        }
        OrderKey::KeyAndTotal(key, total) => tx.first(
            "SELECT * FROM orders WHERE order_key = ?1 AND currency = ?2 AND total_minor = ?3",
            params![key, total.currency().code(), as_stored(total)],
        ),
        OrderKey::Key(key) => tx.first("SELECT * FROM orders WHERE order_key = ?1 ORDER BY id DESC LIMIT 1", params![key]),
    }?;
    let Some(row) = row else { return Ok(None) };
    let lines: Vec<LineRow> = tx.all("SELECT * FROM order_lines WHERE order_id = ?1 ORDER BY position", params![row.id])?;
    let attempts: Vec<AttemptRow> = tx.all(
        "SELECT attempts.*, (SELECT progress FROM transfers WHERE kind = 'sale' AND name = attempts.payment_id) AS sale
         FROM attempts WHERE order_id = ?1 ORDER BY turn, position",
        params![row.id],
    )?;
    row.into_stored(lines, attempts).ok_or(StoreError::Inconsistent("order")).map(Some)
}

/// An attempt, and the address of its customer.
struct Addressed {
    attempt: AttemptRow,
    ip_address: Option<String>,
}

impl FromRow for Addressed {
    fn from_row(row: &Row<'_>) -> Result<Self, SqlError> {
        Ok(Self { attempt: AttemptRow::from_row(row)?, ip_address: row.named("ip_address")? })
    }
}

/// The attempts that are these payments (a JSON list of their ids), each with its customer's address.
pub fn attempts_named(tx: &mut Tx<'_>, payment_ids: &str) -> Result<Vec<(Attempt, Option<String>)>, StoreError> {
    let rows: Vec<Addressed> = tx.all(
        "SELECT attempts.*, NULL AS sale, orders.ip_address FROM attempts JOIN orders ON orders.id = order_id
         WHERE payment_id IN (SELECT value FROM json_each(?1))",
        params![payment_ids],
    )?;
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

pub fn money(minor: i64, currency: Currency) -> Option<Money> {
    Money::from_minor(minor.try_into().ok()?, currency).ok()
}

/// Minor units as SQLite keeps them. [`Money`] never exceeds what fits.
pub fn as_stored(money: Money) -> i64 {
    money.minor().try_into().unwrap_or(i64::MAX)
}

/// `method`: that of the first attempt, which follows. Told of at once, it need not be told of again then.
pub fn insert(tx: &mut Tx<'_>, order_key: &str, order: &Order, method: Option<Method>) -> Result<i64, StoreError> {
    let (id,): (i64,) = tx.one(
        "INSERT INTO orders (number, token, order_key, market, language, customer_id, email, last_name, phone, ip_address,
                             total_minor, currency, placed_at, held_until, state, method)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) RETURNING id",
        params![
            &order.number,
            &order.token,
            order_key,
            order.market.code(),
            &order.language,
            &order.customer_id,
            order.contact.email.as_ref().map(Email::as_str),
            order.contact.last_name.as_ref().map(LastName::as_str),
            order.contact.phone.as_ref().map(Phone::as_str),
            &order.ip_address,
            as_stored(order.total),
            order.total.currency().code(),
            order.placed_at,
            order.held_until,
            OrderState::Unheard.name(),
            method.map_or("", |method| method.rules().code)
        ],
    )?;
    for (position, line) in (0_u32..).zip(&order.lines) {
        tx.execute(
            "INSERT INTO order_lines (order_id, position, slug, name, quantity, unit_minor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![id, position, &line.slug, &line.name, line.quantity, as_stored(line.unit)],
        )?;
    }
    Ok(id)
}
