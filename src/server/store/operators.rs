//! Operators: added, found, changed; their second factors, and the attempts that failed.

use sqlx::{FromRow, Sqlite, Transaction};

use super::{Store, StoreError, acts};
use crate::domain::operator::{Operator, Role};

/// What is needed to check who somebody is.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub operator: Operator,
    /// A PHC string.
    pub password_hash: String,
    /// Base32.
    pub totp_secret: Option<String>,
    pub epoch: i64,
}

#[derive(FromRow)]
struct OperatorRow {
    id: i64,
    email: String,
    role: String,
    password_hash: String,
    totp_secret: Option<String>,
    epoch: i64,
}

/// An attempt to prove who somebody is. Moments are Unix seconds.
pub struct Attempt<'a> {
    pub account: &'a str,
    pub address: &'a str,
    pub now: i64,
    /// Older failures count no more.
    pub since: i64,
}

/// Failures after which the door is closed.
#[derive(Clone, Copy)]
pub struct MostAttempts {
    pub of_account_from_address: i64,
    pub of_account: i64,
    pub from_address: i64,
}

/// Why an operator was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is an operator of this address already")]
    Known,
    #[error("there is no such operator")]
    Unknown,
    #[error("the last owner stays: nobody else could manage operators")]
    LastOwner,
}

impl From<sqlx::Error> for OperatorError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The query for operators who were not removed, and how it goes on.
macro_rules! present {
    ($and:literal) => {
        concat!("SELECT id, email, role, password_hash, totp_secret, epoch FROM operators WHERE removed_at IS NULL ", $and)
    };
}

impl Store {
    /// Adds an operator. One who was removed before comes back with the new password and role, and without a second factor.
    pub async fn add_operator(
        &self,
        by: &str,
        email: &str,
        role: Role,
        password_hash: &str,
        now: i64,
    ) -> Result<Operator, OperatorError> {
        let mut tx = self.begin().await?;
        if by_email(&mut tx, email).await?.is_some() {
            return Err(OperatorError::Known);
        }
        let (id,): (i64,) = sqlx::query_as(
            "INSERT INTO operators (email, role, password_hash, added_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (email) DO UPDATE SET role = ?2, password_hash = ?3, added_at = ?4, removed_at = NULL, totp_secret = NULL,
                 epoch = epoch + 1 RETURNING id",
        )
        .bind(email)
        .bind(role.name())
        .bind(password_hash)
        .bind(now)
        .fetch_one(&mut *tx)
        .await?;
        acts::note(&mut tx, by, "add operator", &format!("operator {email}"), role.name(), now).await?;
        tx.commit().await?;
        Ok(Operator { id, email: email.to_owned(), role, has_second_factor: false })
    }

    /// An owner named by the settings: made, or given this password again.
    pub async fn ensure_owner(&self, by: &str, email: &str, password_hash: &str, now: i64) -> Result<(), OperatorError> {
        let known = {
            let mut reading = self.reading().begin().await.map_err(StoreError::from)?;
            by_email(&mut reading, email).await?
        };
        match known {
            None => self.add_operator(by, email, Role::Owner, password_hash, now).await.map(drop),
            Some(credentials) => {
                self.change_password(by, credentials.operator.id, password_hash, now).await?;
                self.change_role(by, credentials.operator.id, Role::Owner, now).await
            }
        }
    }

    pub async fn credentials(&self, email: &str) -> Result<Option<Credentials>, StoreError> {
        let mut reading = self.reading().begin().await?;
        by_email(&mut reading, email).await
    }

    pub async fn credentials_of(&self, id: i64) -> Result<Option<Credentials>, StoreError> {
        let row: Option<OperatorRow> = sqlx::query_as(present!("AND id = ?")).bind(id).fetch_optional(self.reading()).await?;
        row.map(OperatorRow::into_credentials).transpose()
    }

    /// All who may sign in, by address.
    pub async fn operators(&self) -> Result<Vec<Operator>, StoreError> {
        let rows: Vec<OperatorRow> = sqlx::query_as(present!("ORDER BY email COLLATE NOCASE")).fetch_all(self.reading()).await?;
        rows.into_iter().map(|row| Ok(row.into_credentials()?.operator)).collect()
    }

    /// Ends all sessions of the operator, too.
    pub async fn change_password(&self, by: &str, id: i64, password_hash: &str, now: i64) -> Result<(), OperatorError> {
        let mut tx = self.begin().await?;
        let operator = by_id(&mut tx, id).await?.ok_or(OperatorError::Unknown)?.operator;
        sqlx::query("UPDATE operators SET password_hash = ?, epoch = epoch + 1 WHERE id = ?")
            .bind(password_hash)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        acts::note(&mut tx, by, "change password", &format!("operator {}", operator.email), "", now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends all sessions of the operator, too.
    pub async fn change_role(&self, by: &str, id: i64, role: Role, now: i64) -> Result<(), OperatorError> {
        let mut tx = self.begin().await?;
        let operator = by_id(&mut tx, id).await?.ok_or(OperatorError::Unknown)?.operator;
        if operator.role == role {
            return Ok(());
        }
        if operator.role == Role::Owner {
            not_the_last_owner(&mut tx).await?;
        }
        sqlx::query("UPDATE operators SET role = ?, epoch = epoch + 1 WHERE id = ?")
            .bind(role.name())
            .bind(id)
            .execute(&mut *tx)
            .await?;
        let detail = format!("from {} to {}", operator.role.name(), role.name());
        acts::note(&mut tx, by, "change role", &format!("operator {}", operator.email), &detail, now).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn remove_operator(&self, by: &str, id: i64, now: i64) -> Result<(), OperatorError> {
        let mut tx = self.begin().await?;
        let operator = by_id(&mut tx, id).await?.ok_or(OperatorError::Unknown)?.operator;
        if operator.role == Role::Owner {
            not_the_last_owner(&mut tx).await?;
        }
        sqlx::query("UPDATE operators SET removed_at = ?, epoch = epoch + 1 WHERE id = ?")
            .bind(now)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        acts::note(&mut tx, by, "remove operator", &format!("operator {}", operator.email), "", now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Removes the operator of this address, if there is one, whoever else is left.
    pub async fn dismiss_operator(&self, by: &str, email: &str, now: i64) -> Result<(), StoreError> {
        if self.credentials(email).await?.is_none() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE operators SET removed_at = ?, epoch = epoch + 1 WHERE email = ? AND removed_at IS NULL")
            .bind(now)
            .bind(email)
            .execute(&mut *tx)
            .await?;
        acts::note(&mut tx, by, "remove operator", &format!("operator {email}"), "", now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Every session of the operator is over.
    pub async fn sign_out_everywhere(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE operators SET epoch = epoch + 1 WHERE id = ?").bind(id).execute(&self.writer).await?;
        Ok(())
    }

    /// Sets up a second factor with its recovery codes, or takes it away. `step`: the time step of the code that proved it.
    pub async fn set_second_factor(
        &self,
        by: &str,
        id: i64,
        factor: Option<(&str, i64, &[[u8; 32]])>,
        now: i64,
    ) -> Result<(), OperatorError> {
        let mut tx = self.begin().await?;
        let operator = by_id(&mut tx, id).await?.ok_or(OperatorError::Unknown)?.operator;
        sqlx::query("DELETE FROM recovery_codes WHERE operator_id = ?").bind(id).execute(&mut *tx).await?;
        sqlx::query("UPDATE operators SET totp_secret = ?, totp_step = ? WHERE id = ?")
            .bind(factor.map(|(secret, ..)| secret))
            .bind(factor.map_or(0, |(_, step, _)| step))
            .bind(id)
            .execute(&mut *tx)
            .await?;
        for digest in factor.map(|(.., codes)| codes).unwrap_or_default() {
            sqlx::query("INSERT INTO recovery_codes (operator_id, digest) VALUES (?, ?)")
                .bind(id)
                .bind(&digest[..])
                .execute(&mut *tx)
                .await?;
        }
        let act = if factor.is_some() { "set up second factor" } else { "remove second factor" };
        acts::note(&mut tx, by, act, &format!("operator {}", operator.email), "", now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a code's time step. `false`: it, or a later one, was used before.
    pub async fn use_step(&self, id: i64, step: i64) -> Result<bool, StoreError> {
        let used = sqlx::query("UPDATE operators SET totp_step = ?1 WHERE id = ?2 AND totp_step < ?1")
            .bind(step)
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(used.rows_affected() == 1)
    }

    /// Takes a recovery code. `false`: there is none such, or it was used before.
    pub async fn use_recovery_code(&self, id: i64, digest: &[u8; 32], now: i64) -> Result<bool, StoreError> {
        let used = sqlx::query("UPDATE recovery_codes SET used_at = ? WHERE operator_id = ? AND digest = ? AND used_at IS NULL")
            .bind(now)
            .bind(id)
            .bind(&digest[..])
            .execute(&self.writer)
            .await?;
        Ok(used.rows_affected() == 1)
    }

    /// Counts an attempt to prove who somebody is, before it is looked at: many at once are counted, too. `None`: too many failed
    /// lately; then it is not counted, and not looked at.
    pub async fn begin_attempt(&self, attempt: &Attempt<'_>, most: MostAttempts) -> Result<Option<i64>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM failed_attempts WHERE at <= ?").bind(attempt.since).execute(&mut *tx).await?;
        let (here, of_account, from_address): (i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM failed_attempts WHERE account = ?1 AND address = ?2),
                    (SELECT count(*) FROM failed_attempts WHERE account = ?1), (SELECT count(*) FROM failed_attempts WHERE address = ?2)",
        )
        .bind(attempt.account)
        .bind(attempt.address)
        .fetch_one(&mut *tx)
        .await?;
        let may = here < most.of_account_from_address && of_account < most.of_account && from_address < most.from_address;
        let counted = match may {
            false => None,
            true => {
                sqlx::query_scalar("INSERT INTO failed_attempts (account, address, at) VALUES (?, ?, ?) RETURNING id")
                    .bind(attempt.account)
                    .bind(attempt.address)
                    .bind(attempt.now)
                    .fetch_optional(&mut *tx)
                    .await?
            }
        };
        tx.commit().await?;
        Ok(counted)
    }

    /// It was no failure: it does not count. What failed before it still does.
    pub async fn attempt_succeeded(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM failed_attempts WHERE id = ?").bind(id).execute(&self.writer).await?;
        Ok(())
    }
}

async fn not_the_last_owner(tx: &mut Transaction<'static, Sqlite>) -> Result<(), OperatorError> {
    let owners: i64 = sqlx::query_scalar("SELECT count(*) FROM operators WHERE role = 'owner' AND removed_at IS NULL")
        .fetch_one(&mut **tx)
        .await?;
    if owners > 1 { Ok(()) } else { Err(OperatorError::LastOwner) }
}

async fn by_email(tx: &mut Transaction<'_, Sqlite>, email: &str) -> Result<Option<Credentials>, StoreError> {
    let row: Option<OperatorRow> = sqlx::query_as(present!("AND email = ?")).bind(email).fetch_optional(&mut **tx).await?;
    row.map(OperatorRow::into_credentials).transpose()
}

async fn by_id(tx: &mut Transaction<'_, Sqlite>, id: i64) -> Result<Option<Credentials>, StoreError> {
    let row: Option<OperatorRow> = sqlx::query_as(present!("AND id = ?")).bind(id).fetch_optional(&mut **tx).await?;
    row.map(OperatorRow::into_credentials).transpose()
}

impl OperatorRow {
    fn into_credentials(self) -> Result<Credentials, StoreError> {
        let role = Role::from_name(&self.role).ok_or(StoreError::Inconsistent("operator"))?;
        let operator = Operator { id: self.id, email: self.email, role, has_second_factor: self.totp_secret.is_some() };
        Ok(Credentials { operator, password_hash: self.password_hash, totp_secret: self.totp_secret, epoch: self.epoch })
    }
}
