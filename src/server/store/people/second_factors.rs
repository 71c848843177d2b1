//! Second factors of operators: set up, taken away, and their codes, each taken once.

use crate::server::store::{
    about::About,
    database::{Store, StoreError},
    engine::{Tx, params},
    people::{
        acts,
        admissions::{self, Actor},
        devices,
        operators::{self, OperatorError},
    },
};

impl Store {
    /// Sets up a second factor with its recovery codes, or takes it away; ends all sessions of the operator, too. `step`: the
    /// time step of the code that proved it.
    pub async fn set_second_factor(
        &self,
        by: Actor,
        id: i64,
        factor: Option<(&str, i64, &[[u8; 32]])>,
        now: i64,
    ) -> Result<(), OperatorError> {
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
}

fn set_second_factor(
    tx: &mut Tx<'_>,
    by: &Actor,
    id: i64,
    factor: Option<(&str, i64, &[[u8; 32]])>,
    now: i64,
) -> Result<(), OperatorError> {
    let operator = operators::by_id(tx, id)?.ok_or(OperatorError::Unknown)?.operator;
    tx.execute("DELETE FROM recovery_codes WHERE operator_id = ?1", params![id])?;
    tx.execute(
        "UPDATE operators SET totp_secret = ?1, totp_step = ?2 WHERE id = ?3",
        params![factor.map(|(secret, ..)| secret), factor.map_or(0, |(_, step, _)| step), id],
    )?;
    for digest in factor.map(|(.., codes)| codes).unwrap_or_default() {
        tx.execute("INSERT INTO recovery_codes (operator_id, digest) VALUES (?1, ?2)", params![id, &digest[..]])?;
    }
    operators::end_sessions(tx, id)?;
    if !by.is(id) {
        // Whoever lost it may have lost the device, too.
        devices::forget_all(tx, id)?;
    }
    let act = if factor.is_some() { "set up second factor" } else { "remove second factor" };
    acts::note(tx, by.name(), act, &operators::subject(&operator), "", now)?;
    admissions::note(tx, by, id, act, now)?;
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
