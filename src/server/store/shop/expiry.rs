//! What nobody comes back to is not kept for ever: carts that were left, and orders whose payment was never begun.

use crate::server::store::{
    about::About,
    database::{Store, StoreError},
    engine::{Tx, params},
};

/// Carts and orders that are removed by one decision: others wait behind it.
const AT_ONCE: u32 = 100;

/// An order of which the platform has told nothing, and of which it is not asked any more: it said that it knows no such payment
/// when none could begin any longer. Whatever else is known of a payment keeps its order.
const NEVER_BEGUN: &str = "state = 'none' AND paid_by IS NULL
    AND EXISTS (SELECT 1 FROM attempts WHERE order_id = orders.id)
    AND NOT EXISTS (SELECT 1 FROM attempts WHERE order_id = orders.id AND (status IS NOT NULL
        OR EXISTS (SELECT 1 FROM questions WHERE payment_id = attempts.payment_id)
        OR EXISTS (SELECT 1 FROM transfers WHERE payment_id = attempts.payment_id)
        OR EXISTS (SELECT 1 FROM callbacks WHERE payment_id = attempts.payment_id)
        OR EXISTS (SELECT 1 FROM cases WHERE payment_id = attempts.payment_id)))";

impl Store {
    /// Removes some carts that did not change since that moment, and some orders that were placed before it and never begun to
    /// be paid. False: there are none left.
    pub async fn expire(&self, before: i64) -> Result<bool, StoreError> {
        let (carts, orders) = self.look(move |tx| expired(tx, before)).await?;
        if carts.is_empty() && orders.is_empty() {
            return Ok(false);
        }
        self.decide(About::Itself, move |tx| remove(tx, &carts, &orders, before)).await?;
        Ok(true)
    }
}

/// Ids of carts and orders.
fn expired(tx: &mut Tx<'_>, before: i64) -> Result<(Vec<i64>, Vec<i64>), StoreError> {
    let carts = tx.all("SELECT id FROM carts WHERE changed_at < ?1 ORDER BY changed_at LIMIT ?2", params![before, AT_ONCE])?;
    let orders = format!("SELECT id FROM orders WHERE placed_at < ?1 AND {NEVER_BEGUN} LIMIT ?2");
    Ok((carts, tx.all(&orders, params![before, AT_ONCE])?))
}

/// What was changed or heard of meanwhile stays.
fn remove(tx: &mut Tx<'_>, carts: &[i64], orders: &[i64], before: i64) -> Result<(), StoreError> {
    for id in carts {
        tx.execute("DELETE FROM carts WHERE id = ?1 AND changed_at < ?2", params![*id, before])?;
    }
    let is_never_begun = format!("SELECT EXISTS (SELECT 1 FROM orders WHERE id = ?1 AND {NEVER_BEGUN})");
    for id in orders {
        About::OrderRow(*id).hold(tx)?;
        if tx.one(&is_never_begun, params![*id])? {
            tx.execute("DELETE FROM attempts WHERE order_id = ?1", params![*id])?;
            tx.execute("DELETE FROM order_lines WHERE order_id = ?1", params![*id])?;
            tx.execute("DELETE FROM orders WHERE id = ?1", params![*id])?;
        }
    }
    Ok(())
}
