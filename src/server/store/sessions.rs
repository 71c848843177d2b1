//! Sessions of the back office, behind the session library's trait. Its own SQL store is made for an older sqlx.

use sha2::{Digest, Sha256};
use sqlx::SqlitePool;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use super::Store;

/// Keeps sessions in the shop's database. A session that was deleted meanwhile is not saved again.
#[derive(Debug, Clone)]
pub struct Sessions {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Store {
    pub fn sessions(&self) -> Sessions {
        Sessions { writer: self.writer.clone(), readers: self.readers.clone() }
    }

    /// Removes sessions that ended before that moment.
    pub async fn forget_sessions(&self, before: i64) -> std::result::Result<(), super::StoreError> {
        sqlx::query("DELETE FROM sessions WHERE expires_at < ?").bind(before).execute(&self.writer).await?;
        Ok(())
    }
}

/// Whoever reads the database cannot sign in with what stands there.
fn digest(id: &Id) -> [u8; 32] {
    Sha256::digest(id.0.to_le_bytes()).into()
}

fn written(record: &Record) -> Result<String> {
    serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))
}

fn broken(error: sqlx::Error) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait::async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        sqlx::query("INSERT INTO sessions (digest, record, expires_at) VALUES (?, ?, ?)")
            .bind(&digest(&record.id)[..])
            .bind(written(record)?)
            .bind(record.expiry_date.unix_timestamp())
            .execute(&self.writer)
            .await
            .map_err(broken)?;
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        sqlx::query("UPDATE sessions SET record = ?, expires_at = ? WHERE digest = ?")
            .bind(written(record)?)
            .bind(record.expiry_date.unix_timestamp())
            .bind(&digest(&record.id)[..])
            .execute(&self.writer)
            .await
            .map_err(broken)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let row: Option<(String, i64)> = sqlx::query_as("SELECT record, expires_at FROM sessions WHERE digest = ?")
            .bind(&digest(id)[..])
            .fetch_optional(&self.readers)
            .await
            .map_err(broken)?;
        let Some((record, expires_at)) = row else { return Ok(None) };
        let data = serde_json::from_str(&record).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date =
            time::OffsetDateTime::from_unix_timestamp(expires_at).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        sqlx::query("DELETE FROM sessions WHERE digest = ?").bind(&digest(id)[..]).execute(&self.writer).await.map_err(broken)?;
        Ok(())
    }
}
