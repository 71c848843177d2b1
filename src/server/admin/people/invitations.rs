//! ACT: an invitation is taken: the invited person sets a password that nobody else knows.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    config::password::check_password,
    domain::people::operator::Operator,
    error::AppError,
    pages::admin::people::invitation::{InvitationOverPage, InvitationPage},
    server::{
        admin::{
            office::Office,
            people::{account::not_hashed, passwords},
        },
        http::input::{Segment, ShopForm},
        running::chance,
        state::AppState,
        store::Invitation,
    },
};

/// Seconds for which an invitation is open: a week.
const OPEN_FOR_S: i64 = 7 * 24 * 60 * 60;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct FirstPasswordForm {
    new_password: String,
}

/// A new invitation: its address, to be handed over, and what is kept of it.
pub fn make(state: &AppState) -> (String, Invitation) {
    let token = chance::token();
    let address = format!("{}/admin/invitations/{token}", state.config.origin());
    (address, Invitation { digest: chance::digest(&token), ends_at: state.now().saturating_add(OPEN_FOR_S) })
}

pub async fn show(State(state): State<AppState>, Segment(token): Segment) -> Result<Response, AppError> {
    Ok(match invited(&state, &token).await? {
        Some(operator) => page(&state, operator, None),
        None => over(&state),
    })
}

pub async fn take(
    State(state): State<AppState>,
    Segment(token): Segment,
    ShopForm(form): ShopForm<FirstPasswordForm>,
) -> Result<Response, AppError> {
    let Some(operator) = invited(&state, &token).await? else { return Ok(over(&state)) };
    if let Err(weak) = check_password(&form.new_password, &operator.email) {
        return Ok(page(&state, operator, Some(weak.to_string())));
    }
    let hash = passwords::hash(form.new_password).await.map_err(not_hashed)?;
    match state.store.take_invitation(chance::digest(&token), &hash, state.now()).await? {
        true => Ok(Redirect::to("/admin/sign-in").into_response()),
        false => Ok(over(&state)),
    }
}

async fn invited(state: &AppState, token: &str) -> Result<Option<Operator>, AppError> {
    if !chance::is_token(token) {
        return Ok(None);
    }
    Ok(state.store.invited(chance::digest(token), state.now()).await?)
}

fn page(state: &AppState, operator: Operator, problem: Option<String>) -> Response {
    let office = Office::titled("Your invitation").refused_if(problem.is_some());
    office.show_outside(state, move || view! { <InvitationPage operator=operator problem=problem/> })
}

/// The invitation was taken, withdrawn, is too old, or never existed. A stranger is not told which.
fn over(state: &AppState) -> Response {
    let office = Office::titled("This invitation is over").with_status(StatusCode::GONE);
    office.show_outside(state, || view! { <InvitationOverPage/> })
}
