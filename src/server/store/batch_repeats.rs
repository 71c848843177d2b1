//! Whether a file came before, whole or in part: what was run once is not run twice by mistake.

use sha2::{Digest, Sha256};
use sqlx::{Sqlite, Transaction};

use super::StoreError;
use crate::domain::batch::{Columns, Kind};

/// What the rows of a file say, whatever the order of its columns and rows: a list that was sorted moves no money again.
#[derive(Debug, Default)]
pub struct FileDigest(Vec<[u8; 32]>);

impl FileDigest {
    pub fn add(&mut self, columns: &Columns, cells: &[String]) {
        self.0.push(Sha256::digest(columns.said(cells)).into());
    }

    pub(super) fn of(mut self, kind: Kind) -> Vec<u8> {
        self.0.sort_unstable();
        self.0.into_iter().fold(Sha256::new(), |sum, row| sum.chain_update(row)).chain_update(kind.name()).finalize().to_vec()
    }
}

/// A run of the same content that was not given up before anything of it was sent.
pub(super) async fn with_digest(tx: &mut Transaction<'static, Sqlite>, digest: &[u8]) -> Result<Option<i64>, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT id FROM batches WHERE digest = ? AND (state <> 'cancelled' OR EXISTS
             (SELECT 1 FROM batch_rows WHERE batch_id = batches.id AND state NOT IN ('refused', 'ready'))) LIMIT 1",
    )
    .bind(digest)
    .fetch_optional(&mut **tx)
    .await?)
}

/// How many rows ask for what rows of other runs ask for or have done, and the last of those runs. It may be meant: the same
/// sum goes to the same customer each month.
pub(super) async fn repeated_rows(tx: &mut Transaction<'static, Sqlite>, batch: i64) -> Result<(i64, Option<i64>), StoreError> {
    Ok(sqlx::query_as(
        "SELECT count(DISTINCT mine.position), max(others.id) FROM batch_rows AS mine
             CROSS JOIN batch_rows AS same INDEXED BY batch_rows_by_said ON same.said = mine.said AND same.batch_id <> mine.batch_id
             CROSS JOIN batches AS others ON others.id = same.batch_id
             WHERE mine.batch_id = ? AND mine.state = 'ready' AND same.said IS NOT NULL AND same.state NOT IN ('refused', 'declined')
                 AND others.state <> 'reading' AND (others.state <> 'cancelled' OR same.state <> 'ready')",
    )
    .bind(batch)
    .fetch_one(&mut **tx)
    .await?)
}

/// Whether a row that this batch tries again is tried again in another one.
pub(super) async fn tries_the_same(tx: &mut Transaction<'static, Sqlite>, batch: i64) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM batches AS mine
             JOIN batches AS others ON others.again_of = mine.again_of AND others.id <> mine.id AND others.state <> 'reading'
             CROSS JOIN batch_rows AS rows INDEXED BY batch_rows_again ON rows.batch_id = mine.id AND rows.again_of IS NOT NULL
             CROSS JOIN batch_rows AS same INDEXED BY batch_rows_again ON same.batch_id = others.id AND same.again_of = rows.again_of AND same.state <> 'refused'
             WHERE mine.id = ? AND (others.state <> 'cancelled' OR same.state <> 'ready'))",
    )
    .bind(batch)
    .fetch_one(&mut **tx)
    .await?)
}
