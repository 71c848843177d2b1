//! Stock: what is left of a product is all that was ever put on sale, less what was paid for or is held.

use crate::{
    domain::{
        orders::order::OrderLine,
        shop::product::{Catalog, Product},
    },
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{Tx, params},
    },
};

impl Store {
    /// How many of a product this customer can buy now; `None` when its stock is not tracked.
    pub async fn left_of(&self, product: &Product, customer_id: Option<&str>, now: i64) -> Result<Option<u32>, StoreError> {
        let (product, customer_id) = (product.clone(), customer_id.map(str::to_owned));
        self.look(move |tx| left(tx, &product, customer_id.as_deref(), now)).await
    }
}

/// The first thing of an order that is no longer there in the wanted quantity.
/// What is kept for the customer's own unpaid orders is not in the way.
pub fn first_missing(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    lines: &[OrderLine],
    customer_id: Option<&str>,
    now: i64,
) -> Result<Option<String>, StoreError> {
    let mut tracked: Vec<_> =
        lines.iter().filter(|line| catalog.product(&line.slug).is_some_and(|product| product.stock.is_some())).collect();
    // In one order, or two customers who want the same things would wait for each other.
    tracked.sort_by_key(|line| &line.slug);
    for line in tracked {
        About::Stock(line.slug.clone()).hold(tx)?;
    }
    for line in lines {
        let Some(product) = catalog.product(&line.slug) else { continue };
        if left(tx, product, customer_id, now)?.is_some_and(|left| left < line.quantity) {
            return Ok(Some(line.slug.clone()));
        }
    }
    Ok(None)
}

fn left(tx: &mut Tx<'_>, product: &Product, customer_id: Option<&str>, now: i64) -> Result<Option<u32>, StoreError> {
    let Some(stock) = product.stock else { return Ok(None) };
    let taken: i64 = tx.one(
        "SELECT coalesce(sum(quantity), 0) FROM order_lines JOIN orders ON orders.id = order_id
         WHERE slug = ?1 AND (paid_by IS NOT NULL OR (held_until > ?3 AND customer_id IS DISTINCT FROM ?2))",
        params![&product.slug, customer_id, now],
    )?;
    Ok(Some(stock.saturating_sub(u32::try_from(taken).unwrap_or(u32::MAX))))
}
