//! Tokens of the JSON door. Only digests are kept; one is found by its digest, so no secret is ever compared.

use crate::{
    domain::people::api_token::{ApiToken, TokenName},
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, read},
        people::acts,
    },
};

impl FromRow for ApiToken {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        read!(row => {
            id, name, made_by, made_at, last_used_at, revoked_at,
        })
    }
}

const COLUMNS: &str = "SELECT id, name, made_by, made_at, last_used_at, revoked_at FROM api_tokens";

/// The last use is noted to so many seconds: a door that is asked often writes seldom.
const NOTED_EVERY_S: i64 = 60;

impl Store {
    /// Keeps the digest of a new token.
    pub async fn make_api_token(&self, operator: &str, name: &TokenName, digest: [u8; 32], now: i64) -> Result<(), StoreError> {
        let (operator, name) = (operator.to_owned(), name.clone());
        self.decide(About::Itself, move |tx| make_api_token(tx, &operator, &name, digest, now)).await
    }

    /// All that were ever made, the newest first.
    pub async fn api_tokens(&self) -> Result<Vec<ApiToken>, StoreError> {
        self.look(api_tokens).await
    }

    /// From now on it opens nothing. `false`: there is none such, or it was revoked before.
    pub async fn revoke_api_token(&self, operator: &str, id: i64, now: i64) -> Result<bool, StoreError> {
        let operator = operator.to_owned();
        self.decide(About::Itself, move |tx| {
            let revoked: Option<(String,)> = tx.first(
                "UPDATE api_tokens SET revoked_at = ?1 WHERE id = ?2 AND revoked_at IS NULL RETURNING name",
                params![now, id],
            )?;
            let Some((name,)) = revoked else { return Ok(false) };
            acts::note(tx, &operator, "revoke token", &format!("token {name}"), "", now)?;
            Ok(true)
        })
        .await
    }

    /// The token with this digest, unless it was revoked.
    pub async fn api_token(&self, digest: [u8; 32]) -> Result<Option<ApiToken>, StoreError> {
        self.look(move |tx| api_token(tx, digest)).await
    }

    /// It was used just now.
    pub async fn api_token_used(&self, token: &ApiToken, now: i64) -> Result<(), StoreError> {
        let token = token.clone();
        self.decide(About::Itself, move |tx| {
            if token.last_used_at.is_some_and(|last| now < last.saturating_add(NOTED_EVERY_S)) {
                return Ok(());
            }
            tx.run("UPDATE api_tokens SET last_used_at = ?1 WHERE id = ?2", params![now, token.id])
        })
        .await
    }
}

fn make_api_token(tx: &mut Tx<'_>, operator: &str, name: &TokenName, digest: [u8; 32], now: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO api_tokens (name, digest, made_by, made_at) VALUES (?1, ?2, ?3, ?4)",
        params![name.as_str(), &digest[..], operator, now],
    )?;
    acts::note(tx, operator, "make token", &format!("token {}", name.as_str()), "", now)?;
    Ok(())
}

fn api_tokens(tx: &mut Tx<'_>) -> Result<Vec<ApiToken>, StoreError> {
    let query = format!("{COLUMNS} ORDER BY revoked_at IS NOT NULL, id DESC");
    tx.all(&query, params![])
}

fn api_token(tx: &mut Tx<'_>, digest: [u8; 32]) -> Result<Option<ApiToken>, StoreError> {
    let query = format!("{COLUMNS} WHERE digest = ?1 AND revoked_at IS NULL");
    tx.first(&query, params![&digest[..]])
}
