//! Sessions of the back office, behind the session library's trait.

use sha2::{Digest, Sha256};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::server::store::{
    about::About,
    database::{Store, StoreError},
    engine::{Tx, params},
};

/// Keeps sessions in the shop's database. A session that was deleted meanwhile is not saved again.
#[derive(Clone)]
pub struct Sessions(Store);

// What the library's trait asks for; there is nothing to tell.
impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

impl Store {
    pub fn sessions(&self) -> Sessions {
        Sessions(self.clone())
    }

    /// Removes sessions that ended before that moment.
    pub async fn forget_sessions(&self, before: i64) -> std::result::Result<(), StoreError> {
        self.decide(About::Itself, move |tx| tx.run("DELETE FROM sessions WHERE expires_at < ?1", params![before])).await
    }
}

/// Only digests are kept: nobody can sign in with what the database holds.
fn digest(id: &Id) -> [u8; 32] {
    Sha256::digest(id.0.to_le_bytes()).into()
}

fn written(record: &Record) -> Result<String> {
    serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))
}

fn broken(error: StoreError) -> Error {
    Error::Backend(error.to_string())
}

impl Sessions {
    async fn write(&self, sql: &'static str, record: &Record) -> Result<()> {
        let (digest, written, ends) = (digest(&record.id), written(record)?, record.expiry_date.unix_timestamp());
        let write = move |tx: &mut Tx<'_>| tx.execute(sql, params![&digest, &written, ends]);
        self.0.decide(About::Itself, write).await.map_err(broken)?;
        Ok(())
    }
}

#[async_trait::async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        self.write("INSERT INTO sessions (digest, record, expires_at) VALUES (?1, ?2, ?3)", record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.write("UPDATE sessions SET record = ?2, expires_at = ?3 WHERE digest = ?1", record).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let digest = digest(id);
        let find = move |tx: &mut Tx<'_>| tx.first("SELECT record, expires_at FROM sessions WHERE digest = ?1", params![&digest]);
        let row: Option<(String, i64)> = self.0.look(find).await.map_err(broken)?;
        let Some((record, expires_at)) = row else { return Ok(None) };
        let data = serde_json::from_str(&record).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date =
            time::OffsetDateTime::from_unix_timestamp(expires_at).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let digest = digest(id);
        let delete = move |tx: &mut Tx<'_>| {
            tx.execute("DELETE FROM sessions WHERE digest = ?1", params![&digest])?;
            Ok::<_, StoreError>(())
        };
        self.0.decide(About::Itself, delete).await.map_err(broken)
    }
}
