//! Operators: added, found, changed, removed.

use crate::{
    domain::people::operator::{Operator, Role},
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params},
        people::{
            acts,
            admissions::{self, Actor},
            devices,
        },
    },
};

/// What is needed to check who somebody is.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub operator: Operator,
    /// A PHC string. `None`: an invitation waits to be taken.
    pub password_hash: Option<String>,
    /// Base32.
    pub totp_secret: Option<String>,
    pub epoch: i64,
}

impl FromRow for Credentials {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let totp_secret: Option<String> = row.named("totp_secret")?;
        let operator = Operator {
            id: row.named("id")?,
            email: row.named("email")?,
            role: row.named("role")?,
            has_second_factor: totp_secret.is_some(),
        };
        Ok(Self { operator, password_hash: row.named("password_hash")?, totp_secret, epoch: row.named("epoch")? })
    }
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
    #[error("your own password is changed under your account")]
    Yourself,
}

/// The query for operators who were not removed, and how it goes on.
macro_rules! present {
    ($and:literal) => {
        concat!("SELECT id, email, role, password_hash, totp_secret, epoch FROM operators WHERE removed_at IS NULL ", $and)
    };
}

impl Store {
    /// Adds an operator with a password. One who was removed before under this address is somebody else.
    pub async fn add_operator(
        &self,
        by: Actor,
        email: &str,
        role: Role,
        password_hash: &str,
        now: i64,
    ) -> Result<Operator, OperatorError> {
        let (email, password_hash) = (email.to_owned(), password_hash.to_owned());
        let add = move |tx: &mut Tx<'_>| add_operator(tx, &by, &email, role, Some(&password_hash), now);
        self.decide(About::Operators, add).await
    }

    /// An owner named by the settings: made, or given this password again.
    pub async fn ensure_owner(&self, by: Actor, email: &str, password_hash: &str, now: i64) -> Result<(), OperatorError> {
        let (email, password_hash) = (email.to_owned(), password_hash.to_owned());
        let owner = move |tx: &mut Tx<'_>| match by_email(tx, &email)? {
            None => add_operator(tx, &by, &email, Role::Owner, Some(&password_hash), now).map(drop),
            Some(Credentials { operator, .. }) => {
                change_password(tx, &by, operator.id, &password_hash, now)?;
                change_role(tx, &by, operator.id, Role::Owner, now)
            }
        };
        self.decide(About::Operators, owner).await
    }

    pub async fn credentials(&self, email: &str) -> Result<Option<Credentials>, StoreError> {
        let email = email.to_owned();
        self.look(move |tx| by_email(tx, &email)).await
    }

    pub async fn credentials_of(&self, id: i64) -> Result<Option<Credentials>, StoreError> {
        self.look(move |tx| by_id(tx, id)).await
    }

    /// Ends all sessions of the operator, too, and no device of theirs is known any more.
    pub async fn change_password(&self, by: Actor, id: i64, password_hash: &str, now: i64) -> Result<(), OperatorError> {
        let password_hash = password_hash.to_owned();
        self.decide(About::Operator(id), move |tx| change_password(tx, &by, id, &password_hash, now)).await
    }

    /// Ends all sessions of the operator, too.
    pub async fn change_role(&self, by: Actor, id: i64, role: Role, now: i64) -> Result<(), OperatorError> {
        self.decide([About::Operators, About::Operator(id)], move |tx| change_role(tx, &by, id, role, now)).await
    }

    pub async fn remove_operator(&self, by: Actor, id: i64, now: i64) -> Result<(), OperatorError> {
        self.decide([About::Operators, About::Operator(id)], move |tx| {
            let operator = by_id(tx, id)?.ok_or(OperatorError::Unknown)?.operator;
            not_the_last_owner(tx, &operator)?;
            Ok(leave(tx, &by, &operator, now)?)
        })
        .await
    }

    /// Removes the operator of this address, if there is one, even the last owner.
    pub async fn dismiss_operator(&self, by: Actor, email: &str, now: i64) -> Result<(), StoreError> {
        let email = email.to_owned();
        let dismiss = move |tx: &mut Tx<'_>| match by_email(tx, &email)? {
            Some(Credentials { operator, .. }) => leave(tx, &by, &operator, now),
            None => Ok(()),
        };
        self.decide(About::Operators, dismiss).await
    }

    /// Every session of the operator is over, and no device of theirs is known any more.
    pub async fn sign_out_everywhere(&self, id: i64) -> Result<(), StoreError> {
        self.decide(About::Operator(id), move |tx| {
            end_sessions(tx, id)?;
            devices::forget_all(tx, id)
        })
        .await
    }
}

/// What the journal of acts calls an operator: others may have had the same address.
pub fn subject(operator: &Operator) -> String {
    format!("operator {} ({})", operator.email, operator.id)
}

pub fn by_email(tx: &mut Tx<'_>, email: &str) -> Result<Option<Credentials>, StoreError> {
    tx.first(present!("AND lower(email) = ?1"), params![email.to_ascii_lowercase()])
}

pub fn by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<Credentials>, StoreError> {
    tx.first(present!("AND id = ?1"), params![id])
}

pub fn add_operator(
    tx: &mut Tx<'_>,
    by: &Actor,
    email: &str,
    role: Role,
    password_hash: Option<&str>,
    now: i64,
) -> Result<Operator, OperatorError> {
    const ACT: &str = "add operator";
    if by_email(tx, email)?.is_some() {
        return Err(OperatorError::Known);
    }
    let id: i64 = tx.one(
        "INSERT INTO operators (email, role, password_hash, added_at) VALUES (?1, ?2, ?3, ?4) RETURNING id",
        params![email, role, password_hash, now],
    )?;
    let operator = Operator { id, email: email.to_owned(), role, has_second_factor: false };
    acts::note(tx, by.name(), ACT, &subject(&operator), role.name(), now)?;
    admissions::note(tx, by, id, ACT, now)?;
    Ok(operator)
}

fn change_password(tx: &mut Tx<'_>, by: &Actor, id: i64, password_hash: &str, now: i64) -> Result<(), OperatorError> {
    let operator = by_id(tx, id)?.ok_or(OperatorError::Unknown)?.operator;
    tx.execute("UPDATE operators SET password_hash = ?1 WHERE id = ?2", params![password_hash, id])?;
    tx.execute("DELETE FROM invitations WHERE operator_id = ?1", params![id])?;
    end_sessions(tx, id)?;
    devices::forget_all(tx, id)?;
    acts::note(tx, by.name(), "change password", &subject(&operator), "", now)?;
    Ok(())
}

fn change_role(tx: &mut Tx<'_>, by: &Actor, id: i64, role: Role, now: i64) -> Result<(), OperatorError> {
    const ACT: &str = "change role";
    let operator = by_id(tx, id)?.ok_or(OperatorError::Unknown)?.operator;
    if operator.role == role {
        return Ok(());
    }
    not_the_last_owner(tx, &operator)?;
    tx.execute("UPDATE operators SET role = ?1 WHERE id = ?2", params![role, id])?;
    end_sessions(tx, id)?;
    let detail = format!("from {} to {}", operator.role.name(), role.name());
    acts::note(tx, by.name(), ACT, &subject(&operator), &detail, now)?;
    admissions::note(tx, by, id, ACT, now)?;
    Ok(())
}

/// The operator can do nothing any more; what they did stays recorded.
fn leave(tx: &mut Tx<'_>, by: &Actor, operator: &Operator, now: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE operators SET removed_at = ?1 WHERE id = ?2", params![now, operator.id])?;
    tx.execute("DELETE FROM invitations WHERE operator_id = ?1", params![operator.id])?;
    end_sessions(tx, operator.id)?;
    devices::forget_all(tx, operator.id)?;
    acts::note(tx, by.name(), "remove operator", &subject(operator), "", now)
}

pub fn end_sessions(tx: &mut Tx<'_>, id: i64) -> Result<(), StoreError> {
    tx.run("UPDATE operators SET epoch = epoch + 1 WHERE id = ?1", params![id])
}

/// Another owner must be able to sign in. One who was only invited may never come.
fn not_the_last_owner(tx: &mut Tx<'_>, operator: &Operator) -> Result<(), OperatorError> {
    let other: bool = tx.one(
        "SELECT EXISTS (SELECT 1 FROM operators WHERE role = 'owner' AND removed_at IS NULL AND password_hash IS NOT NULL AND id <> ?1)",
        params![operator.id],
    )?;
    if other || operator.role != Role::Owner { Ok(()) } else { Err(OperatorError::LastOwner) }
}
