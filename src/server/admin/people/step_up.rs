//! Checks passwords and codes: at sign-in, and again before money leaves. After some failures each further try has to wait, longer
//! and longer, for unknown names, too; nobody is locked out.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::Deserialize;

use crate::{
    domain::people::{
        operator::Operator,
        pauses::{self, TriedSecret},
    },
    error::AppError,
    server::{
        admin::people::{passwords, second_factor},
        http::customer_address::Network,
        state::AppState,
        store::{Credentials, SignInAttempt, TooSoon},
    },
};

/// The fields of a form that prove who the operator is.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Proof {
    pub code: String,
    pub password: String,
}

/// Why the proof failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotConfirmed {
    #[error("This is needed")]
    Missing,
    #[error("This code is not right, or was used already. If new ones are never right, look at the clock of the phone")]
    WrongCode,
    #[error("This password is not right")]
    WrongPassword,
    /// It was not looked at.
    #[error("Too many tries failed. Try again in {}", pauses::in_words(*wait_s))]
    TooSoon { wait_s: i64 },
}

/// Where somebody tries to sign in: failures of a device that the operator signed in with before are counted apart, so strangers'
/// failures do not make it wait.
pub struct SignInPlace<'a> {
    pub from: &'a Network,
    /// The name by which the failures of a known device are counted.
    pub device: Option<String>,
}

/// An operator who acts.
pub struct Acting {
    pub state: AppState,
    pub operator: Operator,
}

impl FromRequestParts<AppState> for Acting {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, AppError> {
        let operator = Operator::from_request_parts(parts, state).await?;
        Ok(Self { state: state.clone(), operator })
    }
}

impl Acting {
    /// Before money leaves: a code of the second factor, or the password of an operator without one.
    pub async fn confirm(&self, proof: &Proof) -> Result<Result<(), NotConfirmed>, AppError> {
        let Self { state, operator } = self;
        let Some(credentials) = state.store.credentials_of(operator.id).await? else { return Err(AppError::OtherRole) };
        let account = TriedSecret::Confirmation(operator.id).counted_as();
        if credentials.totp_secret.is_some() {
            return tried_code(state, &credentials, account, &proof.code).await;
        }
        if proof.password.trim().is_empty() {
            return Ok(Err(NotConfirmed::Missing));
        }
        let fits = password_fits(Some(&credentials), &proof.password);
        tried(state, (account, None), NotConfirmed::WrongPassword, fits).await
    }
}

/// At sign-in: the password of the operator of this name. An unknown name takes as long.
pub async fn check_password(
    state: &AppState,
    credentials: Option<&Credentials>,
    account: &str,
    SignInPlace { from, device }: SignInPlace<'_>,
    password: &str,
) -> Result<Result<(), NotConfirmed>, AppError> {
    let counted_as = match device {
        Some(device) => (TriedSecret::PasswordOn(device).counted_as(), None),
        None => (account.to_owned(), Some(from.0.clone())),
    };
    tried(state, counted_as, NotConfirmed::WrongPassword, password_fits(credentials, password)).await
}

/// At sign-in, after the password: a code of the second factor, or a recovery code.
pub async fn check_code(
    state: &AppState,
    credentials: &Credentials,
    SignInPlace { device, .. }: SignInPlace<'_>,
    code: &str,
) -> Result<Result<(), NotConfirmed>, AppError> {
    let account = device.map_or(TriedSecret::Code(credentials.operator.id), TriedSecret::CodeOn).counted_as();
    tried_code(state, credentials, account, code).await
}

async fn tried_code(
    state: &AppState,
    credentials: &Credentials,
    account: String,
    code: &str,
) -> Result<Result<(), NotConfirmed>, AppError> {
    if code.trim().is_empty() {
        return Ok(Err(NotConfirmed::Missing));
    }
    let fits = async { Ok(second_factor::accept(state, credentials, code).await?) };
    tried(state, (account, None), NotConfirmed::WrongCode, fits).await
}

async fn password_fits(credentials: Option<&Credentials>, password: &str) -> Result<bool, AppError> {
    let hash = credentials.and_then(|credentials| credentials.password_hash.clone());
    passwords::fits(password.to_owned(), hash).await.map_err(|error| {
        tracing::error!(%error, "a password could not be checked");
        AppError::Internal
    })
}

/// A try is counted before it is looked at. One that fits ends the pauses of what it is counted for: somebody who guesses never
/// comes so far. A right password ends none of the codes' pauses, or it would buy ten more codes.
async fn tried(
    state: &AppState,
    (account, address): (String, Option<String>),
    failure: NotConfirmed,
    fits: impl Future<Output = Result<bool, AppError>>,
) -> Result<Result<(), NotConfirmed>, AppError> {
    let attempt = SignInAttempt { account, address, now: state.now() };
    if let Err(TooSoon { wait_s }) = state.store.begin_attempt(&attempt).await? {
        return Ok(Err(NotConfirmed::TooSoon { wait_s }));
    }
    if fits.await? {
        state.store.attempt_succeeded(&attempt).await?;
        return Ok(Ok(()));
    }
    tracing::warn!(?failure, "a sign-in or confirmation failed");
    Ok(Err(failure))
}
