//! ACT: after sign-in the operator goes on. A form that was sent after the session was over is shown again as it was typed.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use tower_sessions::Session;

use crate::{
    domain::people::operator::Operator,
    error::AppError,
    pages::admin::people::resume::ResumePage,
    server::{
        admin::{office::Office, people::session},
        state::AppState,
    },
};

/// Where to go on after sign-in.
pub async fn go_on(session: &Session) -> Result<Response, AppError> {
    let kept = session::take_kept(session).await?.unwrap_or_default();
    if kept.fields().is_empty() {
        return Ok(Redirect::to(kept.address()).into_response());
    }
    session::keep(session, &kept).await?;
    Ok(Redirect::to("/admin/resume").into_response())
}

pub async fn show(State(state): State<AppState>, operator: Operator, session: Session) -> Result<Response, AppError> {
    let kept = session::take_kept(&session).await?.unwrap_or_default();
    let (address, fields) = (kept.address().to_owned(), kept.fields());
    if fields.is_empty() {
        return Ok(Redirect::to(&address).into_response());
    }
    let content = move || view! { <ResumePage address=address fields=fields/> };
    Ok(Office::titled("Signed in again").show(&state, &operator, content))
}
