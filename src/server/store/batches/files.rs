//! Batches: a file as it is read in, row by row, and what became of it as a whole.

use crate::{
    domain::batch::{Batch, Columns, Record},
    server::store::{
        about::About,
        batches::{checks, repeats},
        database::{Store, StoreError},
        engine::{FromRow, Row, Sql, Tx, params, read},
        people::acts,
    },
};

pub use checks::RowsOf;
pub use repeats::FileDigest;

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The same rows, in whatever order.
    #[error("this file was uploaded before, as batch {0}")]
    Known(i64),
    /// Somebody else tries the same declined rows again.
    #[error("these rows are tried again already")]
    TriedAgain,
    #[error("none of its rows was declined, or all those are tried again already")]
    NothingToTry,
    #[error("the upload took too long")]
    Forgotten,
}

impl FromRow for Batch {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let columns = columns_of(&row.named::<String>("columns")?)?;
        if columns.kind != row.named("kind")? {
            return Err(StoreError::Inconsistent("kind"));
        }
        let repeats: Option<i64> = row.named("repeats")?;
        read!(row => {
            id, name, file_name, state, uploaded_at, started_at, approved_at, ended_at, again_of,
        } and {
            columns: columns,
            uploaded_by: (row.named("uploaded_by")?, row.named("uploader")?),
            approved_by: row.named("approver")?,
            repeats: repeats.map(|batch| Ok::<_, StoreError>((row.named("repeated_count")?, batch))).transpose()?,
            rows: row.named("row_count")?,
            refused: row.named("refused_count")?,
        })
    }
}

/// The columns of a file, as they are stored.
pub fn columns_of(names: &str) -> Result<Columns, StoreError> {
    let names: Vec<String> = names.split(',').map(str::to_owned).collect();
    Columns::read(&names).map_err(|_| StoreError::Inconsistent("columns"))
}

/// The query for batches, and how it goes on.
macro_rules! batches {
    ($and:literal) => {
        concat!(
            "SELECT batches.*, uploaders.email AS uploader, approvers.email AS approver FROM batches
             JOIN operators AS uploaders ON uploaders.id = uploaded_by
             LEFT JOIN operators AS approvers ON approvers.id = approved_by ",
            $and
        )
    };
}

/// Rows that are removed at a time: others get their turn to write.
const REMOVED_AT_ONCE: u32 = 5_000;

impl Store {
    /// Begins to read a file in. `name` is drawn from chance: rows without a name are called after it. It can be started after
    /// [`Self::batch_was_read`].
    pub async fn begin_batch(
        &self,
        name: String,
        operator: i64,
        columns: Columns,
        file_name: &str,
        again_of: Option<i64>,
        now: i64,
    ) -> Result<RowsOf, StoreError> {
        let file_name = file_name.to_owned();
        self.decide(About::Itself, move |tx| insert(tx, name.clone(), operator, columns.clone(), &file_name, again_of, now)).await
    }

    /// Checks and stores the next rows. Error: the upload was forgotten meanwhile.
    pub async fn add_batch_rows(&self, of: &RowsOf, records: Vec<Record>, again: &[u32], now: i64) -> Result<(), UploadError> {
        let (of, again) = (of.clone(), again.to_vec());
        self.decide(About::Batch(of.batch), move |tx| add_batch_rows(tx, &of, records.clone(), &again, now)).await
    }

    /// All rows are there: it may be looked at and started. Error: it must not be, and nothing of it is kept.
    pub async fn batch_was_read(&self, of: &RowsOf, digest: Option<FileDigest>, by: &str, now: i64) -> Result<(), UploadError> {
        let (run, by) = (of.clone(), by.to_owned());
        let completed =
            self.decide([About::Batches, About::Batch(of.batch)], move |tx| complete(tx, &run, digest.clone(), &by, now)).await;
        if completed.is_err() {
            self.drop_upload(of.batch).await?;
        }
        completed
    }

    /// Removes what was read of a file that is not taken.
    pub async fn drop_upload(&self, batch: i64) -> Result<(), StoreError> {
        while self.decide(About::Batch(batch), move |tx| drop_rows(tx, batch)).await? {}
        Ok(())
    }

    /// Removes uploads of which nothing came since that moment.
    pub async fn forget_broken_uploads(&self, since: i64) -> Result<(), StoreError> {
        let broken = self
            .look(move |tx| tx.all("SELECT id FROM batches WHERE state = 'reading' AND touched_at < ?1", params![since]))
            .await?;
        for batch in broken {
            self.drop_upload(batch).await?;
        }
        Ok(())
    }

    pub async fn batch(&self, id: i64) -> Result<Option<Batch>, StoreError> {
        self.look(move |tx| find(tx, id)).await
    }

    /// Newest first, at most `most`; those before `before`, if it is given.
    pub async fn batches(&self, before: Option<i64>, most: u32) -> Result<Vec<Batch>, StoreError> {
        self.look(move |tx| {
            tx.all(
                batches!("WHERE batches.state <> 'reading' AND batches.id < ?1 ORDER BY batches.id DESC LIMIT ?2"),
                params![before.unwrap_or(i64::MAX), most],
            )
        })
        .await
    }
}

fn complete(tx: &mut Tx<'_>, of: &RowsOf, digest: Option<FileDigest>, by: &str, now: i64) -> Result<(), UploadError> {
    let digest = digest.map(|digest| digest.of(of.columns.kind));
    if let Some(digest) = &digest
        && let Some(known) = repeats::with_digest(tx, digest)?
    {
        return Err(UploadError::Known(known));
    }
    if repeats::tries_the_same(tx, of.batch)? {
        return Err(UploadError::TriedAgain);
    }
    let (repeated, repeats) = repeats::repeated_rows(tx, of.batch)?;
    let counts: Option<(u32, u32)> = tx.first(
        "UPDATE batches SET state = 'checked', digest = ?1, repeated_count = ?3, repeats = ?4,
             row_count = (SELECT count(*) FROM batch_rows WHERE batch_id = ?2),
             refused_count = (SELECT count(*) FROM batch_rows WHERE batch_id = ?2 AND state = 'refused')
         WHERE id = ?2 AND state = 'reading' RETURNING row_count, refused_count",
        params![digest, of.batch, repeated, repeats],
    )?;
    let (rows, refused) = counts.ok_or(UploadError::Forgotten)?;
    let counted = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
    let detail = format!("{}: {counted}, {refused} refused", of.columns.kind.plural());
    acts::note(tx, by, "upload batch", &format!("batch {}", of.batch), &detail, now)?;
    Ok(())
}

fn add_batch_rows(tx: &mut Tx<'_>, of: &RowsOf, records: Vec<Record>, again: &[u32], now: i64) -> Result<(), UploadError> {
    let checked = checks::check(tx, of, records)?;
    let touched = tx.execute("UPDATE batches SET touched_at = ?1 WHERE id = ?2 AND state = 'reading'", params![now, of.batch])?;
    if touched != 1 {
        return Err(UploadError::Forgotten);
    }
    Ok(insert_rows(tx, of, checked, again)?)
}

/// Removes some rows, and the upload itself once it has none. `false`: it is gone.
fn drop_rows(tx: &mut Tx<'_>, batch: i64) -> Result<bool, StoreError> {
    let removed = tx.execute(
        "DELETE FROM batch_rows WHERE batch_id = ?1 AND EXISTS (SELECT 1 FROM batches WHERE id = ?1 AND state = 'reading')
         AND position IN (SELECT position FROM batch_rows WHERE batch_id = ?1 ORDER BY position LIMIT ?2)",
        params![batch, REMOVED_AT_ONCE],
    )?;
    if removed == 0 {
        tx.execute("DELETE FROM batches WHERE id = ?1 AND state = 'reading'", params![batch])?;
    }
    Ok(removed > 0)
}

pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<Batch>, StoreError> {
    tx.first(batches!("WHERE batches.id = ?1"), params![id])
}

pub fn insert(
    tx: &mut Tx<'_>,
    name: String,
    operator: i64,
    columns: Columns,
    file_name: &str,
    again_of: Option<i64>,
    now: i64,
) -> Result<RowsOf, StoreError> {
    let batch: i64 = tx.one(
        "INSERT INTO batches (name, kind, file_name, columns, state, uploaded_by, uploaded_at, touched_at, again_of)
         VALUES (?1, ?2, ?3, ?4, 'reading', ?5, ?6, ?6, ?7) RETURNING id",
        params![&name, columns.kind, file_name, columns.names().join(","), operator, now, again_of],
    )?;
    Ok(RowsOf { batch, name, columns })
}

/// Rows that are written by one statement.
const WRITTEN_AT_ONCE: usize = 50;

/// `again`: the rows, one by one, that these try again; empty if they try none.
pub fn insert_rows(tx: &mut Tx<'_>, of: &RowsOf, rows: Vec<checks::Checked>, again: &[u32]) -> Result<(), StoreError> {
    for (chunk, rows) in rows.chunks(WRITTEN_AT_ONCE).enumerate() {
        let mut insert = Sql::new(
            "INSERT INTO batch_rows (batch_id, position, cells, again_of, state, reason, name, said, means, payment_id, amount_minor,
                                     currency, left_minor) VALUES ",
        );
        for (place, row) in rows.iter().enumerate() {
            let again = again.get(chunk * WRITTEN_AT_ONCE + place);
            insert.push(if place > 0 { ", (" } else { "(" }).push_bind(of.batch).push(", ").push_bind(row.position).push(", ");
            insert.push_bind(serde_json::json!(row.cells).to_string()).push(", ").push_bind(again.copied()).push(", ");
            match &row.verdict {
                Ok(ready) => {
                    insert.push("'ready', NULL, ").push_bind(ready.name.clone()).push(", ").push_bind(ready.said.to_vec());
                    insert.push(", ").push_bind(ready.means.to_vec()).push(", ").push_bind(ready.payment_id.clone());
                    insert.push(", ").push_bind(ready.amount).push(", ").push_bind(ready.amount.currency());
                    insert.push(", ").push_bind(ready.left).push(")");
                }
                Err(reason) => {
                    insert.push("'refused', ").push_bind(reason.clone()).push(", NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
                }
            }
        }
        insert.run(tx)?;
    }
    Ok(())
}
