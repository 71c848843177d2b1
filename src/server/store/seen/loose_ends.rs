//! What belongs together and is kept apart: orders and their postings, rows of batches and their transfers.

use crate::server::store::{
    database::{Store, StoreError},
    engine::params,
};

impl Store {
    /// Orders that are paid, and the journal of money knows nothing of it.
    pub async fn paid_without_posting(&self) -> Result<Vec<String>, StoreError> {
        self.look(|tx| {
            let numbers: Vec<String> = tx.all(
                "SELECT number FROM orders WHERE (paid_by IS NOT NULL OR state IN ('paid', 'partially refunded', 'refunded'))
                     AND NOT EXISTS (SELECT 1 FROM attempts CROSS JOIN postings ON kind = 'sale' AND reference = attempts.payment_id
                                     WHERE attempts.order_id = orders.id)
                 ORDER BY id",
                params![],
            )?;
            let sentence = |number| format!("order {number}: it is paid, and the journal of money has no sale for it");
            Ok(numbers.into_iter().map(sentence).collect())
        })
        .await
    }

    /// Rows of batches that tell something else than the refund or payout they have become.
    pub async fn rows_apart(&self) -> Result<Vec<String>, StoreError> {
        self.look(|tx| {
            let rows: Vec<(i64, i64, String, String)> = tx.all(
                "SELECT batch_id, position, state, progress FROM batch_rows JOIN transfers ON transfers.id = transfer_id
                 WHERE state <> progress ORDER BY batch_id, position",
                params![],
            )?;
            let sentence = |(batch, row, state, progress)| {
                format!("batch {batch}, row {row}: it is called {state}, and its refund or payout {progress}")
            };
            Ok(rows.into_iter().map(sentence).collect())
        })
        .await
    }
}
