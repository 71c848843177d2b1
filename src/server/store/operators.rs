//! Operators: added, found, changed; their second factors, and the attempts that failed.

use crate::server::store::About;
use crate::server::store::engine::{SqlError, Tx, params, row};

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

row! {
    struct OperatorRow {
        id: i64,
        email: String,
        role: String,
        password_hash: String,
        totp_secret: Option<String>,
        epoch: i64,
    }
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

impl From<SqlError> for OperatorError {
    fn from(error: SqlError) -> Self {
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
        let by = by.to_owned();
        let email = email.to_owned();
        let password_hash = password_hash.to_owned();
        self.decide(About::Account(email.clone()), move |tx| add_operator(tx, &by, &email, role, &password_hash, now)).await
    }

    /// An owner named by the settings: made, or given this password again.
    pub async fn ensure_owner(&self, by: &str, email: &str, password_hash: &str, now: i64) -> Result<(), OperatorError> {
        let (by, email, password_hash) = (by.to_owned(), email.to_owned(), password_hash.to_owned());
        let owner = move |tx: &mut Tx<'_>| match by_email(tx, &email)? {
            None => add_operator(tx, &by, &email, Role::Owner, &password_hash, now).map(drop),
            Some(Credentials { operator, .. }) => {
                change_password(tx, &by, operator.id, &password_hash, now)?;
                change_role(tx, &by, operator.id, Role::Owner, now)
            }
        };
        self.decide(About::Shop, owner).await
    }

    pub async fn credentials(&self, email: &str) -> Result<Option<Credentials>, StoreError> {
        let email = email.to_owned();
        self.look(move |tx| credentials(tx, &email)).await
    }

    pub async fn credentials_of(&self, id: i64) -> Result<Option<Credentials>, StoreError> {
        self.look(move |tx| credentials_of(tx, id)).await
    }

    /// All who may sign in, by address.
    pub async fn operators(&self) -> Result<Vec<Operator>, StoreError> {
        self.look(move |tx| operators(tx)).await
    }

    /// Ends all sessions of the operator, too.
    pub async fn change_password(&self, by: &str, id: i64, password_hash: &str, now: i64) -> Result<(), OperatorError> {
        let by = by.to_owned();
        let password_hash = password_hash.to_owned();
        self.decide(About::Operator(id), move |tx| change_password(tx, &by, id, &password_hash, now)).await
    }

    /// Ends all sessions of the operator, too.
    pub async fn change_role(&self, by: &str, id: i64, role: Role, now: i64) -> Result<(), OperatorError> {
        let by = by.to_owned();
        self.decide(About::Operator(id), move |tx| change_role(tx, &by, id, role, now)).await
    }

    pub async fn remove_operator(&self, by: &str, id: i64, now: i64) -> Result<(), OperatorError> {
        let by = by.to_owned();
        self.decide(About::Operator(id), move |tx| remove_operator(tx, &by, id, now)).await
    }

    /// Removes the operator of this address, if there is one, whoever else is left.
    pub async fn dismiss_operator(&self, by: &str, email: &str, now: i64) -> Result<(), StoreError> {
        let (by, email) = (by.to_owned(), email.to_owned());
        self.decide(About::Account(email.clone()), move |tx| dismiss_operator(tx, &by, &email, now)).await
    }

    /// Every session of the operator is over.
    pub async fn sign_out_everywhere(&self, id: i64) -> Result<(), StoreError> {
        self.decide(About::Operator(id), move |tx| sign_out_everywhere(tx, id)).await
    }

    /// Sets up a second factor with its recovery codes, or takes it away. `step`: the time step of the code that proved it.
    pub async fn set_second_factor(
        &self,
        by: &str,
        id: i64,
        factor: Option<(&str, i64, &[[u8; 32]])>,
        now: i64,
    ) -> Result<(), OperatorError> {
        let by = by.to_owned();
        let factor = factor.map(|(secret, step, codes)| (secret.to_owned(), step, codes.to_vec()));
        let set = move |tx: &mut Tx<'_>| {
            let factor = factor.as_ref().map(|(secret, step, codes)| (secret.as_str(), *step, codes.as_slice()));
            set_second_factor(tx, &by, id, factor, now)
        };
        self.decide(About::Operator(id), set).await
    }

    /// Takes a code's time step. `false`: it, or a later one, was used before.
    pub async fn use_step(&self, id: i64, step: i64) -> Result<bool, StoreError> {
        self.decide(About::Operator(id), move |tx| use_step(tx, id, step)).await
    }

    /// Takes a recovery code. `false`: there is none such, or it was used before.
    pub async fn use_recovery_code(&self, id: i64, digest: &[u8; 32], now: i64) -> Result<bool, StoreError> {
        let digest = *digest;
        self.decide(About::Operator(id), move |tx| use_recovery_code(tx, id, &digest, now)).await
    }

    /// Counts an attempt to prove who somebody is, before it is looked at: many at once are counted, too. `None`: too many failed
    /// lately; then it is not counted, and not looked at.
    pub async fn begin_attempt(&self, attempt: &Attempt<'_>, most: MostAttempts) -> Result<Option<i64>, StoreError> {
        let Attempt { account, address, now, since } = *attempt;
        let (account, address) = (account.to_owned(), address.to_owned());
        let begin = move |tx: &mut Tx<'_>| begin_attempt(tx, &Attempt { account: &account, address: &address, now, since }, most);
        self.decide(About::Shop, begin).await
    }

    /// It was no failure: it does not count. What failed before it still does.
    pub async fn attempt_succeeded(&self, id: i64) -> Result<(), StoreError> {
        self.decide(About::Operator(id), move |tx| attempt_succeeded(tx, id)).await
    }
}

fn add_operator(
    tx: &mut Tx<'_>,
    by: &str,
    email: &str,
    role: Role,
    password_hash: &str,
    now: i64,
) -> Result<Operator, OperatorError> {
    if by_email(tx, email)?.is_some() {
        return Err(OperatorError::Known);
    }
    let (id,): (i64,) = tx.one(
        "INSERT INTO operators (email, role, password_hash, added_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (email) DO UPDATE SET role = ?2, password_hash = ?3, added_at = ?4, removed_at = NULL, totp_secret = NULL,
             epoch = epoch + 1 RETURNING id",
        params![email, role.name(), password_hash, now],
    )?;
    acts::note(tx, by, "add operator", &format!("operator {email}"), role.name(), now)?;
    Ok(Operator { id, email: email.to_owned(), role, has_second_factor: false })
}

fn dismiss_operator(tx: &mut Tx<'_>, by: &str, email: &str, now: i64) -> Result<(), StoreError> {
    let removed = tx.execute(
        "UPDATE operators SET removed_at = ?1, epoch = epoch + 1 WHERE email = ?2 AND removed_at IS NULL",
        params![now, email],
    )?;
    if removed > 0 {
        acts::note(tx, by, "remove operator", &format!("operator {email}"), "", now)?;
    }
    Ok(())
}

fn credentials(tx: &mut Tx<'_>, email: &str) -> Result<Option<Credentials>, StoreError> {
    by_email(tx, email)
}

fn credentials_of(tx: &mut Tx<'_>, id: i64) -> Result<Option<Credentials>, StoreError> {
    let row: Option<OperatorRow> = tx.first(present!("AND id = ?1"), params![id])?;
    row.map(OperatorRow::into_credentials).transpose()
}

fn operators(tx: &mut Tx<'_>) -> Result<Vec<Operator>, StoreError> {
    let rows: Vec<OperatorRow> = tx.all(present!("ORDER BY email COLLATE NOCASE"), params![])?;
    rows.into_iter().map(|row| Ok(row.into_credentials()?.operator)).collect()
}

fn change_password(tx: &mut Tx<'_>, by: &str, id: i64, password_hash: &str, now: i64) -> Result<(), OperatorError> {
    let operator = by_id(tx, id)?.ok_or(OperatorError::Unknown)?.operator;
    tx.execute("UPDATE operators SET password_hash = ?1, epoch = epoch + 1 WHERE id = ?2", params![password_hash, id])?;
    acts::note(tx, by, "change password", &format!("operator {}", operator.email), "", now)?;
    Ok(())
}

fn change_role(tx: &mut Tx<'_>, by: &str, id: i64, role: Role, now: i64) -> Result<(), OperatorError> {
    let operator = by_id(tx, id)?.ok_or(OperatorError::Unknown)?.operator;
    if operator.role == role {
        return Ok(());
    }
    if operator.role == Role::Owner {
        not_the_last_owner(tx)?;
    }
    tx.execute("UPDATE operators SET role = ?1, epoch = epoch + 1 WHERE id = ?2", params![role.name(), id])?;
    let detail = format!("from {} to {}", operator.role.name(), role.name());
    acts::note(tx, by, "change role", &format!("operator {}", operator.email), &detail, now)?;
    Ok(())
}

fn remove_operator(tx: &mut Tx<'_>, by: &str, id: i64, now: i64) -> Result<(), OperatorError> {
    let operator = by_id(tx, id)?.ok_or(OperatorError::Unknown)?.operator;
    if operator.role == Role::Owner {
        not_the_last_owner(tx)?;
    }
    tx.execute("UPDATE operators SET removed_at = ?1, epoch = epoch + 1 WHERE id = ?2", params![now, id])?;
    acts::note(tx, by, "remove operator", &format!("operator {}", operator.email), "", now)?;
    Ok(())
}

fn sign_out_everywhere(tx: &mut Tx<'_>, id: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE operators SET epoch = epoch + 1 WHERE id = ?1", params![id])?;
    Ok(())
}

fn set_second_factor(
    tx: &mut Tx<'_>,
    by: &str,
    id: i64,
    factor: Option<(&str, i64, &[[u8; 32]])>,
    now: i64,
) -> Result<(), OperatorError> {
    let operator = by_id(tx, id)?.ok_or(OperatorError::Unknown)?.operator;
    tx.execute("DELETE FROM recovery_codes WHERE operator_id = ?1", params![id])?;
    tx.execute(
        "UPDATE operators SET totp_secret = ?1, totp_step = ?2 WHERE id = ?3",
        params![factor.map(|(secret, ..)| secret), factor.map_or(0, |(_, step, _)| step), id],
    )?;
    for digest in factor.map(|(.., codes)| codes).unwrap_or_default() {
        tx.execute("INSERT INTO recovery_codes (operator_id, digest) VALUES (?1, ?2)", params![id, &digest[..]])?;
    }
    let act = if factor.is_some() { "set up second factor" } else { "remove second factor" };
    acts::note(tx, by, act, &format!("operator {}", operator.email), "", now)?;
    Ok(())
}

fn use_step(tx: &mut Tx<'_>, id: i64, step: i64) -> Result<bool, StoreError> {
    let used = tx.execute("UPDATE operators SET totp_step = ?1 WHERE id = ?2 AND totp_step < ?1", params![step, id])?;
    Ok(used == 1)
}

fn use_recovery_code(tx: &mut Tx<'_>, id: i64, digest: &[u8; 32], now: i64) -> Result<bool, StoreError> {
    let used = tx.execute(
        "UPDATE recovery_codes SET used_at = ?1 WHERE operator_id = ?2 AND digest = ?3 AND used_at IS NULL",
        params![now, id, &digest[..]],
    )?;
    Ok(used == 1)
}

fn begin_attempt(tx: &mut Tx<'_>, attempt: &Attempt<'_>, most: MostAttempts) -> Result<Option<i64>, StoreError> {
    tx.execute("DELETE FROM failed_attempts WHERE at <= ?1", params![attempt.since])?;
    let (here, of_account, from_address): (i64, i64, i64) = tx.one("SELECT (SELECT count(*) FROM failed_attempts WHERE account = ?1 AND address = ?2),
                (SELECT count(*) FROM failed_attempts WHERE account = ?1), (SELECT count(*) FROM failed_attempts WHERE address = ?2)", params![attempt.account, attempt.address])?;
    let may = here < most.of_account_from_address && of_account < most.of_account && from_address < most.from_address;
    let counted = match may {
        false => None,
        true => tx.first(
            "INSERT INTO failed_attempts (account, address, at) VALUES (?1, ?2, ?3) RETURNING id",
            params![attempt.account, attempt.address, attempt.now],
        )?,
    };
    Ok(counted)
}

fn attempt_succeeded(tx: &mut Tx<'_>, id: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM failed_attempts WHERE id = ?1", params![id])?;
    Ok(())
}

fn not_the_last_owner(tx: &mut Tx<'_>) -> Result<(), OperatorError> {
    let owners: i64 = tx.one("SELECT count(*) FROM operators WHERE role = 'owner' AND removed_at IS NULL", params![])?;
    if owners > 1 { Ok(()) } else { Err(OperatorError::LastOwner) }
}

fn by_email(tx: &mut Tx<'_>, email: &str) -> Result<Option<Credentials>, StoreError> {
    let row: Option<OperatorRow> = tx.first(present!("AND email = ?1"), params![email])?;
    row.map(OperatorRow::into_credentials).transpose()
}

fn by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<Credentials>, StoreError> {
    let row: Option<OperatorRow> = tx.first(present!("AND id = ?1"), params![id])?;
    row.map(OperatorRow::into_credentials).transpose()
}

impl OperatorRow {
    fn into_credentials(self) -> Result<Credentials, StoreError> {
        let role = Role::from_name(&self.role).ok_or(StoreError::Inconsistent("operator"))?;
        let operator = Operator { id: self.id, email: self.email, role, has_second_factor: self.totp_secret.is_some() };
        Ok(Credentials { operator, password_hash: self.password_hash, totp_secret: self.totp_secret, epoch: self.epoch })
    }
}
