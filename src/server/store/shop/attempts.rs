//! Placing an order and starting attempts to pay it.

use std::sync::Arc;

use crate::{
    domain::{
        books::MoneyKind,
        orders::{
            hold,
            order::{Attempt, Order},
        },
        shop::{
            checkout::Checkout,
            customer::{Email, LastName, Phone},
            product::Catalog,
        },
        transfers::progress::Progress,
    },
    platform::{Method, PaymentPath},
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{tx::Tx, value::params},
        money::transfers::{self, New, Payer},
        seen::registry,
        shop::{
            orders::{self, OrderKey, StoredOrder, as_stored},
            stock,
        },
        told::inquiries::{self, Urgency},
    },
};

/// An order that may have to be made; its `attempts` are empty.
#[derive(Clone)]
pub struct NewOrder {
    /// The cart's key: one key and total make one order.
    pub order_key: String,
    /// How the ids of its payments begin, before its number.
    pub payment_id_prefix: String,
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

impl Store {
    /// Stores the order, unless its key already made one, and an attempt to pay it.
    pub async fn place_order(
        &self,
        new: NewOrder,
        checkout: Checkout,
        catalog: &Arc<Catalog>,
        now: i64,
        first_question_at: i64,
    ) -> Result<Attempted, StoreError> {
        let catalog = catalog.clone();
        self.decide(About::Shop, move |tx| place_order(tx, new.clone(), checkout.clone(), &catalog, now, first_question_at)).await
    }

    /// Another attempt to pay an order. `None` if no order has this token.
    pub async fn try_again(
        &self,
        token: &str,
        checkout: Checkout,
        catalog: &Arc<Catalog>,
        now: i64,
        first_question_at: i64,
    ) -> Result<Option<Attempted>, StoreError> {
        let token = token.to_owned();
        let catalog = catalog.clone();
        self.decide(About::Order(token.clone()), move |tx| {
            try_again(tx, &token, checkout.clone(), &catalog, now, first_question_at)
        })
        .await
    }

    /// The platform has the last name it asked for. `None`: somebody gave it who is not the order's customer; it is not kept.
    pub async fn last_name_given(&self, payment_id: &str, last_name: Option<&LastName>) -> Result<(), StoreError> {
        let (payment_id, last_name) = (payment_id.to_owned(), last_name.cloned());
        self.decide(About::Payment(payment_id.clone()), move |tx| last_name_given(tx, &payment_id, last_name.as_ref())).await
    }
}

fn place_order(
    tx: &mut Tx<'_>,
    new: NewOrder,
    checkout: Checkout,
    catalog: &Catalog,
    now: i64,
    first_question_at: i64,
) -> Result<Attempted, StoreError> {
    let known = orders::load(tx, OrderKey::KeyAndTotal(&new.order_key, new.order.total))?;
    let stored = match known {
        Some(stored) => stored,
        None => {
            if let Some(slug) = stock::first_missing(tx, catalog, &new.order.lines, Some(&new.order.customer_id), now)? {
                return Ok(Attempted::OutOfStock(slug));
            }
            let (held_until, ip_address) = (hold::ends(now), checkout.ip_address.clone());
            let order = Order { held_until, ip_address, ..new.order };
            let id = orders::insert(tx, &new.order_key, &order, checkout.method)?;
            StoredOrder { id, order }
        }
    };
    attempt(tx, stored, &new.payment_id_prefix, checkout, catalog, now, first_question_at)
}

fn try_again(
    tx: &mut Tx<'_>,
    token: &str,
    checkout: Checkout,
    catalog: &Catalog,
    now: i64,
    first_question_at: i64,
) -> Result<Option<Attempted>, StoreError> {
    match orders::load(tx, OrderKey::Token(token))? {
        Some(stored) => attempt(tx, stored, "", checkout, catalog, now, first_question_at).map(Some),
        None => Ok(None),
    }
}

fn attempt(
    tx: &mut Tx<'_>,
    stored: StoredOrder,
    prefix: &str,
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
        && let Some(slug) = stock::first_missing(tx, catalog, &order.lines, Some(&order.customer_id), now)?
    {
        return Ok(Attempted::OutOfStock(slug));
    }
    let told = checkout.contact;
    let is_over = order.held_until <= now;
    let wanted = Order {
        // Nobody keeps things from others for longer by trying again, and whoever is not the order's customer keeps none.
        held_until: if checkout.is_remembered && is_over { hold::ends(now) } else { order.held_until },
        contact: if checkout.is_remembered { told.clone().or(order.contact.clone()) } else { order.contact.clone() },
        ip_address: match (&order.ip_address, &checkout.ip_address) {
            (Some(known), _) if !checkout.is_remembered => Some(known.clone()),
            (known, now) => now.clone().or(known.clone()),
        },
        ..order.clone()
    };
    // Whoever is not the order's customer tells for this try alone, and learns nothing.
    let contact = if checkout.is_remembered { wanted.contact.clone() } else { told };
    let ip_address = checkout.ip_address.or(wanted.ip_address.clone());
    // An order that was just placed is so already.
    if (wanted.held_until, &wanted.contact, &wanted.ip_address) != (order.held_until, &order.contact, &order.ip_address) {
        keep_contact(tx, id, &wanted)?;
    }
    order = wanted;
    let is_first = order.attempts.is_empty();
    let begins_before = order.held_until.max(now.saturating_add(hold::TIME_TO_BEGIN_S));
    let attempt = match order.open_attempt(checkout.method, now) {
        Some(place) => {
            let known = order.attempts.remove(place);
            let attempt = Attempt { begins_before: known.begins_before.max(begins_before), ..known };
            turn_to(tx, id, &attempt)?;
            attempt
        }
        None => {
            let next = next_attempt(&order, prefix, checkout.method, checkout.path, now);
            let attempt = Attempt { begins_before, ..next };
            insert_attempt(tx, id, order.attempts.len(), &attempt)?;
            if let Some(progress) = attempt.sale {
                let Attempt { payment_id, amount, .. } = &attempt;
                let payer = Payer::of(&contact, ip_address.as_deref());
                let more = payer.columns();
                let sale = New {
                    kind: MoneyKind::Sale,
                    name: payment_id,
                    payment_id,
                    amount: *amount,
                    progress,
                    asked_at: now,
                    more: &more,
                };
                transfers::insert(tx, &sale)?;
            }
            attempt
        }
    };
    order.attempts.push(attempt);
    if let Some(attempt) = order.attempts.last() {
        let address = ip_address.as_deref().unwrap_or_default();
        inquiries::expect_of(tx, &attempt.payment_id, first_question_at, Urgency::NothingHeard, address)?;
    }
    let mut stored = StoredOrder { id, order };
    // Of an order that was just placed all is told already.
    if !is_first {
        registry::refresh(tx, &stored)?;
    }
    stored.order.contact = contact;
    Ok(Attempted::Ready(stored.order))
}

fn keep_contact(tx: &mut Tx<'_>, order_id: i64, order: &Order) -> Result<(), StoreError> {
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

/// From now on this is the attempt that the order's page speaks of.
fn turn_to(tx: &mut Tx<'_>, order_id: i64, attempt: &Attempt) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE attempts SET turn = (SELECT max(turn) + 1 FROM attempts WHERE order_id = ?1), begins_before = ?3
         WHERE payment_id = ?2",
        params![order_id, &attempt.payment_id, attempt.begins_before],
    )?;
    Ok(())
}

fn next_attempt(order: &Order, prefix: &str, method: Option<Method>, path: PaymentPath, now: i64) -> Attempt {
    // Later ones are called as the first one is.
    let first = order.attempts.iter().find_map(|attempt| attempt.payment_id.rsplit_once('-'));
    let name = first.map_or_else(|| format!("{prefix}{}", order.number), |(name, _)| name.to_owned());
    Attempt {
        payment_id: format!("{name}-{}", order.attempts.len() + 1),
        method,
        amount: order.total,
        started_at: now,
        begins_before: now,
        status: None,
        status_at: 0,
        code: None,
        retry_until: None,
        taken: None,
        paid_with: None,
        sale: (path == PaymentPath::Gate).then_some(Progress::Stored),
        handover: None,
        asks_last_name: false,
    }
}

fn insert_attempt(tx: &mut Tx<'_>, order_id: i64, position: usize, attempt: &Attempt) -> Result<(), StoreError> {
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
