//! Orders as rows: how one is read whole, and how one is written.

use crate::server::store::shop::attempts::AttemptRow;
use crate::{
    domain::{
        money::{Currency, Money},
        orders::order::{Order, OrderLine},
        orders::standing::OrderStanding,
        shop::{
            customer::{Contact, Email, LastName, Phone},
            market::Market,
        },
    },
    platform::Method,
    server::store::{
        columns::{as_stored, money},
        database::{Store, StoreError},
        engine::{Tx, params, row},
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
    tx.first("SELECT number FROM orders JOIN attempts ON order_id = orders.id WHERE payment_id = ?1", params![payment_id])
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
            OrderStanding::Unheard.name(),
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

/// What a customer told at another try, and until when things are kept now.
pub fn keep_contact(tx: &mut Tx<'_>, order_id: i64, order: &Order) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE orders SET held_until = ?1, email = ?2, last_name = ?3, phone = ?4, ip_address = ?5 WHERE id = ?6",
        params![
            order.held_until,
            order.contact.email.as_ref().map(Email::as_str),
            order.contact.last_name.as_ref().map(LastName::as_str),
            order.contact.phone.as_ref().map(Phone::as_str),
            &order.ip_address,
            order_id
        ],
    )?;
    Ok(())
}

/// Orders of a customer, newest first.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<Order>, StoreError> {
    let tokens: Vec<String> =
        tx.all("SELECT token FROM orders WHERE customer_id = ?1 ORDER BY placed_at DESC, id DESC", params![customer_id])?;
    let mut all = Vec::new();
    for token in tokens {
        all.extend(load(tx, OrderKey::Token(&token))?.map(|stored| stored.order));
    }
    Ok(all)
}
