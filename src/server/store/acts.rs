//! What operators did: written in the transaction that did it where there is one, and never changed.

use sqlx::{FromRow, Sqlite, Transaction};

use super::{Store, StoreError};
use crate::domain::history::Deed;

/// Something an operator did.
#[derive(Debug, Clone, FromRow)]
pub struct Act {
    pub id: i64,
    /// Unix seconds.
    pub at: i64,
    pub operator: String,
    pub act: String,
    pub subject: String,
    pub detail: String,
}

impl Store {
    /// Writes down what an operator does. `subject` is such as `order ABC` or `payment ABC-1`.
    pub async fn note_act(&self, operator: &str, act: &str, subject: &str, detail: &str, now: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        note(&mut tx, operator, act, subject, detail, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The newest acts, or those before the one of this number.
    pub async fn acts(&self, before: Option<i64>, most: u32) -> Result<Vec<Act>, StoreError> {
        Ok(sqlx::query_as("SELECT * FROM acts WHERE id < ? ORDER BY id DESC LIMIT ?")
            .bind(before.unwrap_or(i64::MAX))
            .bind(most)
            .fetch_all(self.reading())
            .await?)
    }

    /// All acts about one of these subjects, oldest first.
    pub async fn acts_about(&self, subjects: &[String]) -> Result<Vec<Act>, StoreError> {
        let mut acts: Vec<Act> = Vec::new();
        for subject in subjects {
            let found: Vec<Act> =
                sqlx::query_as("SELECT * FROM acts WHERE subject = ? ORDER BY id").bind(subject).fetch_all(self.reading()).await?;
            acts.extend(found);
        }
        acts.sort_by_key(|act| act.at);
        Ok(acts)
    }
}

/// The same within one reading.
pub(super) async fn about(tx: &mut Transaction<'_, Sqlite>, subjects: &[String]) -> Result<Vec<Deed>, StoreError> {
    let mut deeds = Vec::new();
    for subject in subjects {
        let found: Vec<Act> =
            sqlx::query_as("SELECT * FROM acts WHERE subject = ? ORDER BY id").bind(subject).fetch_all(&mut **tx).await?;
        deeds.extend(found.into_iter().map(|Act { at, operator, act, subject, detail, .. }| Deed {
            at,
            operator,
            act,
            subject,
            detail,
        }));
    }
    deeds.sort_by_key(|deed| deed.at);
    Ok(deeds)
}

pub(super) async fn note(
    tx: &mut Transaction<'static, Sqlite>,
    operator: &str,
    act: &str,
    subject: &str,
    detail: &str,
    now: i64,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO acts (at, operator, act, subject, detail) VALUES (?, ?, ?, ?, ?)")
        .bind(now)
        .bind(operator)
        .bind(act)
        .bind(subject)
        .bind(detail)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
