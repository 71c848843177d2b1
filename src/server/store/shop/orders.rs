//! Orders as rows: how one is read whole, and how one is written.

use crate::{
    domain::{
        money::Money,
        orders::{
            order::{Order, OrderLine},
            standing::OrderStanding,
        },
        shop::customer::Contact,
    },
    platform::Method,
    server::store::{
        columns::money,
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, row},
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
    struct LineRow {
        slug: String,
        name: String,
        quantity: u32,
        unit_minor: i64,
    }
}

/// Without its lines and attempts.
impl FromRow for StoredOrder {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let contact = Contact { email: row.named("email")?, last_name: row.named("last_name")?, phone: row.named("phone")? };
        let order = Order {
            number: row.named("number")?,
            token: row.named("token")?,
            market: row.named("market")?,
            language: row.named("language")?,
            customer_id: row.named("customer_id")?,
            contact,
            ip_address: row.named("ip_address")?,
            lines: Vec::new(),
            total: row.money("total_minor")?,
            placed_at: row.named("placed_at")?,
            held_until: row.named("held_until")?,
            attempts: Vec::new(),
            paid_by: row.named("paid_by")?,
        };
        Ok(Self { id: row.named("id")?, order })
    }
}

impl Store {
    /// The order this payment is an attempt of.
    pub async fn order_of_payment(&self, payment_id: &str) -> Result<Option<Order>, StoreError> {
        let payment_id = payment_id.to_owned();
        self.look(move |tx| Ok(load(tx, OrderKey::Payment(&payment_id))?.map(|stored| stored.order))).await
    }

    /// The number of the order this payment is an attempt of.
    pub async fn number_of_payment(&self, payment_id: &str) -> Result<Option<String>, StoreError> {
        let payment_id = payment_id.to_owned();
        self.look(move |tx| {
            tx.first(
                "SELECT number FROM orders JOIN attempts ON order_id = orders.id WHERE lower(payment_id) = ?1",
                params![payment_id.to_ascii_lowercase()],
            )
        })
        .await
    }

    /// The token of the order a cart's key has made already.
    pub async fn order_of_key(&self, order_key: &str) -> Result<Option<String>, StoreError> {
        let order_key = order_key.to_owned();
        self.look(move |tx| Ok(load(tx, OrderKey::Key(&order_key))?.map(|stored| stored.order.token))).await
    }
}

pub fn load(tx: &mut Tx<'_>, by: OrderKey<'_>) -> Result<Option<StoredOrder>, StoreError> {
    let found: Option<StoredOrder> = match by {
        OrderKey::Id(id) => tx.first("SELECT * FROM orders WHERE id = ?1", params![id]),
        OrderKey::Token(token) => tx.first("SELECT * FROM orders WHERE token = ?1", params![token]),
        OrderKey::Number(number) => tx.first("SELECT * FROM orders WHERE number = ?1", params![number.to_ascii_uppercase()]),
        OrderKey::Payment(id) => tx.first(
            "SELECT * FROM orders WHERE id = (SELECT order_id FROM attempts WHERE lower(payment_id) = ?1)",
            params![id.to_ascii_lowercase()],
        ),
        OrderKey::KeyAndTotal(key, total) => tx.first(
            "SELECT * FROM orders WHERE order_key = ?1 AND currency = ?2 AND total_minor = ?3",
            params![key, total.currency(), total],
        ),
        OrderKey::Key(key) => tx.first("SELECT * FROM orders WHERE order_key = ?1 ORDER BY id DESC LIMIT 1", params![key]),
    }?;
    let Some(mut stored) = found else { return Ok(None) };
    let StoredOrder { id, order } = &mut stored;
    let currency = order.total.currency();
    let lines: Vec<LineRow> = tx.all("SELECT * FROM order_lines WHERE order_id = ?1 ORDER BY position", params![*id])?;
    let line = |LineRow { slug, name, quantity, unit_minor }| {
        Ok(OrderLine { slug, name, quantity, unit: money(unit_minor, currency).ok_or(StoreError::Inconsistent("unit_minor"))? })
    };
    order.lines = lines.into_iter().map(line).collect::<Result<_, StoreError>>()?;
    order.attempts = tx.all(
        "SELECT attempts.*, (SELECT progress FROM transfers WHERE kind = 'sale' AND name = attempts.payment_id) AS sale
         FROM attempts WHERE order_id = ?1 ORDER BY turn, position",
        params![*id],
    )?;
    Ok(Some(stored))
}

/// `method`: that of the first attempt, which follows. Told of at once, it need not be told of again then.
pub fn insert(tx: &mut Tx<'_>, order_key: &str, order: &Order, method: Option<Method>) -> Result<i64, StoreError> {
    let id: i64 = tx.one(
        "INSERT INTO orders (number, token, order_key, market, language, customer_id, email, last_name, phone, ip_address,
                             total_minor, currency, placed_at, held_until, state, method)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) RETURNING id",
        params![
            &order.number,
            &order.token,
            order_key,
            order.market,
            &order.language,
            &order.customer_id,
            &order.contact.email,
            &order.contact.last_name,
            &order.contact.phone,
            &order.ip_address,
            order.total,
            order.total.currency(),
            order.placed_at,
            order.held_until,
            OrderStanding::Unheard.name(),
            method.map_or("", |method| method.rules().code)
        ],
    )?;
    for (position, line) in (0_u32..).zip(&order.lines) {
        tx.execute(
            "INSERT INTO order_lines (order_id, position, slug, name, quantity, unit_minor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![id, position, &line.slug, &line.name, line.quantity, line.unit],
        )?;
    }
    Ok(id)
}

/// What a customer told at another try, and until when things are kept now.
pub fn keep_contact(tx: &mut Tx<'_>, order_id: i64, order: &Order) -> Result<(), StoreError> {
    tx.run(
        "UPDATE orders SET held_until = ?1, email = ?2, last_name = ?3, phone = ?4, ip_address = ?5 WHERE id = ?6",
        params![
            order.held_until,
            &order.contact.email,
            &order.contact.last_name,
            &order.contact.phone,
            &order.ip_address,
            order_id
        ],
    )
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
