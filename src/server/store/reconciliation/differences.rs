//! Differences of a comparison as rows, and what a second comparison of one payment makes of them.

use crate::{
    domain::{
        money::Money,
        reconciliation::{Difference, FoundDifference, Side},
    },
    server::store::{
        columns::money,
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params},
    },
};

impl FromRow for FoundDifference {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let healed: (Option<i64>, Option<String>) = (row.named("healed_at")?, row.named("healed_by")?);
        Ok(Self {
            id: row.named("id")?,
            run: row.named("reconciliation_id")?,
            difference: Difference {
                kind: row.named("kind")?,
                movement: row.named("movement")?,
                payment_id: row.named("payment_id")?,
                operation_id: row.named("operation_id")?,
                shop: side(row, "shop_minor", "shop_currency", "shop_state")?,
                register: side(row, "register_minor", "register_currency", "register_state")?,
            },
            order: row.named("number")?,
            compared_at: row.named("compared_at")?,
            healed: healed.0.zip(healed.1),
        })
    }
}

fn side(row: &Row<'_>, minor: &'static str, currency: &'static str, state: &'static str) -> Result<Option<Side>, StoreError> {
    let (Some(amount), Some(currency), Some(state)) = (row.named(minor)?, row.named(currency)?, row.named(state)?) else {
        return Ok(None);
    };
    Ok(Some(Side { amount: money(amount, currency).ok_or(StoreError::Inconsistent(minor))?, state }))
}

const FOUND: &str = "
    SELECT differences.*, orders.number FROM differences LEFT JOIN attempts ON lower(attempts.payment_id) = lower(differences.payment_id)
           LEFT JOIN orders ON orders.id = order_id";

impl Store {
    /// Differences of a comparison after one of them, in the order they were found.
    pub async fn differences_of(&self, run: i64, after: i64, most: u32) -> Result<Vec<FoundDifference>, StoreError> {
        self.look(move |tx| {
            let query = format!("{FOUND} WHERE reconciliation_id = ?1 AND differences.id > ?2 ORDER BY differences.id LIMIT ?3");
            tx.all(&query, params![run, after, most])
        })
        .await
    }

    pub async fn difference(&self, id: i64) -> Result<Option<FoundDifference>, StoreError> {
        self.look(move |tx| {
            let query = format!("{FOUND} WHERE differences.id = ?1");
            tx.first(&query, params![id])
        })
        .await
    }
}

pub fn insert(tx: &mut Tx<'_>, run: i64, found: &Difference) -> Result<(), StoreError> {
    let columns = |side: Option<Side>| {
        let amount = side.map(|side| side.amount);
        (amount, amount.map(Money::currency), side.map(|side| side.state))
    };
    let (shop, register) = (columns(found.shop), columns(found.register));
    tx.run(
        "INSERT INTO differences (reconciliation_id, kind, movement, payment_id, operation_id, shop_minor, shop_currency, shop_state,
                                  register_minor, register_currency, register_state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            run, found.kind, found.movement, &found.payment_id, &found.operation_id,
            shop.0, shop.1, shop.2, register.0, register.1, register.2
        ],
    )
}

/// Compares the open differences of this difference's payment with what differs now. Tells whether it is gone.
pub fn compared_again(
    tx: &mut Tx<'_>,
    by: &str,
    difference_id: i64,
    mut now_differs: Vec<Difference>,
    now: i64,
) -> Result<bool, StoreError> {
    let query = format!(
        "{FOUND} WHERE (reconciliation_id, differences.payment_id) = (SELECT reconciliation_id, payment_id FROM differences WHERE id = ?1)
         ORDER BY differences.id"
    );
    let all: Vec<FoundDifference> = tx.all(&query, params![difference_id])?;
    let Some(run) = all.first().map(|found| found.run) else { return Ok(false) };
    let mut is_gone = true;
    for found in all.into_iter().filter(|found| found.healed.is_none()) {
        let same = |other: &Difference| {
            let told = &found.difference;
            (other.kind, other.movement, &other.operation_id) == (told.kind, told.movement, &told.operation_id)
        };
        let healed_at = match now_differs.iter().position(same) {
            Some(place) => {
                now_differs.remove(place);
                is_gone &= found.id != difference_id;
                None
            }
            None => Some(now),
        };
        tx.execute(
            "UPDATE differences SET compared_at = ?1, healed_at = ?2, healed_by = ?3 WHERE id = ?4",
            params![now, healed_at, healed_at.map(|_| by), found.id],
        )?;
    }
    // It differs in another way now: that is a difference, too.
    is_gone &= now_differs.is_empty();
    for difference in &now_differs {
        insert(tx, run, difference)?;
    }
    Ok(is_gone)
}
