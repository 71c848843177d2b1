//! What nobody comes back to is not kept for ever: carts that were left, and orders whose payment was never begun.

use super::{
    About, Store, StoreError,
    engine::{Tx, params},
};

/// Carts and orders that are removed by one decision: others wait behind it.
const AT_ONCE: u32 = 100;

impl Store {
    /// Removes some carts that did not change since that moment, and some orders that were placed before it and never begun to
    /// be paid. False: there are none left.
    pub async fn expire(&self, before: i64) -> Result<bool, StoreError> {
        self.decide(About::Shop, move |tx| Ok(expire_carts(tx, before)? | expire_orders(tx, before)?)).await
    }
}

fn expire_carts(tx: &mut Tx<'_>, before: i64) -> Result<bool, StoreError> {
    let carts = "SELECT id FROM carts WHERE changed_at < ?1 ORDER BY changed_at LIMIT ?2";
    Ok(tx.execute(&format!("DELETE FROM carts WHERE id IN ({carts})"), params![before, AT_ONCE])? > 0)
}

/// An order of which the platform has told nothing, and of which it is not asked any more: it said that it knows no such payment
/// when none could begin any longer. Whatever else is known of a payment keeps its order.
fn expire_orders(tx: &mut Tx<'_>, before: i64) -> Result<bool, StoreError> {
    let expired: Vec<i64> = tx.all(
        "SELECT id FROM orders WHERE placed_at < ?1 AND status IS NULL AND paid_by IS NULL AND NOT EXISTS (
             SELECT 1 FROM attempts WHERE order_id = orders.id AND (status IS NOT NULL
                 OR EXISTS (SELECT 1 FROM inquiries WHERE payment_id = attempts.payment_id)
                 OR EXISTS (SELECT 1 FROM transfers WHERE payment_id = attempts.payment_id)
                 OR EXISTS (SELECT 1 FROM callbacks WHERE payment_id = attempts.payment_id)
                 OR EXISTS (SELECT 1 FROM cases WHERE payment_id = attempts.payment_id)))
         ORDER BY placed_at LIMIT ?2",
        params![before, AT_ONCE],
    )?;
    for id in &expired {
        for part in [
            "DELETE FROM attempts WHERE order_id = ?1",
            "DELETE FROM order_lines WHERE order_id = ?1",
            "DELETE FROM orders WHERE id = ?1",
        ] {
            tx.execute(part, params![*id])?;
        }
    }
    Ok(!expired.is_empty())
}
