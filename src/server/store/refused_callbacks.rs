//! The record of refused callbacks: short, and without their bodies, for whoever sent them may be anyone.

use sqlx::FromRow;

use super::{Store, StoreError};

/// Rows that are kept; the oldest go.
const MOST: i64 = 1_000;

/// A callback that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedCallback {
    pub at: i64,
    /// By the name `storefront verify` gives it.
    pub reason: String,
    /// Bytes; 0 if it was too large to be read.
    pub size: u32,
    pub digest: [u8; 32],
}

/// The same bytes, refused for the same reason.
#[derive(Debug, Clone, FromRow)]
pub struct RefusedRow {
    pub reason: String,
    pub size: u32,
    pub count: i64,
    pub first_at: i64,
    pub last_at: i64,
}

impl Store {
    pub async fn note_refused(&self, refused: &[RefusedCallback]) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for RefusedCallback { at, reason, size, digest } in refused {
            sqlx::query(
                "INSERT INTO refused_callbacks (reason, size, digest, first_at, last_at) VALUES (?1, ?2, ?3, ?4, ?4)
                 ON CONFLICT (digest, reason) DO UPDATE SET count = count + 1, last_at = max(last_at, ?4)",
            )
            .bind(reason)
            .bind(size)
            .bind(&digest[..])
            .bind(at)
            .execute(&mut *tx)
            .await?;
        }
        sqlx::query(
            "DELETE FROM refused_callbacks WHERE id IN (SELECT id FROM refused_callbacks ORDER BY last_at DESC, id DESC LIMIT -1 OFFSET ?)",
        )
        .bind(MOST)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The newest first.
    pub async fn refused_callbacks(&self, most: u32) -> Result<Vec<RefusedRow>, StoreError> {
        Ok(sqlx::query_as(
            "SELECT reason, size, count, first_at, last_at FROM refused_callbacks ORDER BY last_at DESC, id DESC LIMIT ?",
        )
        .bind(most)
        .fetch_all(self.reading())
        .await?)
    }
}
