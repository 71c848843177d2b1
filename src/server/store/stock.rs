//! Stock: what is left of a thing is what was ever put on sale, less what was paid for or is kept for someone.

use sqlx::{Sqlite, Transaction};

use super::{Store, StoreError};
use crate::domain::{
    order::OrderLine,
    product::{Catalog, Product},
};

impl Store {
    /// How many of a product this customer can buy now; `None` when its stock is not tracked.
    pub async fn left_of(&self, product: &Product, customer_id: Option<&str>, now: i64) -> Result<Option<u32>, StoreError> {
        let mut reading = self.reading().begin().await?;
        left(&mut reading, product, customer_id, now).await
    }
}

/// The first thing of an order that is no longer there in the wanted quantity.
/// What is kept for the customer's own unpaid orders is not in the way.
pub(super) async fn first_missing(
    tx: &mut Transaction<'_, Sqlite>,
    catalog: &Catalog,
    lines: &[OrderLine],
    customer_id: Option<&str>,
    now: i64,
) -> Result<Option<String>, StoreError> {
    for line in lines {
        let Some(product) = catalog.product(&line.slug) else { continue };
        if left(tx, product, customer_id, now).await?.is_some_and(|left| left < line.quantity) {
            return Ok(Some(line.slug.clone()));
        }
    }
    Ok(None)
}

async fn left(
    tx: &mut Transaction<'_, Sqlite>,
    product: &Product,
    customer_id: Option<&str>,
    now: i64,
) -> Result<Option<u32>, StoreError> {
    let Some(stock) = product.stock else { return Ok(None) };
    let (taken,): (i64,) = sqlx::query_as(
        "SELECT COALESCE(SUM(quantity), 0) FROM order_lines JOIN orders ON orders.id = order_id
         WHERE slug = ?1 AND (paid_by IS NOT NULL OR (held_until > ?3 AND customer_id IS NOT ?2))",
    )
    .bind(&product.slug)
    .bind(customer_id)
    .bind(now)
    .fetch_one(&mut **tx)
    .await?;
    Ok(Some(stock.saturating_sub(u32::try_from(taken).unwrap_or(u32::MAX))))
}
