//! ACT: one's own account: password, second factor, sign-out everywhere.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    config::password::check_password,
    domain::people::operator::Operator,
    error::AppError,
    pages::admin::people::account::{AccountField, AccountPage, AccountProblem, RecoveryCodesPage},
    server::{
        admin::{
            office::Office,
            people::{
                device::Device,
                passwords, second_factor, session,
                step_up::{Acting, NotConfirmed, Proof},
            },
        },
        http::input::ShopForm,
        state::AppState,
        store::OperatorError,
    },
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PasswordForm {
    new_password: String,
    #[serde(flatten)]
    proof: Proof,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct FactorForm {
    new_code: String,
    /// The password once more, so that nobody sets up a second factor in a browser that was left open.
    password: String,
}

pub async fn show(State(state): State<AppState>, operator: Operator, session: Session) -> Result<Response, AppError> {
    page(&state, &operator, &session, None).await
}

pub async fn change_password(
    acting: Acting,
    session: Session,
    device: Device,
    ShopForm(form): ShopForm<PasswordForm>,
) -> Result<Response, AppError> {
    let Acting { state, operator, .. } = &acting;
    if let Err(weak) = check_password(&form.new_password, &operator.email) {
        return page(state, operator, &session, at(AccountField::NewPassword, weak)).await;
    }
    if let Err(failed) = acting.confirm(&form.proof).await? {
        return page(state, operator, &session, at(AccountField::Confirmation, failed)).await;
    }
    let hash = passwords::hash(form.new_password).await.map_err(not_hashed)?;
    state.store.change_password(operator.into(), operator.id, &hash, state.now()).await.map_err(not_changed)?;
    go_on_alone(state, operator, &session).await?;
    device.remember(state, operator.id, Redirect::to("/admin/account").into_response()).await
}

pub async fn set_up_second_factor(
    acting: Acting,
    session: Session,
    ShopForm(form): ShopForm<FactorForm>,
) -> Result<Response, AppError> {
    let Acting { state, operator, .. } = &acting;
    if operator.has_second_factor {
        return Ok(Redirect::to("/admin/account").into_response());
    }
    let proof = Proof { password: form.password, code: String::new() };
    if let Err(failed) = acting.confirm(&proof).await? {
        return page(state, operator, &session, at(AccountField::FactorPassword, failed)).await;
    }
    let secret = session::candidate(&session, second_factor::new_secret).await?;
    let Some(step) = second_factor::step(&secret, &form.new_code, state.now()) else {
        return page(state, operator, &session, at(AccountField::NewCode, NotConfirmed::WrongCode)).await;
    };
    let (codes, digests) = second_factor::recovery_codes();
    let factor = Some((secret.as_str(), step, digests.as_slice()));
    state.store.set_second_factor(operator.into(), operator.id, factor, state.now()).await.map_err(not_changed)?;
    go_on_alone(state, operator, &session).await?;
    let operator = Operator { has_second_factor: true, ..operator.clone() };
    Ok(Office::titled("Recovery codes").show(state, &operator, move || view! { <RecoveryCodesPage codes=codes/> }))
}

pub async fn remove_second_factor(
    acting: Acting,
    session: Session,
    ShopForm(proof): ShopForm<Proof>,
) -> Result<Response, AppError> {
    let Acting { state, operator, .. } = &acting;
    if let Err(failed) = acting.confirm(&proof).await? {
        return page(state, operator, &session, at(AccountField::Removal, failed)).await;
    }
    state.store.set_second_factor(operator.into(), operator.id, None, state.now()).await.map_err(not_changed)?;
    go_on_alone(state, operator, &session).await?;
    Ok(Redirect::to("/admin/account").into_response())
}

/// All other browsers are signed out; this one goes on.
async fn go_on_alone(state: &AppState, operator: &Operator, session: &Session) -> Result<(), AppError> {
    let Some(credentials) = state.store.credentials_of(operator.id).await? else { return Err(AppError::OtherRole) };
    session::enter(state, session, &credentials).await
}

pub async fn sign_out_everywhere(
    State(state): State<AppState>,
    operator: Operator,
    session: Session,
) -> Result<Response, AppError> {
    state.store.sign_out_everywhere(operator.id).await?;
    session::leave(&session).await?;
    Ok(Redirect::to("/admin/sign-in").into_response())
}

fn at(at: AccountField, why: impl ToString) -> Option<AccountProblem> {
    Some(AccountProblem { at, why: why.to_string() })
}

async fn page(
    state: &AppState,
    operator: &Operator,
    session: &Session,
    problem: Option<AccountProblem>,
) -> Result<Response, AppError> {
    let set_up = match operator.has_second_factor {
        true => None,
        false => {
            let secret = session::candidate(session, second_factor::new_secret).await?;
            let second_factor::SetUp { secret, qr } = second_factor::set_up(&secret, &operator.email);
            Some((secret, qr))
        }
    };
    let is_demanded = operator.role.needs_second_factor() && !state.config.is_reached_locally();
    let office = Office::titled("Your account").refused_if(problem.is_some());
    let whose = operator.clone();
    Ok(office.show(state, operator, move || {
        view! { <AccountPage operator=whose set_up=set_up is_demanded=is_demanded problem=problem/> }
    }))
}

pub fn not_hashed(error: passwords::HashError) -> AppError {
    tracing::error!(%error, "a password could not be hashed");
    AppError::Internal
}

fn not_changed(error: OperatorError) -> AppError {
    match error {
        OperatorError::Store(error) => error.into(),
        // Somebody removed the operator meanwhile.
        OperatorError::Unknown | OperatorError::Known | OperatorError::LastOwner | OperatorError::Yourself => AppError::OtherRole,
    }
}
