//! ACT: operators are invited, given roles, freed of a second factor, and removed.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    components::office::Tab,
    domain::{
        people::operator::{Operator, Role},
        shop::customer::Email,
    },
    error::AppError,
    pages::admin::people::operators::{ColleagueView, InvitedPage, OperatorsPage, OperatorsPlace, OperatorsProblem},
    server::{
        admin::{
            office::{Office, sentence},
            people::{
                invitations,
                step_up::{Acting, Proof},
            },
        },
        http::input::{Number, ShopForm},
        running::calendar,
        state::AppState,
        store::{Colleague, OperatorError},
    },
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct AddForm {
    email: String,
    role: String,
    #[serde(flatten)]
    proof: Proof,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct RoleForm {
    role: String,
    #[serde(flatten)]
    proof: Proof,
}

pub async fn show(State(state): State<AppState>, operator: Operator) -> Result<Response, AppError> {
    page(&state, &operator, String::new(), None).await
}

pub async fn add(acting: Acting, ShopForm(form): ShopForm<AddForm>) -> Result<Response, AppError> {
    let Acting { state, operator, .. } = &acting;
    let refused = |place, why: String| page(state, operator, form.email.clone(), at(place, why));
    let Ok(email) = Email::parse(&form.email) else {
        return refused(OperatorsPlace::NewEmail, "This is not an e-mail address".to_owned()).await;
    };
    let Some(role) = Role::from_name(&form.role) else { return Err(AppError::BadRequest) };
    if let Err(failed) = acting.confirm(&form.proof).await? {
        return refused(OperatorsPlace::Confirmation, failed.to_string()).await;
    }
    let (invitation, kept) = invitations::make(state);
    let ends_at = kept.ends_at;
    match state.store.invite_operator(operator.into(), email.as_str(), role, kept, state.now()).await {
        Ok(added) => Ok(invited(&acting, "Operator added", added, invitation, ends_at)),
        Err(OperatorError::Store(error)) => Err(error.into()),
        Err(error) => refused(OperatorsPlace::NewEmail, sentence(&error)).await,
    }
}

pub async fn change_role(acting: Acting, Number(id): Number, ShopForm(form): ShopForm<RoleForm>) -> Result<Response, AppError> {
    let Some(role) = Role::from_name(&form.role) else { return Err(AppError::BadRequest) };
    let change = acting.state.store.change_role((&acting.operator).into(), id, role, acting.state.now());
    once_confirmed(&acting, &form.proof, id, change).await
}

pub async fn remove(acting: Acting, Number(id): Number, ShopForm(proof): ShopForm<Proof>) -> Result<Response, AppError> {
    let remove = acting.state.store.remove_operator((&acting.operator).into(), id, acting.state.now());
    once_confirmed(&acting, &proof, id, remove).await
}

/// For somebody who forgot the password, or whose invitation is over: a new invitation, and no password until it is taken.
pub async fn invite_anew(acting: Acting, Number(id): Number, ShopForm(proof): ShopForm<Proof>) -> Result<Response, AppError> {
    let Acting { state, operator, .. } = &acting;
    if let Err(failed) = acting.confirm(&proof).await? {
        return refused_at(&acting, id, failed.to_string()).await;
    }
    let (invitation, kept) = invitations::make(state);
    let ends_at = kept.ends_at;
    match state.store.invite_anew(operator.into(), id, kept, state.now()).await {
        Ok(again) => Ok(invited(&acting, "Invited anew", again, invitation, ends_at)),
        Err(error) => not_done(&acting, id, error).await,
    }
}

/// For an operator who lost the authenticator and the recovery codes. The password stays.
pub async fn reset_second_factor(
    acting: Acting,
    Number(id): Number,
    ShopForm(proof): ShopForm<Proof>,
) -> Result<Response, AppError> {
    let reset = acting.state.store.set_second_factor((&acting.operator).into(), id, None, acting.state.now());
    once_confirmed(&acting, &proof, id, reset).await
}

/// Does it to the operator of this number if the proof is right.
async fn once_confirmed(
    acting: &Acting,
    proof: &Proof,
    id: i64,
    act: impl Future<Output = Result<(), OperatorError>>,
) -> Result<Response, AppError> {
    if let Err(failed) = acting.confirm(proof).await? {
        return refused_at(acting, id, failed.to_string()).await;
    }
    match act.await {
        Ok(()) => Ok(Redirect::to("/admin/operators").into_response()),
        Err(error) => not_done(acting, id, error).await,
    }
}

async fn not_done(acting: &Acting, id: i64, error: OperatorError) -> Result<Response, AppError> {
    match error {
        OperatorError::Store(error) => Err(error.into()),
        OperatorError::Unknown => Err(AppError::NotFound),
        error => refused_at(acting, id, sentence(&error)).await,
    }
}

async fn refused_at(acting: &Acting, id: i64, why: String) -> Result<Response, AppError> {
    page(&acting.state, &acting.operator, String::new(), at(OperatorsPlace::Row(id), why)).await
}

/// Shows an invitation once: only a digest of it is kept.
fn invited(
    Acting { state, operator, .. }: &Acting,
    title: &'static str,
    whom: Operator,
    invitation: String,
    ends_at: i64,
) -> Response {
    let until = calendar::written(ends_at, &state.config.time_zone);
    let office = Office::titled(title).under(Tab::Operators);
    office.show(state, operator, move || view! { <InvitedPage title=title whom=whom invitation=invitation until=until/> })
}

fn at(at: OperatorsPlace, why: String) -> Option<OperatorsProblem> {
    Some(OperatorsProblem { at, why })
}

async fn page(
    state: &AppState,
    operator: &Operator,
    email: String,
    problem: Option<OperatorsProblem>,
) -> Result<Response, AppError> {
    let all = state.store.colleagues().await?.into_iter().map(|colleague| shown(state, colleague)).collect();
    let office = Office::titled("Operators").under(Tab::Operators).refused_if(problem.is_some());
    let me = operator.clone();
    Ok(office.show(state, operator, move || view! { <OperatorsPage all=all me=me email=email problem=problem/> }))
}

fn shown(state: &AppState, colleague: Colleague) -> ColleagueView {
    let Colleague { operator, has_password, invited_until } = colleague;
    let now = state.now();
    let written = |at| calendar::written(at, &state.config.time_zone);
    let joining = (!has_password).then(|| match invited_until.filter(|ends_at| *ends_at > now) {
        Some(ends_at) => format!("has not taken the invitation yet; it is open until {}", written(ends_at)),
        None => "cannot sign in: the invitation is over".to_owned(),
    });
    ColleagueView { operator, joining }
}
