//! What a decision is about. A database with many writers locks it first, so that no other shop decides about the same meanwhile.

use crate::server::store::engine::{StoreError, Tx, params};

/// All that a decision depends on belongs to this, or is held by a unique key. SQLite has one writer and needs no lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A payment by its id, and so its order; a payout, and so all payouts to its customer.
    Payment(String),
    /// A refund by its name, and so the order of the payment that it gives back.
    Refund(String),
    /// An order by its token.
    Order(String),
    /// An order by its number in the database.
    OrderRow(i64),
    /// A cart by its token.
    Cart(String),
    /// What is left of a thing of the catalogue, by its slug.
    Stock(String),
    /// A customer by id: what is paid out to them.
    Customer(String),
    /// A batch by id, and the one whose rows it tries again.
    Batch(i64),
    /// Which batches there are, and which row is next.
    Batches,
    /// An operator by id, and whoever had the same address before.
    Operator(i64),
    /// Which operators there are, and what they may do.
    Operators,
    /// How often somebody tried to prove to be the operator of this name, which need not exist.
    Account(String),
    /// How often somebody tried so from this network address.
    Address(String),
    /// A worker by name: its work is claimed by one shop at a time.
    Work(&'static str),
    /// Nothing but what it writes: one statement, or rows that a unique key holds.
    Itself,
}

/// Subjects without a row of their own share this many turns of each kind: what strangers name must not fill the database.
const TURNS: u64 = 64;

impl About {
    /// Waits until nobody else decides about it. It stays so until the decision ends.
    pub fn hold(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        if tx.has_one_writer() {
            return Ok(());
        }
        match self {
            About::Payment(id) => hold_payment(tx, id),
            About::Refund(name) => {
                let payment: Option<String> =
                    tx.first("SELECT payment_id FROM transfers WHERE kind = 'refund' AND name = ?1", params![name])?;
                payment.map_or(Ok(()), |id| hold_payment(tx, &id))
            }
            About::Order(token) => tx.run("SELECT 1 FROM orders WHERE token = ?1 FOR UPDATE", params![token]),
            About::OrderRow(id) => tx.run("SELECT 1 FROM orders WHERE id = ?1 FOR UPDATE", params![*id]),
            About::Cart(token) => tx.run("SELECT 1 FROM carts WHERE token = ?1 FOR UPDATE", params![token]),
            About::Stock(slug) => turn(tx, &format!("stock {slug}")),
            About::Customer(id) => shared_turn(tx, "customer", id),
            About::Batch(id) => tx.run(
                "SELECT 1 FROM batches WHERE id = ?1 OR id = (SELECT again_of FROM batches WHERE id = ?1) ORDER BY id FOR UPDATE",
                params![*id],
            ),
            About::Batches => turn(tx, "batches"),
            About::Operator(id) => tx.run(
                "SELECT 1 FROM operators WHERE id IN (SELECT namesake_id FROM namesakes WHERE operator_id = ?1) ORDER BY id FOR UPDATE",
                params![*id],
            ),
            About::Operators => turn(tx, "operators"),
            About::Account(name) => shared_turn(tx, "account", name),
            About::Address(name) => shared_turn(tx, "address", name),
            About::Work(name) => turn(tx, &format!("work {name}")),
            About::Itself => Ok(()),
        }
    }
}

impl From<About> for Vec<About> {
    fn from(about: About) -> Self {
        vec![about]
    }
}

/// Purchases belong to their order, payouts to their customer. What the shop does not know has a turn of its own.
fn hold_payment(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    let folded = id.to_ascii_lowercase();
    let order: Option<i64> = tx.first(
        "SELECT id FROM orders WHERE id = (SELECT order_id FROM attempts WHERE lower(payment_id) = ?1) FOR UPDATE",
        params![&folded],
    )?;
    if order.is_some() {
        return Ok(());
    }
    let customer: Option<String> =
        tx.first("SELECT customer_id FROM transfers WHERE kind = 'payout' AND lower(payment_id) = ?1", params![&folded])?;
    match customer {
        Some(customer) => shared_turn(tx, "customer", &customer),
        None => shared_turn(tx, "payment", &folded),
    }
}

fn shared_turn(tx: &mut Tx<'_>, kind: &str, name: &str) -> Result<(), StoreError> {
    // Every shop must come to the same number, of whatever version it is.
    let number = name.bytes().fold(0_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 1_000_003) % TURNS;
    turn(tx, &format!("{kind} {number}"))
}

/// Locks a row that stands for something without one.
fn turn(tx: &mut Tx<'_>, name: &str) -> Result<(), StoreError> {
    let lock = "SELECT name FROM turns WHERE name = ?1 FOR UPDATE";
    if tx.first::<String>(lock, params![name])?.is_none() {
        tx.run("INSERT INTO turns (name) VALUES (?1) ON CONFLICT (name) DO NOTHING", params![name])?;
        tx.one::<String>(lock, params![name])?;
    }
    Ok(())
}
