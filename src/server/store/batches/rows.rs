//! Rows of batches as pages and results show them, and what they come to.

use crate::{
    domain::{
        batch::{BatchRow, Record, RowState},
        money::{Currency, Money},
    },
    server::store::{
        columns::money,
        database::{Store, StoreError},
        engine::{Tx, params, row},
    },
};

/// Which rows are wanted: those that follow or precede a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    After(u32),
    Before(u32),
}

row! {
    struct Row {
        position: u32,
        cells: String,
        state: String,
        reason: Option<String>,
        name: Option<String>,
        amount_minor: Option<i64>,
        currency: Option<String>,
        left_minor: Option<i64>,
        code: Option<String>,
        operation_id: Option<String>,
    }
}

/// The query for rows, with the index, the condition and the order that belong together.
macro_rules! rows {
    ($condition:literal) => {
        concat!(
            "SELECT position, cells, state, batch_rows.reason, batch_rows.name, batch_rows.amount_minor, batch_rows.currency, left_minor,
                    transfers.code, transfers.operation_id
             FROM batch_rows LEFT JOIN transfers ON transfers.id = transfer_id
             WHERE batch_id = ?1 AND ",
            $condition,
            " LIMIT ?4"
        )
    };
}

impl Store {
    /// Rows by their number, at most `most`: all, or those in a state.
    pub async fn batch_rows(
        &self,
        batch: i64,
        state: Option<RowState>,
        beside: Beside,
        most: u32,
    ) -> Result<Vec<BatchRow>, StoreError> {
        self.look(move |tx| batch_rows(tx, batch, state, beside, most)).await
    }

    /// How many rows are in each state; states without rows are left out.
    pub async fn batch_counts(&self, batch: i64) -> Result<Vec<(RowState, u32)>, StoreError> {
        self.look(move |tx| batch_counts(tx, batch)).await
    }

    /// What the rows that are not refused come to, in each currency, and how many they are.
    pub async fn batch_totals(&self, batch: i64) -> Result<Vec<(Money, u32)>, StoreError> {
        self.look(move |tx| batch_totals(tx, batch)).await
    }

    /// Declined rows after that one which are not tried again yet, with the numbers they have.
    pub async fn batch_rows_to_try_again(&self, batch: i64, after: u32, most: u32) -> Result<Vec<Record>, StoreError> {
        self.look(move |tx| batch_rows_to_try_again(tx, batch, after, most)).await
    }
}

fn batch_rows(
    tx: &mut Tx<'_>,
    batch: i64,
    state: Option<RowState>,
    beside: Beside,
    most: u32,
) -> Result<Vec<BatchRow>, StoreError> {
    let (query, position) = match (state, beside) {
        (Some(_), Beside::After(row)) => (rows!("state = ?2 AND position > ?3 ORDER BY position"), row),
        (Some(_), Beside::Before(row)) => (rows!("state = ?2 AND position < ?3 ORDER BY position DESC"), row),
        (None, Beside::After(row)) => (rows!("?2 IS NULL AND position > ?3 ORDER BY position"), row),
        (None, Beside::Before(row)) => (rows!("?2 IS NULL AND position < ?3 ORDER BY position DESC"), row),
    };
    let rows: Vec<Row> = tx.all(query, params![batch, state.map(RowState::name), position, most])?;
    let rows = rows.into_iter().map(|row| row.into_row().ok_or(StoreError::Inconsistent("row of a batch")));
    let mut rows: Vec<BatchRow> = rows.collect::<Result<_, _>>()?;
    if matches!(beside, Beside::Before(_)) {
        rows.reverse();
    }
    Ok(rows)
}

fn batch_counts(tx: &mut Tx<'_>, batch: i64) -> Result<Vec<(RowState, u32)>, StoreError> {
    let counts: Vec<(String, u32)> =
        tx.all("SELECT state, count(*) FROM batch_rows WHERE batch_id = ?1 GROUP BY state", params![batch])?;
    let known = |(state, count): (String, u32)| RowState::from_name(&state).map(|state| (state, count));
    counts.into_iter().map(|count| known(count).ok_or(StoreError::Inconsistent("row of a batch"))).collect()
}

fn batch_totals(tx: &mut Tx<'_>, batch: i64) -> Result<Vec<(Money, u32)>, StoreError> {
    totals(tx, batch)
}

fn batch_rows_to_try_again(tx: &mut Tx<'_>, batch: i64, after: u32, most: u32) -> Result<Vec<Record>, StoreError> {
    let rows: Vec<(u32, String)> = tx.all("SELECT position, cells FROM batch_rows WHERE batch_id = ?1 AND state = 'declined' AND position > ?2 AND NOT EXISTS
             (SELECT 1 FROM batches AS others CROSS JOIN batch_rows AS same INDEXED BY batch_rows_again ON same.batch_id = others.id AND same.again_of = batch_rows.position
              WHERE others.again_of = ?1 AND same.state <> 'refused' AND others.state <> 'reading'
                  AND (others.state <> 'cancelled' OR same.state <> 'ready'))
         ORDER BY position LIMIT ?3", params![batch, after, most])?;
    let records = rows.into_iter().map(|(row, cells)| Some(Record { row, cells: cells_of(&cells)? }));
    records.map(|record| record.ok_or(StoreError::Inconsistent("row of a batch"))).collect()
}

/// See [`Store::batch_totals`].
pub fn totals(tx: &mut Tx<'_>, batch: i64) -> Result<Vec<(Money, u32)>, StoreError> {
    let sums: Vec<(String, i64, u32)> = tx.all(
        "SELECT currency, sum(amount_minor), count(*) FROM batch_rows WHERE batch_id = ?1 AND state <> 'refused'
         GROUP BY currency ORDER BY currency",
        params![batch],
    )?;
    let sum = |(code, minor, rows): (String, i64, u32)| Some((money(minor, Currency::from_code(&code)?)?, rows));
    sums.into_iter().map(|total| sum(total).ok_or(StoreError::Inconsistent("total of a batch"))).collect()
}

pub fn cells_of(json: &str) -> Option<Vec<String>> {
    serde_json::from_str(json).ok()
}

impl Row {
    fn into_row(self) -> Option<BatchRow> {
        let currency = self.currency.as_deref().map(Currency::from_code);
        let sum = |minor: Option<i64>| match (minor, currency) {
            (Some(minor), Some(currency)) => money(minor, currency?).map(Some),
            _ => Some(None),
        };
        Some(BatchRow {
            position: self.position,
            cells: cells_of(&self.cells)?,
            state: RowState::from_name(&self.state)?,
            amount: sum(self.amount_minor)?,
            left: sum(self.left_minor)?,
            reason: self.reason,
            name: self.name,
            code: self.code,
            operation_id: self.operation_id,
        })
    }
}
