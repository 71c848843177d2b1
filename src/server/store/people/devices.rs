//! Devices that signed in before. Of each only a digest is kept.

use crate::server::store::{
    about::About,
    database::{Store, StoreError},
    engine::{Tx, params},
};

/// A device that nobody signed in with for so long (seconds: half a year) is forgotten.
pub const DEVICE_REMEMBERED_S: i64 = 180 * 24 * 60 * 60;
/// Of an operator with more devices the oldest are forgotten.
const MOST_OF_OPERATOR: i64 = 20;

impl Store {
    /// Whether this operator signed in with the device of this digest before.
    pub async fn knows_device(&self, operator: i64, digest: [u8; 32], now: i64) -> Result<bool, StoreError> {
        let since = now.saturating_sub(DEVICE_REMEMBERED_S);
        let find = move |tx: &mut Tx<'_>| {
            tx.one(
                "SELECT EXISTS (SELECT 1 FROM devices WHERE digest = ?1 AND operator_id = ?2 AND seen_at > ?3)",
                params![&digest[..], operator, since],
            )
        };
        self.look(find).await
    }

    /// The operator signed in with it just now.
    pub async fn remember_device(&self, operator: i64, digest: [u8; 32], now: i64) -> Result<(), StoreError> {
        self.decide(About::Operator(operator), move |tx| remember(tx, operator, &digest, now)).await
    }
}

fn remember(tx: &mut Tx<'_>, operator: i64, digest: &[u8; 32], now: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO devices (digest, operator_id, seen_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (digest) DO UPDATE SET operator_id = ?2, seen_at = ?3",
        params![&digest[..], operator, now],
    )?;
    tx.execute("DELETE FROM devices WHERE seen_at <= ?1", params![now.saturating_sub(DEVICE_REMEMBERED_S)])?;
    tx.execute(
        "DELETE FROM devices WHERE operator_id = ?1 AND digest NOT IN
             (SELECT digest FROM devices WHERE operator_id = ?1 ORDER BY seen_at DESC, digest LIMIT ?2)",
        params![operator, MOST_OF_OPERATOR],
    )?;
    Ok(())
}

/// Forgets all devices of an operator: somebody else may use them.
pub fn forget_all(tx: &mut Tx<'_>, operator: i64) -> Result<(), StoreError> {
    tx.run("DELETE FROM devices WHERE operator_id = ?1", params![operator])
}
