//! Differences of a comparison as rows, and what a second look makes of them.

use crate::{
    domain::{
        money::Currency,
        reconciliation::{ComparedKind, Difference, DifferenceKind, FoundDifference, Side},
        transfers::progress::Outcome,
    },
    server::store::{
        columns::{as_stored, money},
        database::{Store, StoreError},
        engine::{Tx, params, row},
    },
};

row! {
    struct FoundRow {
        id: i64,
        reconciliation_id: i64,
        kind: String,
        movement: String,
        payment_id: String,
        operation_id: Option<String>,
        shop_minor: Option<i64>,
        shop_currency: Option<String>,
        shop_state: Option<String>,
        register_minor: Option<i64>,
        register_currency: Option<String>,
        register_state: Option<String>,
        compared_at: Option<i64>,
        healed_at: Option<i64>,
        healed_by: Option<String>,
        number: Option<String>,
    }
}

const FOUND: &str = "
    SELECT differences.*, orders.number FROM differences LEFT JOIN attempts ON attempts.payment_id = differences.payment_id
           LEFT JOIN orders ON orders.id = order_id";

impl Store {
    /// Differences of a run behind one of them, in the order they were found.
    pub async fn differences_of(&self, run: i64, after: i64, most: u32) -> Result<Vec<FoundDifference>, StoreError> {
        self.look(move |tx| differences_of(tx, run, after, most)).await
    }

    pub async fn difference(&self, id: i64) -> Result<Option<FoundDifference>, StoreError> {
        self.look(move |tx| difference(tx, id)).await
    }
}

fn differences_of(tx: &mut Tx<'_>, run: i64, after: i64, most: u32) -> Result<Vec<FoundDifference>, StoreError> {
    let query = format!("{FOUND} WHERE reconciliation_id = ?1 AND differences.id > ?2 ORDER BY differences.id LIMIT ?3");
    let rows: Vec<FoundRow> = tx.all(&query, params![run, after, most])?;
    rows.into_iter().map(FoundRow::into_found).collect()
}

fn difference(tx: &mut Tx<'_>, id: i64) -> Result<Option<FoundDifference>, StoreError> {
    let query = format!("{FOUND} WHERE differences.id = ?1");
    let row: Option<FoundRow> = tx.first(&query, params![id])?;
    row.map(FoundRow::into_found).transpose()
}

pub fn insert(tx: &mut Tx<'_>, run: i64, found: &Difference) -> Result<(), StoreError> {
    tx.execute("INSERT INTO differences (reconciliation_id, kind, movement, payment_id, operation_id, shop_minor, shop_currency, shop_state,
                                  register_minor, register_currency, register_state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", params![run, found.kind.name(), found.movement.name(), &found.payment_id, &found.operation_id, found.shop.map(|side| as_stored(side.amount)), found.shop.map(|side| side.amount.currency().code()), found.shop.map(|side| side.state.name()), found.register.map(|side| as_stored(side.amount)), found.register.map(|side| side.amount.currency().code()), found.register.map(|side| side.state.name())])?;
    Ok(())
}

/// Goes through what is open about the payment of a difference. Whether that one is gone.
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
    let rows: Vec<FoundRow> = tx.all(&query, params![difference_id])?;
    let all = rows.into_iter().map(FoundRow::into_found).collect::<Result<Vec<_>, _>>()?;
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

impl FoundRow {
    fn into_found(self) -> Result<FoundDifference, StoreError> {
        let unreadable = || StoreError::Inconsistent("difference");
        Ok(FoundDifference {
            id: self.id,
            run: self.reconciliation_id,
            difference: Difference {
                kind: DifferenceKind::from_name(&self.kind).ok_or_else(unreadable)?,
                movement: ComparedKind::from_name(&self.movement).ok_or_else(unreadable)?,
                payment_id: self.payment_id,
                operation_id: self.operation_id,
                shop: side(self.shop_minor, self.shop_currency, self.shop_state)?,
                register: side(self.register_minor, self.register_currency, self.register_state)?,
            },
            order: self.number,
            compared_at: self.compared_at,
            healed: self.healed_at.zip(self.healed_by),
        })
    }
}

fn side(minor: Option<i64>, currency: Option<String>, state: Option<String>) -> Result<Option<Side>, StoreError> {
    let (Some(minor), Some(currency), Some(state)) = (minor, currency, state) else { return Ok(None) };
    let side = || Some(Side { amount: money(minor, Currency::from_code(&currency)?)?, state: Outcome::from_name(&state)? });
    side().map(Some).ok_or(StoreError::Inconsistent("difference"))
}
