//! ACT: sign-in and sign-out. The password first, then a code where a second factor is set up. The device is remembered.

use axum::{
    extract::{Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    domain::text::seen,
    error::AppError,
    pages::admin::people::sign_in::{CodePage, SignInPage},
    server::{
        admin::{
            office::Office,
            people::{
                device::Device,
                kept::{Kept, without_secrets},
                resume, session,
                step_up::{NotConfirmed, SignInPlace, check_code, check_password},
            },
        },
        http::{customer_address::Network, input::ShopForm},
        state::AppState,
    },
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Next {
    next: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct SignInForm {
    email: String,
    password: String,
    next: String,
    typed: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct CodeForm {
    code: String,
}

/// Longer ones are cut: no operator has one.
const LONGEST_NAME: usize = 254;

pub async fn show(State(state): State<AppState>, next: Result<Query<Next>, axum::extract::rejection::QueryRejection>) -> Response {
    let next = next.map(|Query(next)| next.next).unwrap_or_default();
    page(&state, String::new(), Kept { address: next, typed: String::new() }, None, false)
}

/// The answer to a form without a session: the page keeps what was typed.
pub fn ask_again(state: &AppState, kept: Kept) -> Response {
    page(state, String::new(), kept, None, true)
}

pub async fn sign_in(
    State(state): State<AppState>,
    session: Session,
    from: Network,
    device: Device,
    ShopForm(form): ShopForm<SignInForm>,
) -> Result<Response, AppError> {
    let email: String = seen(&form.email).chars().take(LONGEST_NAME).collect();
    let kept = Kept { address: form.next, typed: without_secrets(form.typed.as_bytes()) };
    let credentials = state.store.credentials(&email).await?;
    let known = match &credentials {
        Some(credentials) => device.known_to(&state, credentials.operator.id).await?,
        None => None,
    };
    let place = SignInPlace { from: &from, device: known };
    match (check_password(&state, credentials.as_ref(), &email, place, &form.password).await?, credentials) {
        (Ok(()), Some(credentials)) => {
            if credentials.totp_secret.is_some() {
                session::pass(&state, &session, &credentials).await?;
                session::keep(&session, &kept).await?;
                return Ok(Redirect::to("/admin/sign-in/code").into_response());
            }
            session::enter(&state, &session, &credentials).await?;
            session::keep(&session, &kept).await?;
            device.remember(&state, credentials.operator.id, resume::go_on(&session).await?).await
        }
        (Err(failed), _) => Ok(page(&state, email, kept, Some(failed), false)),
        (Ok(()), None) => Ok(page(&state, email, kept, Some(NotConfirmed::WrongPassword), false)),
    }
}

pub async fn show_code(State(state): State<AppState>, session: Session) -> Result<Response, AppError> {
    Ok(match session::passed(&state, &session).await? {
        Some(_) => code_page(&state, None),
        None => Redirect::to("/admin/sign-in").into_response(),
    })
}

pub async fn verify_code(
    State(state): State<AppState>,
    session: Session,
    from: Network,
    device: Device,
    ShopForm(form): ShopForm<CodeForm>,
) -> Result<Response, AppError> {
    let Some(credentials) = session::passed(&state, &session).await? else {
        return Ok(Redirect::to("/admin/sign-in").into_response());
    };
    let operator = credentials.operator.id;
    let place = SignInPlace { from: &from, device: device.known_to(&state, operator).await? };
    match check_code(&state, &credentials, place, &form.code).await? {
        Ok(()) => {
            session::enter(&state, &session, &credentials).await?;
            device.remember(&state, operator, resume::go_on(&session).await?).await
        }
        Err(failed) => Ok(code_page(&state, Some(failed))),
    }
}

pub async fn sign_out(session: Session) -> Result<Response, AppError> {
    session::leave(&session).await?;
    Ok(Redirect::to("/admin/sign-in").into_response())
}

fn page(state: &AppState, email: String, kept: Kept, failed: Option<NotConfirmed>, was_over: bool) -> Response {
    let office = answering("Sign in", failed);
    let office = if was_over { office.with_status(StatusCode::UNAUTHORIZED) } else { office };
    let problem = failed.map(|failed| match failed {
        NotConfirmed::TooSoon { .. } => failed.to_string(),
        // Which of the two is wrong is not told.
        _ => "Address and password do not belong together.".to_owned(),
    });
    let Kept { address, typed } = kept;
    let page = office.show_outside(state, move || {
        view! { <SignInPage email=email next=address typed=typed problem=problem was_over=was_over/> }
    });
    told_to_wait(page, failed)
}

fn code_page(state: &AppState, failed: Option<NotConfirmed>) -> Response {
    let office = answering("Code", failed);
    let page = office.show_outside(state, move || view! { <CodePage problem=failed.map(|failed| failed.to_string())/> });
    told_to_wait(page, failed)
}

fn answering(title: &str, failed: Option<NotConfirmed>) -> Office {
    let office = Office::titled(title);
    match failed {
        Some(NotConfirmed::TooSoon { .. }) => office.with_status(StatusCode::TOO_MANY_REQUESTS),
        Some(_) => office.refused(),
        None => office,
    }
}

/// Tells programs, too, how long to wait.
fn told_to_wait(mut page: Response, failed: Option<NotConfirmed>) -> Response {
    if let Some(NotConfirmed::TooSoon { wait_s }) = failed {
        page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
    }
    page
}
