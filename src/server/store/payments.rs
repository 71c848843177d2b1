//! Placing an order and starting attempts to pay it.

use sqlx::{Sqlite, Transaction};

use super::{
    Store, StoreError, inquiries,
    orders::{self, By, StoredOrder, as_stored},
    registry, stock,
};
use crate::{
    domain::{
        checkout::Checkout,
        customer::{Email, LastName, Phone},
        order::{Attempt, Order},
        product::Catalog,
        progress::Progress,
    },
    platform::{Method, PaymentPath},
};

/// An order that may have to be made; its `attempts` are empty.
pub struct NewOrder {
    /// The cart's key: one key and total make one order.
    pub order_key: String,
    pub order: Order,
}

/// What came of the wish to pay.
#[derive(Debug)]
pub enum Attempted {
    /// The order is stored; its last attempt is the one to pay.
    Ready(Order),
    AlreadyPaid(Order),
    /// The slug of a thing that is not there any more.
    OutOfStock(String),
}

/// Seconds for which tracked things are kept from checkout on.
const HOLD_S: i64 = 30 * 60;

impl Store {
    /// Stores the order, unless its key already made one, and an attempt to pay it.
    pub async fn place_order(
        &self,
        new: NewOrder,
        checkout: Checkout,
        catalog: &Catalog,
        now: i64,
        first_question_at: i64,
    ) -> Result<Attempted, StoreError> {
        let mut tx = self.begin().await?;
        let known = orders::load(&mut tx, By::KeyAndTotal(&new.order_key, new.order.total)).await?;
        let stored = match known {
            Some(stored) => stored,
            None => {
                if let Some(slug) =
                    stock::first_missing(&mut tx, catalog, &new.order.lines, Some(&new.order.customer_id), now).await?
                {
                    return Ok(Attempted::OutOfStock(slug));
                }
                let order = Order { held_until: now.saturating_add(HOLD_S), ..new.order };
                let id = orders::insert(&mut tx, &new.order_key, &order).await?;
                StoredOrder { id, order }
            }
        };
        attempt(tx, stored, checkout, catalog, now, first_question_at).await
    }

    /// Another attempt to pay an order. `None` if no order has this token.
    pub async fn try_again(
        &self,
        token: &str,
        checkout: Checkout,
        catalog: &Catalog,
        now: i64,
        first_question_at: i64,
    ) -> Result<Option<Attempted>, StoreError> {
        let mut tx = self.begin().await?;
        match orders::load(&mut tx, By::Token(token)).await? {
            Some(stored) => attempt(tx, stored, checkout, catalog, now, first_question_at).await.map(Some),
            None => Ok(None),
        }
    }
}

async fn attempt(
    mut tx: Transaction<'static, Sqlite>,
    stored: StoredOrder,
    checkout: Checkout,
    catalog: &Catalog,
    now: i64,
    first_question_at: i64,
) -> Result<Attempted, StoreError> {
    let StoredOrder { id, mut order } = stored;
    if order.is_paid() {
        return Ok(Attempted::AlreadyPaid(order));
    }
    if order.held_until <= now
        && let Some(slug) = stock::first_missing(&mut tx, catalog, &order.lines, Some(&order.customer_id), now).await?
    {
        return Ok(Attempted::OutOfStock(slug));
    }
    order.held_until = now.saturating_add(HOLD_S);
    let told = checkout.contact.clone();
    if checkout.is_remembered {
        order.contact = checkout.contact.or(order.contact);
    }
    order.ip_address = checkout.ip_address.or(order.ip_address);
    sqlx::query("UPDATE orders SET held_until = ?, email = ?, last_name = ?, phone = ?, ip_address = ? WHERE id = ?")
        .bind(order.held_until)
        .bind(order.contact.email.as_ref().map(Email::as_str))
        .bind(order.contact.last_name.as_ref().map(LastName::as_str))
        .bind(order.contact.phone.as_ref().map(Phone::as_str))
        .bind(&order.ip_address)
        .bind(id)
        .execute(&mut *tx)
        .await?;
    let attempt = match order.open_attempt(checkout.method, now) {
        Some(place) => order.attempts.remove(place),
        None => {
            let attempt = next_attempt(&order, checkout.method, checkout.path, now);
            insert_attempt(&mut tx, id, order.attempts.len(), &attempt).await?;
            attempt
        }
    };
    turn_to(&mut tx, id, &attempt.payment_id).await?;
    order.attempts.push(attempt);
    if let Some(attempt) = order.attempts.last() {
        inquiries::expect(&mut tx, &attempt.payment_id, first_question_at).await?;
    }
    registry::refresh(&mut tx, id).await?;
    tx.commit().await?;
    if !checkout.is_remembered {
        order.contact = told;
    }
    Ok(Attempted::Ready(order))
}

/// From now on this is the attempt that the order's page speaks of.
async fn turn_to(tx: &mut Transaction<'static, Sqlite>, order_id: i64, payment_id: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE attempts SET turn = (SELECT max(turn) + 1 FROM attempts WHERE order_id = ?) WHERE payment_id = ?")
        .bind(order_id)
        .bind(payment_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn next_attempt(order: &Order, method: Option<Method>, path: PaymentPath, now: i64) -> Attempt {
    Attempt {
        payment_id: format!("{}-{}", order.number, order.attempts.len() + 1),
        method,
        amount: order.total,
        started_at: now,
        status: None,
        status_at: 0,
        code: None,
        retry_until: None,
        paid_with: None,
        sale: (path == PaymentPath::Gate).then_some(Progress::Stored),
        handover: None,
        asks_last_name: false,
    }
}

async fn insert_attempt(
    tx: &mut Transaction<'static, Sqlite>,
    order_id: i64,
    position: usize,
    attempt: &Attempt,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO attempts (payment_id, order_id, position, method, amount_minor, currency, started_at, sale)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&attempt.payment_id)
    .bind(order_id)
    .bind(i64::try_from(position).unwrap_or(i64::MAX))
    .bind(attempt.method.map(|method| method.rules().code))
    .bind(as_stored(attempt.amount))
    .bind(attempt.amount.currency().code())
    .bind(attempt.started_at)
    .bind(attempt.sale.map(Progress::name))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
