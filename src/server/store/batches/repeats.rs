//! Whether a file came before, whole or in part, so that no money is sent twice by mistake.

use sha2::{Digest, Sha256};

use crate::{
    domain::batch::{BatchKind, Columns, row::said},
    server::store::{
        database::StoreError,
        engine::{Tx, params},
    },
};

/// What the rows of a file say, whatever the order of its columns and rows: a list that was sorted moves no money again.
#[derive(Debug, Default, Clone)]
pub struct FileDigest(Vec<[u8; 32]>);

impl FileDigest {
    pub fn add(&mut self, columns: &Columns, cells: &[String]) {
        self.0.push(Sha256::digest(said(columns, cells)).into());
    }

    pub fn of(mut self, kind: BatchKind) -> Vec<u8> {
        self.0.sort_unstable();
        self.0.into_iter().fold(Sha256::new(), |sum, row| sum.chain_update(row)).chain_update(kind.name()).finalize().to_vec()
    }
}

/// A batch of the same content, unless it was cancelled before anything of it was sent.
pub fn with_digest(tx: &mut Tx<'_>, digest: &[u8]) -> Result<Option<i64>, StoreError> {
    tx.first(
        "SELECT id FROM batches WHERE digest = ?1 AND (state <> 'cancelled' OR EXISTS
             (SELECT 1 FROM batch_rows WHERE batch_id = batches.id AND state NOT IN ('refused', 'ready'))) LIMIT 1",
        params![digest],
    )
}

/// How many rows ask for what rows of other batches ask for or have done, and the last of those batches. It may be meant: the same
/// sum goes to the same customer each month.
pub fn repeated_rows(tx: &mut Tx<'_>, batch: i64) -> Result<(i64, Option<i64>), StoreError> {
    tx.one(
        "SELECT count(DISTINCT mine.position), max(others.id) FROM batch_rows AS mine
         CROSS JOIN batch_rows AS same INDEXED BY batch_rows_by_meaning ON same.means = mine.means AND same.batch_id <> mine.batch_id
         CROSS JOIN batches AS others ON others.id = same.batch_id
         WHERE mine.batch_id = ?1 AND mine.state = 'ready' AND same.means IS NOT NULL AND same.state NOT IN ('refused', 'declined')
             AND others.state <> 'reading' AND (others.state <> 'cancelled' OR same.state <> 'ready')",
        params![batch],
    )
}

/// Whether a row that this batch tries again is tried again in another one.
pub fn tries_the_same(tx: &mut Tx<'_>, batch: i64) -> Result<bool, StoreError> {
    tx.one(
        "SELECT EXISTS (SELECT 1 FROM batches AS mine
             JOIN batches AS others ON others.again_of = mine.again_of AND others.id <> mine.id AND others.state <> 'reading'
             CROSS JOIN batch_rows AS rows INDEXED BY batch_rows_again ON rows.batch_id = mine.id AND rows.again_of IS NOT NULL
             CROSS JOIN batch_rows AS same INDEXED BY batch_rows_again
                 ON same.batch_id = others.id AND same.again_of = rows.again_of AND same.state <> 'refused'
             WHERE mine.id = ?1 AND (others.state <> 'cancelled' OR same.state <> 'ready'))",
        params![batch],
    )
}
