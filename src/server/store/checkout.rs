//! Placing an order and starting attempts to pay it.

use std::sync::Arc;

use crate::{
    domain::{
        books::MoneyKind,
        orders::{
            hold,
            order::{Attempt, Order},
        },
        shop::{checkout::Checkout, product::Catalog},
        transfers::progress::Progress,
    },
    platform::{Method, PaymentPath},
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::Tx,
        money::transfers::{self, New, Payer},
        questions::{self, Asked, Urgency},
        shop::{
            attempts, glance,
            orders::{self, OrderKey, StoredOrder},
            stock,
        },
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

/// What came of trying to pay.
#[derive(Debug)]
pub enum Attempted {
    /// The order is stored; its last attempt is the one to pay.
    Ready(Order),
    AlreadyPaid(Order),
    /// The slug of a product that is sold out.
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
        self.decide(About::Itself, move |tx| {
            let NewOrder { order_key, payment_id_prefix, order } = &new;
            let stored = match orders::load(tx, OrderKey::KeyAndTotal(order_key, order.total))? {
                // The form was sent before. Somebody may decide about that order just now.
                Some(stored) => {
                    About::OrderRow(stored.id).hold(tx)?;
                    orders::load(tx, OrderKey::Id(stored.id))?.ok_or(StoreError::Inconsistent("order"))?
                }
                None => {
                    if let Some(slug) = stock::first_missing(tx, &catalog, &order.lines, Some(&order.customer_id), now)? {
                        return Ok(Attempted::OutOfStock(slug));
                    }
                    let (held_until, ip_address) = (hold::ends(now), checkout.ip_address.clone());
                    let order = Order { held_until, ip_address, ..order.clone() };
                    StoredOrder { id: orders::insert(tx, order_key, &order, checkout.method)?, order }
                }
            };
            attempt(tx, stored, payment_id_prefix, checkout.clone(), &catalog, now, first_question_at)
        })
        .await
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
        let (token, catalog) = (token.to_owned(), catalog.clone());
        self.decide(About::Order(token.clone()), move |tx| match orders::load(tx, OrderKey::Token(&token))? {
            Some(stored) => attempt(tx, stored, "", checkout.clone(), &catalog, now, first_question_at).map(Some),
            None => Ok(None),
        })
        .await
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
        // Trying again does not extend a hold, and only the order's customer begins a new one.
        held_until: if checkout.is_remembered && is_over { hold::ends(now) } else { order.held_until },
        contact: if checkout.is_remembered { told.clone().or(order.contact.clone()) } else { order.contact.clone() },
        ip_address: match (&order.ip_address, &checkout.ip_address) {
            (Some(known), _) if !checkout.is_remembered => Some(known.clone()),
            (known, now) => now.clone().or(known.clone()),
        },
        ..order.clone()
    };
    // What somebody else than the order's customer types counts for this attempt alone. They learn nothing of the customer.
    let contact = if checkout.is_remembered { wanted.contact.clone() } else { told };
    let ip_address = checkout.ip_address.or(wanted.ip_address.clone());
    // An order that was just placed has it already.
    if (wanted.held_until, &wanted.contact, &wanted.ip_address) != (order.held_until, &order.contact, &order.ip_address) {
        orders::keep_contact(tx, id, &wanted)?;
    }
    order = wanted;
    let is_first = order.attempts.is_empty();
    let begins_before = order.held_until.max(now.saturating_add(hold::TIME_TO_BEGIN_S));
    let attempt = match order.open_attempt(checkout.method, now) {
        Some(place) => {
            let known = order.attempts.remove(place);
            let attempt = Attempt { begins_before: known.begins_before.max(begins_before), ..known };
            attempts::turn_to(tx, id, &attempt)?;
            attempt
        }
        None => {
            let next = next_attempt(&order, prefix, checkout.method, checkout.path, now);
            let attempt = Attempt { begins_before, ..next };
            attempts::insert(tx, id, order.attempts.len(), &attempt)?;
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
        let of = Asked { address, since: Some(attempt.started_at) };
        questions::expect_of(tx, &attempt.payment_id, first_question_at, Urgency::NothingHeard, of)?;
    }
    let mut stored = StoredOrder { id, order };
    // An order that was just placed was written with its glance.
    if !is_first {
        glance::refresh(tx, &stored)?;
    }
    stored.order.contact = contact;
    Ok(Attempted::Ready(stored.order))
}

fn next_attempt(order: &Order, prefix: &str, method: Option<Method>, path: PaymentPath, now: i64) -> Attempt {
    // Later attempts are named as the first one.
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
