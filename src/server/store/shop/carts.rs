//! Carts: one a browser, made with the first thing put into it.

use crate::{
    domain::{
        orders::order::Order,
        shop::cart::{Cart, CartLine, Quantity},
    },
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{Tx, params},
    },
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
        self.look(move |tx| Ok(load(tx, &token)?.map(|stored| stored.cart))).await
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
        let (token, slug) = (token.map(str::to_owned), slug.to_owned());
        self.decide(About::Cart(token.as_ref().unwrap_or(&fresh.token).clone()), move |tx| {
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
        let (token, slug, order_key) = (token.to_owned(), slug.to_owned(), order_key.to_owned());
        self.decide(About::Cart(token.clone()), move |tx| {
            let Some(StoredCart { id, cart }) = load(tx, &token)? else { return Ok(()) };
            if cart.lines.iter().any(|line| line.slug == slug && Some(line.quantity) != quantity) {
                match quantity {
                    Some(quantity) => put(tx, id, &slug, quantity)?,
                    None => {
                        tx.execute("DELETE FROM cart_lines WHERE cart_id = ?1 AND slug = ?2", params![id, &slug])?;
                    }
                }
                changed(tx, id, &order_key, now)?;
            }
            Ok(())
        })
        .await
    }
}

/// A cart together with what only the store needs to know of it.
struct StoredCart {
    id: i64,
    cart: Cart,
}

fn add_to_cart(
    tx: &mut Tx<'_>,
    token: Option<&str>,
    slug: &str,
    quantity: Quantity,
    fresh: FreshCart,
    now: i64,
) -> Result<String, StoreError> {
    let known = match token {
        Some(token) => load(tx, token)?.map(|stored| (token.to_owned(), stored)),
        None => None,
    };
    let (token, id, held) = match known {
        Some((token, StoredCart { id, cart })) => {
            changed(tx, id, &fresh.order_key, now)?;
            let held = cart.lines.iter().find(|line| line.slug == slug).map(|line| line.quantity);
            (token, id, held)
        }
        None => {
            let id: i64 = tx.one(
                "INSERT INTO carts (token, customer_id, order_key, changed_at) VALUES (?1, ?2, ?3, ?4) RETURNING id",
                params![&fresh.token, &fresh.customer_id, &fresh.order_key, now],
            )?;
            (fresh.token, id, None)
        }
    };
    put(tx, id, slug, held.map_or(quantity, |held| held.and(quantity)))?;
    Ok(token)
}

/// Takes what was paid for out of its customer's cart; what was added meanwhile stays.
pub fn take_out(tx: &mut Tx<'_>, order: &Order, next_key: &str, now: i64) -> Result<(), StoreError> {
    let cart: Option<i64> = tx.first("SELECT id FROM carts WHERE customer_id = ?1", params![&order.customer_id])?;
    let Some(id) = cart else { return Ok(()) };
    for line in &order.lines {
        let bought = params![id, &line.slug, line.quantity];
        if tx.execute("DELETE FROM cart_lines WHERE cart_id = ?1 AND slug = ?2 AND quantity <= ?3", bought)? == 0 {
            tx.execute("UPDATE cart_lines SET quantity = quantity - ?3 WHERE cart_id = ?1 AND slug = ?2", bought)?;
        }
    }
    changed(tx, id, next_key, now)
}

fn load(tx: &mut Tx<'_>, token: &str) -> Result<Option<StoredCart>, StoreError> {
    let cart: Option<(i64, String, String)> =
        tx.first("SELECT id, order_key, customer_id FROM carts WHERE token = ?1", params![token])?;
    let Some((id, order_key, customer_id)) = cart else { return Ok(None) };
    let rows: Vec<(String, u32)> =
        tx.all("SELECT slug, quantity FROM cart_lines WHERE cart_id = ?1 ORDER BY place", params![id])?;
    let line = |(slug, quantity)| Some(CartLine { slug, quantity: Quantity::new(quantity)? });
    let lines = rows.into_iter().map(line).collect::<Option<_>>().ok_or(StoreError::Inconsistent("cart"))?;
    Ok(Some(StoredCart { id, cart: Cart { order_key, customer_id, lines } }))
}

fn put(tx: &mut Tx<'_>, cart_id: i64, slug: &str, quantity: Quantity) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO cart_lines (cart_id, slug, quantity, place)
         VALUES (?1, ?2, ?3, (SELECT coalesce(max(place), 0) + 1 FROM cart_lines WHERE cart_id = ?1))
         ON CONFLICT (cart_id, slug) DO UPDATE SET quantity = ?3",
        params![cart_id, slug, quantity.get()],
    )
}

/// A changed cart makes another order.
fn changed(tx: &mut Tx<'_>, cart_id: i64, order_key: &str, now: i64) -> Result<(), StoreError> {
    tx.run("UPDATE carts SET order_key = ?1, changed_at = ?2 WHERE id = ?3", params![order_key, now, cart_id])
}
