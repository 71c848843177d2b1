//! Invitations: a new operator, or one whose password was reset, sets a password with one, so that nobody else ever knows it.

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
            operators::{self, OperatorError},
        },
    },
};

/// What is kept of an invitation's token.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// SHA-256 of the token.
    pub digest: [u8; 32],
    /// Unix seconds.
    pub ends_at: i64,
}

/// An operator as colleagues see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    pub operator: Operator,
    /// They signed in once, or could: a password is set.
    pub has_password: bool,
    /// When their open invitation ends or ended, Unix seconds.
    pub invited_until: Option<i64>,
}

impl FromRow for Colleague {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let operator = Operator {
            id: row.named("id")?,
            email: row.named("email")?,
            role: row.named("role")?,
            has_second_factor: row.named("has_second_factor")?,
        };
        Ok(Self { operator, has_password: row.named("has_password")?, invited_until: row.named("ends_at")? })
    }
}

impl Store {
    /// Adds an operator who sets a password by this invitation. One who was removed before under this address is somebody else.
    pub async fn invite_operator(
        &self,
        by: Actor,
        email: &str,
        role: Role,
        invitation: Invitation,
        now: i64,
    ) -> Result<Operator, OperatorError> {
        let email = email.to_owned();
        self.decide(About::Operators, move |tx| {
            let operator = operators::add_operator(tx, &by, &email, role, None, now)?;
            invite(tx, operator.id, &invitation)?;
            Ok(operator)
        })
        .await
    }

    /// Takes the password away and ends all sessions; this invitation, and none before it, sets another one.
    pub async fn invite_anew(&self, by: Actor, id: i64, invitation: Invitation, now: i64) -> Result<Operator, OperatorError> {
        self.decide([About::Operators, About::Operator(id)], move |tx| invite_anew(tx, &by, id, &invitation, now)).await
    }

    /// Whom the invitation of this digest is for, while it is open.
    pub async fn invited(&self, digest: [u8; 32], now: i64) -> Result<Option<Operator>, StoreError> {
        self.look(move |tx| invited(tx, &digest, now)).await
    }

    /// Sets the password of whoever was invited; the invitation is used up. `false`: it is not open any more.
    pub async fn take_invitation(&self, digest: [u8; 32], password_hash: &str, now: i64) -> Result<bool, StoreError> {
        let password_hash = password_hash.to_owned();
        self.decide(About::Operators, move |tx| take_invitation(tx, &digest, &password_hash, now)).await
    }

    /// All who work here, by address.
    pub async fn colleagues(&self) -> Result<Vec<Colleague>, StoreError> {
        self.look(colleagues).await
    }
}

fn invite_anew(tx: &mut Tx<'_>, by: &Actor, id: i64, invitation: &Invitation, now: i64) -> Result<Operator, OperatorError> {
    const ACT: &str = "invite operator anew";
    let operator = operators::by_id(tx, id)?.ok_or(OperatorError::Unknown)?.operator;
    if by.is(id) {
        return Err(OperatorError::Yourself);
    }
    tx.execute("UPDATE operators SET password_hash = NULL, epoch = epoch + 1 WHERE id = ?1", params![id])?;
    devices::forget_all(tx, id)?;
    invite(tx, id, invitation)?;
    acts::note(tx, by.name(), ACT, &operators::subject(&operator), "", now)?;
    admissions::note(tx, by, id, ACT, now)?;
    Ok(operator)
}

fn invite(tx: &mut Tx<'_>, operator: i64, invitation: &Invitation) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO invitations (operator_id, digest, ends_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (operator_id) DO UPDATE SET digest = ?2, ends_at = ?3",
        params![operator, &invitation.digest[..], invitation.ends_at],
    )
}

fn invited(tx: &mut Tx<'_>, digest: &[u8; 32], now: i64) -> Result<Option<Operator>, StoreError> {
    let id: Option<i64> =
        tx.first("SELECT operator_id FROM invitations WHERE digest = ?1 AND ends_at > ?2", params![&digest[..], now])?;
    let Some(id) = id else { return Ok(None) };
    Ok(operators::by_id(tx, id)?.map(|credentials| credentials.operator))
}

fn take_invitation(tx: &mut Tx<'_>, digest: &[u8; 32], password_hash: &str, now: i64) -> Result<bool, StoreError> {
    let Some(operator) = invited(tx, digest, now)? else { return Ok(false) };
    tx.execute("DELETE FROM invitations WHERE operator_id = ?1", params![operator.id])?;
    tx.execute("UPDATE operators SET password_hash = ?1, epoch = epoch + 1 WHERE id = ?2", params![password_hash, operator.id])?;
    acts::note(tx, &operator.email, "take invitation", &operators::subject(&operator), "", now)?;
    Ok(true)
}

fn colleagues(tx: &mut Tx<'_>) -> Result<Vec<Colleague>, StoreError> {
    tx.all(
        "SELECT id, email, role, totp_secret IS NOT NULL AS has_second_factor, password_hash IS NOT NULL AS has_password, ends_at
         FROM operators LEFT JOIN invitations ON operator_id = id
         WHERE removed_at IS NULL ORDER BY lower(email)",
        params![],
    )
}
