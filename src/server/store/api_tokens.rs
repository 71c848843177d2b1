//! Tokens of the JSON door. Only digests are kept; one is found by its digest, so no secret is ever compared.

use sqlx::FromRow;

use super::{Store, StoreError, acts};
use crate::domain::api_token::{ApiToken, TokenName};

#[derive(FromRow)]
struct TokenRow {
    id: i64,
    name: String,
    made_by: String,
    made_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

const COLUMNS: &str = "SELECT id, name, made_by, made_at, last_used_at, revoked_at FROM api_tokens";

/// The last use is noted to so many seconds: a door that is asked often writes seldom.
const NOTED_EVERY_S: i64 = 60;

impl Store {
    /// Keeps the digest of a new token.
    pub async fn make_api_token(&self, operator: &str, name: &TokenName, digest: [u8; 32], now: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO api_tokens (name, digest, made_by, made_at) VALUES (?, ?, ?, ?)")
            .bind(name.as_str())
            .bind(&digest[..])
            .bind(operator)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        acts::note(&mut tx, operator, "make token", &format!("token {}", name.as_str()), "", now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// All that were ever made, the newest first.
    pub async fn api_tokens(&self) -> Result<Vec<ApiToken>, StoreError> {
        let query = format!("{COLUMNS} ORDER BY revoked_at IS NOT NULL, id DESC");
        let rows: Vec<TokenRow> = sqlx::query_as(sqlx::AssertSqlSafe(query)).fetch_all(self.reading()).await?;
        Ok(rows.into_iter().map(TokenRow::into_token).collect())
    }

    /// From now on it opens nothing. `false`: there is none such, or it was revoked before.
    pub async fn revoke_api_token(&self, operator: &str, id: i64, now: i64) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let revoked: Option<(String,)> =
            sqlx::query_as("UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING name")
                .bind(now)
                .bind(id)
                .fetch_optional(&mut *tx)
                .await?;
        let Some((name,)) = revoked else { return Ok(false) };
        acts::note(&mut tx, operator, "revoke token", &format!("token {name}"), "", now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The token with this digest, unless it was revoked.
    pub async fn api_token(&self, digest: [u8; 32]) -> Result<Option<ApiToken>, StoreError> {
        let query = format!("{COLUMNS} WHERE digest = ? AND revoked_at IS NULL");
        let row: Option<TokenRow> =
            sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(&digest[..]).fetch_optional(self.reading()).await?;
        Ok(row.map(TokenRow::into_token))
    }

    /// It was used just now.
    pub async fn api_token_used(&self, token: &ApiToken, now: i64) -> Result<(), StoreError> {
        if token.last_used_at.is_some_and(|last| now < last.saturating_add(NOTED_EVERY_S)) {
            return Ok(());
        }
        sqlx::query("UPDATE api_tokens SET last_used_at = ? WHERE id = ?").bind(now).bind(token.id).execute(&self.writer).await?;
        Ok(())
    }
}

impl TokenRow {
    fn into_token(self) -> ApiToken {
        let Self { id, name, made_by, made_at, last_used_at, revoked_at } = self;
        ApiToken { id, name, made_by, made_at, last_used_at, revoked_at }
    }
}
