//! Who is signed in: what a session holds, and when it is over.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use crate::{
    domain::people::operator::Operator,
    error::AppError,
    server::{
        admin::people::kept::Kept,
        running::limits::{SESSION_LASTS_S, SESSION_RESTS_S},
        state::AppState,
        store::Credentials,
    },
};

/// Seconds from the password to the code.
const CODE_WITHIN_S: i64 = 5 * 60;
/// The last request is stored at most this often (seconds).
const SEEN_EVERY_S: i64 = 60;

/// How often a live page looks whether its session is over.
const LOOK_EVERY: Duration = Duration::from_secs(1);

const SIGNED_IN: &str = "signed in";
const PASSED: &str = "passed";
const KEPT: &str = "kept";
const CANDIDATE: &str = "candidate";

/// The session of somebody who is signed in, or who gave the password and not yet the code.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Holder {
    id: i64,
    epoch: i64,
    /// Unix seconds.
    since: i64,
    seen: i64,
}

/// Whether a request shows that somebody is there. Pages that ask by themselves keep no session alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    OfLife,
    OfAPage,
}

/// The operator of a session, unless the session is over.
pub async fn operator(state: &AppState, session: &Session, sign: Sign) -> Result<Option<(Operator, Epoch)>, AppError> {
    let Some(holder) = session.get::<Holder>(SIGNED_IN).await.map_err(broken)? else { return Ok(None) };
    let now = state.now();
    let is_over = now.saturating_sub(holder.since) >= SESSION_LASTS_S || now.saturating_sub(holder.seen) >= SESSION_RESTS_S;
    let Some(credentials) = present(state, &holder).await?.filter(|_| !is_over) else {
        session.flush().await.map_err(broken)?;
        return Ok(None);
    };
    if sign == Sign::OfLife && now.saturating_sub(holder.seen) >= SEEN_EVERY_S {
        session.insert(SIGNED_IN, Holder { seen: now, ..holder }).await.map_err(broken)?;
    }
    Ok(Some((credentials.operator, Epoch(credentials.epoch))))
}

/// Counts how often an operator's sessions were ended: those of the newest epoch are valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epoch(i64);

/// Waits until the operator's sessions of this epoch are over: somebody removed the operator, or signed out everywhere.
pub async fn is_over(state: AppState, operator: i64, epoch: Epoch) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    loop {
        ticks.tick().await;
        // If the store cannot be read now, the session may be valid still.
        if let Ok(credentials) = state.store.credentials_of(operator).await
            && credentials.is_none_or(|credentials| credentials.epoch != epoch.0)
        {
            return;
        }
    }
}

/// Signs the operator in under a new session id, so that the old id opens nothing.
pub async fn enter(state: &AppState, session: &Session, credentials: &Credentials) -> Result<(), AppError> {
    session.cycle_id().await.map_err(broken)?;
    session.remove::<Holder>(PASSED).await.map_err(broken)?;
    forget_candidate(session).await?;
    session.insert(SIGNED_IN, holder(state, credentials)).await.map_err(broken)?;
    state.store.forget_sessions(state.now()).await?;
    Ok(())
}

/// The password was right; a code is still asked for.
pub async fn pass(state: &AppState, session: &Session, credentials: &Credentials) -> Result<(), AppError> {
    session.cycle_id().await.map_err(broken)?;
    session.remove::<Holder>(SIGNED_IN).await.map_err(broken)?;
    forget_candidate(session).await?;
    session.insert(PASSED, holder(state, credentials)).await.map_err(broken)
}

/// The operator who gave the password a short while ago.
pub async fn passed(state: &AppState, session: &Session) -> Result<Option<Credentials>, AppError> {
    let Some(holder) = session.get::<Holder>(PASSED).await.map_err(broken)? else { return Ok(None) };
    let is_over = state.now().saturating_sub(holder.since) >= CODE_WITHIN_S;
    Ok(present(state, &holder).await?.filter(|_| !is_over))
}

/// Deletes the session.
pub async fn leave(session: &Session) -> Result<(), AppError> {
    session.flush().await.map_err(broken)
}

/// Keeps where the operator was going, and what was typed there.
pub async fn keep(session: &Session, kept: &Kept) -> Result<(), AppError> {
    session.insert(KEPT, kept).await.map_err(broken)
}

/// What was kept. It is removed.
pub async fn take_kept(session: &Session) -> Result<Option<Kept>, AppError> {
    session.remove::<Kept>(KEPT).await.map_err(broken)
}

/// A secret shown to be set up as second factor; it stays the same until it is.
pub async fn candidate(session: &Session, make: impl FnOnce() -> String) -> Result<String, AppError> {
    if let Some(candidate) = session.get::<String>(CANDIDATE).await.map_err(broken)? {
        return Ok(candidate);
    }
    let candidate = make();
    session.insert(CANDIDATE, &candidate).await.map_err(broken)?;
    Ok(candidate)
}

pub async fn forget_candidate(session: &Session) -> Result<(), AppError> {
    session.remove::<String>(CANDIDATE).await.map_err(broken).map(drop)
}

fn holder(state: &AppState, credentials: &Credentials) -> Holder {
    let now = state.now();
    Holder { id: credentials.operator.id, epoch: credentials.epoch, since: now, seen: now }
}

async fn present(state: &AppState, holder: &Holder) -> Result<Option<Credentials>, AppError> {
    let credentials = state.store.credentials_of(holder.id).await?;
    Ok(credentials.filter(|credentials| credentials.epoch == holder.epoch))
}

fn broken(error: tower_sessions::session::Error) -> AppError {
    tracing::error!(%error, "a session cannot be read or written");
    AppError::Unavailable
}
