//! Refused callbacks, recorded without their bodies.

use crate::server::store::{
    about::About,
    database::{Store, StoreError},
    engine::{Tx, params, row},
};

/// Rows that are kept; the oldest go.
const MOST: i64 = 1_000;
/// Rows that go at once.
const MOST_REMOVED: i64 = 100_000;

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

row! {
    /// The same bytes, refused for the same reason.
    #[derive(Debug, Clone)]
    pub struct RefusedRow {
        pub reason: String,
        pub size: u32,
        pub count: i64,
        pub first_at: i64,
        pub last_at: i64,
    }
}

impl Store {
    pub async fn note_refused(&self, refused: &[RefusedCallback]) -> Result<(), StoreError> {
        let refused = refused.to_vec();
        self.decide(About::Itself, move |tx| note_refused(tx, &refused)).await
    }

    /// The newest first.
    pub async fn refused_callbacks(&self, most: u32) -> Result<Vec<RefusedRow>, StoreError> {
        self.look(move |tx| {
            tx.all(
                "SELECT reason, size, count, first_at, last_at FROM refused_callbacks ORDER BY last_at DESC, id DESC LIMIT ?1",
                params![most],
            )
        })
        .await
    }
}

fn note_refused(tx: &mut Tx<'_>, refused: &[RefusedCallback]) -> Result<(), StoreError> {
    for RefusedCallback { at, reason, size, digest } in refused {
        tx.execute(
            "INSERT INTO refused_callbacks (reason, size, digest, first_at, last_at) VALUES (?1, ?2, ?3, ?4, ?4)
             ON CONFLICT (digest, reason) DO UPDATE SET count = refused_callbacks.count + 1,
                 last_at = CASE WHEN refused_callbacks.last_at < ?4 THEN ?4 ELSE refused_callbacks.last_at END",
            params![reason, size, &digest[..], at],
        )?;
    }
    tx.run(
        "DELETE FROM refused_callbacks WHERE id IN
             (SELECT id FROM refused_callbacks ORDER BY last_at DESC, id DESC LIMIT ?1 OFFSET ?2)",
        params![MOST_REMOVED, MOST],
    )
}
