//! Rows of batches as pages and results show them, and what they come to.

use crate::{
    domain::{
        batch::{BatchRow, Record, RowState},
        money::{Currency, Money},
    },
    server::store::{
        columns::money,
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, read},
    },
};

/// Which rows are wanted: those that follow or precede a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    After(u32),
    Before(u32),
}

impl FromRow for BatchRow {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let cells: String = row.named("cells")?;
        read!(row => {
            position, state, reason, name, code, operation_id,
        } and {
            cells: cells_of(&cells)?,
            amount: row.money_or_null("amount_minor")?,
            left: row.money_or_null("left_minor")?,
        })
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
        self.look(move |tx| {
            let (query, position) = match (state, beside) {
                (Some(_), Beside::After(row)) => (rows!("state = ?2 AND position > ?3 ORDER BY position"), row),
                (Some(_), Beside::Before(row)) => (rows!("state = ?2 AND position < ?3 ORDER BY position DESC"), row),
                (None, Beside::After(row)) => (rows!("CAST(?2 AS TEXT) IS NULL AND position > ?3 ORDER BY position"), row),
                (None, Beside::Before(row)) => (rows!("CAST(?2 AS TEXT) IS NULL AND position < ?3 ORDER BY position DESC"), row),
            };
            let mut rows: Vec<BatchRow> = tx.all(query, params![batch, state, position, most])?;
            if matches!(beside, Beside::Before(_)) {
                rows.reverse();
            }
            Ok(rows)
        })
        .await
    }

    /// How many rows are in each state; states without rows are left out.
    pub async fn batch_counts(&self, batch: i64) -> Result<Vec<(RowState, u32)>, StoreError> {
        self.look(move |tx| tx.all("SELECT state, count(*) FROM batch_rows WHERE batch_id = ?1 GROUP BY state", params![batch]))
            .await
    }

    /// What the rows that are not refused come to, in each currency, and how many they are.
    pub async fn batch_totals(&self, batch: i64) -> Result<Vec<(Money, u32)>, StoreError> {
        self.look(move |tx| totals(tx, batch)).await
    }

    /// Declined rows after that one which are not tried again yet, with the numbers they have.
    pub async fn batch_rows_to_try_again(&self, batch: i64, after: u32, most: u32) -> Result<Vec<Record>, StoreError> {
        self.look(move |tx| {
            let rows: Vec<(u32, String)> = tx.all(
                "SELECT position, cells FROM batch_rows
                 WHERE batch_id = ?1 AND state = 'declined' AND position > ?2 AND NOT EXISTS (
                     SELECT 1 FROM batches AS others CROSS JOIN batch_rows AS same INDEXED BY batch_rows_again
                         ON same.batch_id = others.id AND same.again_of = batch_rows.position
                     WHERE others.again_of = ?1 AND same.state <> 'refused' AND others.state <> 'reading'
                         AND (others.state <> 'cancelled' OR same.state <> 'ready'))
                 ORDER BY position LIMIT ?3",
                params![batch, after, most],
            )?;
            rows.into_iter().map(|(row, cells)| Ok(Record { row, cells: cells_of(&cells)? })).collect()
        })
        .await
    }
}

/// See [`Store::batch_totals`].
pub fn totals(tx: &mut Tx<'_>, batch: i64) -> Result<Vec<(Money, u32)>, StoreError> {
    let sums: Vec<(Currency, i64, u32)> = tx.all(
        "SELECT currency, sum(amount_minor), count(*) FROM batch_rows WHERE batch_id = ?1 AND state <> 'refused'
         GROUP BY currency ORDER BY currency",
        params![batch],
    )?;
    let sum = |(currency, minor, rows)| Ok((money(minor, currency).ok_or(StoreError::Inconsistent("total of a batch"))?, rows));
    sums.into_iter().map(sum).collect()
}

/// The cells of a row, as they are stored.
pub fn cells_of(json: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Inconsistent("cells"))
}
