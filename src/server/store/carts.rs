//! Carts: one a browser, made with the first thing put into it.

use sqlx::{Sqlite, Transaction};

use super::{Store, StoreError};
use crate::domain::{
    cart::{Cart, CartLine, Quantity},
    order::Order,
};

/// Random names for a cart that may have to be made.
pub struct FreshCart {
    pub token: String,
    pub customer_id: String,
    pub order_key: String,
}

impl Store {
    pub async fn cart(&self, token: &str) -> Result<Option<Cart>, StoreError> {
        let mut reading = self.reading().begin().await?;
        load(&mut reading, token).await
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
        let mut tx = self.begin().await?;
        let cart = match token {
            Some(token) => load(&mut tx, token).await?.map(|cart| (token.to_owned(), cart)),
            None => None,
        };
        let (token, held) = match cart {
            Some((token, cart)) => {
                let held = cart.lines.iter().find(|line| line.slug == slug).map(|line| line.quantity);
                (token, held)
            }
            None => {
                sqlx::query("INSERT INTO carts (token, customer_id, order_key, changed_at) VALUES (?, ?, ?, ?)")
                    .bind(&fresh.token)
                    .bind(&fresh.customer_id)
                    .bind(&fresh.order_key)
                    .bind(now)
                    .execute(&mut *tx)
                    .await?;
                (fresh.token, None)
            }
        };
        let quantity = held.map_or(quantity, |held| held.and(quantity));
        put(&mut tx, &token, slug, quantity).await?;
        changed(&mut tx, &token, &fresh.order_key, now).await?;
        tx.commit().await?;
        Ok(token)
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
        let mut tx = self.begin().await?;
        if let Some(cart) = load(&mut tx, token).await?
            && cart.lines.iter().any(|line| line.slug == slug && Some(line.quantity) != quantity)
        {
            match quantity {
                Some(quantity) => put(&mut tx, token, slug, quantity).await?,
                None => {
                    sqlx::query("DELETE FROM cart_lines WHERE cart_token = ? AND slug = ?")
                        .bind(token)
                        .bind(slug)
                        .execute(&mut *tx)
                        .await?;
                }
            }
            changed(&mut tx, token, order_key, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Takes what was paid for out of its customer's cart; what was added meanwhile stays.
pub(super) async fn take_out(
    tx: &mut Transaction<'static, Sqlite>,
    order: &Order,
    next_key: &str,
    now: i64,
) -> Result<(), StoreError> {
    let cart: Option<(String,)> =
        sqlx::query_as("SELECT token FROM carts WHERE customer_id = ?").bind(&order.customer_id).fetch_optional(&mut **tx).await?;
    let Some((token,)) = cart else { return Ok(()) };
    for line in &order.lines {
        for rest in [
            "DELETE FROM cart_lines WHERE cart_token = ? AND slug = ? AND quantity <= ?",
            "UPDATE cart_lines SET quantity = quantity - ?3 WHERE cart_token = ?1 AND slug = ?2",
        ] {
            sqlx::query(rest).bind(&token).bind(&line.slug).bind(line.quantity).execute(&mut **tx).await?;
        }
    }
    changed(tx, &token, next_key, now).await
}

async fn load(tx: &mut Transaction<'_, Sqlite>, token: &str) -> Result<Option<Cart>, StoreError> {
    let cart: Option<(String, String)> =
        sqlx::query_as("SELECT order_key, customer_id FROM carts WHERE token = ?").bind(token).fetch_optional(&mut **tx).await?;
    let Some((order_key, customer_id)) = cart else { return Ok(None) };
    let rows: Vec<(String, u32)> = sqlx::query_as("SELECT slug, quantity FROM cart_lines WHERE cart_token = ? ORDER BY rowid")
        .bind(token)
        .fetch_all(&mut **tx)
        .await?;
    let line = |(slug, quantity)| Some(CartLine { slug, quantity: Quantity::new(quantity)? });
    let lines = rows.into_iter().map(line).collect::<Option<_>>().ok_or(StoreError::Inconsistent("cart"))?;
    Ok(Some(Cart { order_key, customer_id, lines }))
}

async fn put(tx: &mut Transaction<'static, Sqlite>, token: &str, slug: &str, quantity: Quantity) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO cart_lines (cart_token, slug, quantity) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET quantity = ?3")
        .bind(token)
        .bind(slug)
        .bind(quantity.get())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A changed cart makes another order.
async fn changed(tx: &mut Transaction<'static, Sqlite>, token: &str, order_key: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE carts SET order_key = ?, changed_at = ? WHERE token = ?")
        .bind(order_key)
        .bind(now)
        .bind(token)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
