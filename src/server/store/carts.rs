//! Carts: one a browser, made with the first thing put into it.

use crate::server::store::About;
use crate::server::store::engine::{Tx, params};

use super::{Store, StoreError};
use crate::domain::{
    cart::{Cart, CartLine, Quantity},
    order::Order,
};

/// Random names for a cart that may have to be made.
#[derive(Clone)]
pub struct FreshCart {
    pub token: String,
    pub customer_id: String,
    pub order_key: String,
}

impl Store {
    pub async fn cart(&self, token: &str) -> Result<Option<Cart>, StoreError> {
        let token = token.to_owned();
        self.look(move |tx| cart(tx, &token)).await
    }

    /// Puts more of a thing into the cart of this token, or into a new one. Returns the cart's token.
    pub async fn add_to_cart(
        &self,
        token: Option<&str>,
        slug: &str,
        quantity: Quantity,
        fresh: FreshCart,
        now: i64,
    ) -> Result<String, StoreError> {
        let token = token.map(str::to_owned);
        let slug = slug.to_owned();
        self.decide(About::Cart(fresh.token.clone()), move |tx| {
            add_to_cart(tx, token.as_deref(), &slug, quantity, fresh.clone(), now)
        })
        .await
    }

    /// Sets how many of a thing are in the cart; `None` takes it out.
    pub async fn set_in_cart(
        &self,
        token: &str,
        slug: &str,
        quantity: Option<Quantity>,
        order_key: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        let token = token.to_owned();
        let slug = slug.to_owned();
        let order_key = order_key.to_owned();
        self.decide(About::Cart(token.clone()), move |tx| set_in_cart(tx, &token, &slug, quantity, &order_key, now)).await
    }
}

fn cart(tx: &mut Tx<'_>, token: &str) -> Result<Option<Cart>, StoreError> {
    load(tx, token)
}

fn add_to_cart(
    tx: &mut Tx<'_>,
    token: Option<&str>,
    slug: &str,
    quantity: Quantity,
    fresh: FreshCart,
    now: i64,
) -> Result<String, StoreError> {
    let cart = match token {
        Some(token) => load(tx, token)?.map(|cart| (token.to_owned(), cart)),
        None => None,
    };
    let (token, held) = match cart {
        Some((token, cart)) => {
            let held = cart.lines.iter().find(|line| line.slug == slug).map(|line| line.quantity);
            (token, held)
        }
        None => {
            tx.execute(
                "INSERT INTO carts (token, customer_id, order_key, changed_at) VALUES (?1, ?2, ?3, ?4)",
                params![&fresh.token, &fresh.customer_id, &fresh.order_key, now],
            )?;
            (fresh.token, None)
        }
    };
    let quantity = held.map_or(quantity, |held| held.and(quantity));
    put(tx, &token, slug, quantity)?;
    changed(tx, &token, &fresh.order_key, now)?;
    Ok(token)
}

fn set_in_cart(
    tx: &mut Tx<'_>,
    token: &str,
    slug: &str,
    quantity: Option<Quantity>,
    order_key: &str,
    now: i64,
) -> Result<(), StoreError> {
    if let Some(cart) = load(tx, token)?
        && cart.lines.iter().any(|line| line.slug == slug && Some(line.quantity) != quantity)
    {
        match quantity {
            Some(quantity) => put(tx, token, slug, quantity)?,
            None => {
                tx.execute("DELETE FROM cart_lines WHERE cart_token = ?1 AND slug = ?2", params![token, slug])?;
            }
        }
        changed(tx, token, order_key, now)?;
    }
    Ok(())
}

/// Takes what was paid for out of its customer's cart; what was added meanwhile stays.
pub(super) fn take_out(tx: &mut Tx<'_>, order: &Order, next_key: &str, now: i64) -> Result<(), StoreError> {
    let cart: Option<(String,)> = tx.first("SELECT token FROM carts WHERE customer_id = ?1", params![&order.customer_id])?;
    let Some((token,)) = cart else { return Ok(()) };
    for line in &order.lines {
        let bought = params![&token, &line.slug, line.quantity];
        if tx.execute("DELETE FROM cart_lines WHERE cart_token = ?1 AND slug = ?2 AND quantity <= ?3", bought)? == 0 {
            tx.execute("UPDATE cart_lines SET quantity = quantity - ?3 WHERE cart_token = ?1 AND slug = ?2", bought)?;
        }
    }
    changed(tx, &token, next_key, now)
}

fn load(tx: &mut Tx<'_>, token: &str) -> Result<Option<Cart>, StoreError> {
    let cart: Option<(String, String)> = tx.first("SELECT order_key, customer_id FROM carts WHERE token = ?1", params![token])?;
    let Some((order_key, customer_id)) = cart else { return Ok(None) };
    let rows: Vec<(String, u32)> =
        tx.all("SELECT slug, quantity FROM cart_lines WHERE cart_token = ?1 ORDER BY rowid", params![token])?;
    let line = |(slug, quantity)| Some(CartLine { slug, quantity: Quantity::new(quantity)? });
    let lines = rows.into_iter().map(line).collect::<Option<_>>().ok_or(StoreError::Inconsistent("cart"))?;
    Ok(Some(Cart { order_key, customer_id, lines }))
}

fn put(tx: &mut Tx<'_>, token: &str, slug: &str, quantity: Quantity) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO cart_lines (cart_token, slug, quantity) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET quantity = ?3",
        params![token, slug, quantity.get()],
    )?;
    Ok(())
}

/// A changed cart makes another order.
fn changed(tx: &mut Tx<'_>, token: &str, order_key: &str, now: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE carts SET order_key = ?1, changed_at = ?2 WHERE token = ?3", params![order_key, now, token])?;
    Ok(())
}
