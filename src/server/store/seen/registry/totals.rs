//! What the orders of a day come to is the sum of rows that are only added. Out of many such rows this makes one.

use std::collections::BTreeMap;

use crate::server::store::{
    about::About,
    database::{Store, StoreError},
    engine::{Tx, params, row},
};

/// Rows beyond one for each kind of order and day that are left alone.
const SUPERFLUOUS: i64 = 1_000;
/// Rows that one decision takes: others wait behind it.
const AT_ONCE: i64 = 2_000;

row! {
    struct TotalsRow {
        day: i64,
        market: String,
        currency: String,
        method: String,
        state: String,
        orders: i64,
        total_minor: i64,
        refunded_minor: i64,
        paid_minor: i64,
    }
}

impl Store {
    /// Makes one row of many, beginning with the oldest. False: there are few enough.
    pub async fn fold_order_totals(&self) -> Result<bool, StoreError> {
        let superfluous = self.look(superfluous).await?;
        if superfluous <= SUPERFLUOUS {
            return Ok(false);
        }
        self.decide(About::Work("order totals"), fold).await?;
        Ok(true)
    }
}

fn superfluous(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(
        "SELECT (SELECT count(*) FROM order_totals)
              - (SELECT count(*) FROM (SELECT 1 FROM order_totals GROUP BY day, market, currency, method, state) AS kinds)",
        params![],
    )
}

fn fold(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let rows: Vec<TotalsRow> = tx.all(
        "DELETE FROM order_totals WHERE id IN (SELECT id FROM order_totals ORDER BY id LIMIT ?1)
         RETURNING day, market, currency, method, state, orders, total_minor, refunded_minor, paid_minor",
        params![AT_ONCE],
    )?;
    let mut sums: BTreeMap<_, [i64; 4]> = BTreeMap::new();
    for row in rows {
        let sum = sums.entry((row.day, row.market, row.currency, row.method, row.state)).or_default();
        for (sum, part) in sum.iter_mut().zip([row.orders, row.total_minor, row.refunded_minor, row.paid_minor]) {
            *sum = sum.checked_add(part).ok_or(StoreError::Inconsistent("total"))?;
        }
    }
    for ((day, market, currency, method, state), [orders, total, refunded, paid]) in sums {
        if [orders, total, refunded, paid] != [0; 4] {
            tx.execute(
                "INSERT INTO order_totals (day, market, currency, method, state, orders, total_minor, refunded_minor, paid_minor)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![day, market, currency, method, state, orders, total, refunded, paid],
            )?;
        }
    }
    Ok(())
}
