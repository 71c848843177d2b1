//! ACT: who works in the back office: added with a password of chance, given roles, removed.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    account::not_hashed,
    guard::Address,
    office::{Office, sentence},
    step_up::{Proof, confirm},
};
use crate::{
    components::office::Tab,
    domain::{
        customer::Email,
        operator::{Operator, Role},
    },
    error::AppError,
    pages::back_office::operators::{OperatorAddedPage, OperatorsPage, OperatorsPlace, OperatorsProblem},
    server::{
        chance,
        input::{Segment, ShopForm},
        passwords,
        state::AppState,
        store::OperatorError,
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

pub async fn add(
    State(state): State<AppState>,
    operator: Operator,
    address: Address,
    ShopForm(form): ShopForm<AddForm>,
) -> Result<Response, AppError> {
    let refused = |place, why: String| page(&state, &operator, form.email.clone(), at(place, why));
    let Ok(email) = Email::parse(&form.email) else {
        return refused(OperatorsPlace::NewEmail, "This is not an e-mail address".to_owned()).await;
    };
    let Some(role) = Role::from_name(&form.role) else { return Err(AppError::BadRequest) };
    if let Err(failed) = confirm(&state, &operator, &address, &form.proof).await? {
        return refused(OperatorsPlace::Confirmation, failed.to_string()).await;
    }
    // Nobody chooses a password for somebody else; it is changed at the first occasion.
    let password = chance::password();
    let hash = passwords::hash(password.clone()).await.map_err(not_hashed)?;
    match state.store.add_operator(&operator.email, email.as_str(), role, &hash, state.now()).await {
        Ok(added) => {
            let office = Office::titled("Operator added").under(Tab::Operators);
            Ok(office.show(&state, &operator, move || view! { <OperatorAddedPage added=added password=password/> }))
        }
        Err(OperatorError::Store(error)) => Err(error.into()),
        Err(error) => refused(OperatorsPlace::NewEmail, sentence(&error)).await,
    }
}

pub async fn change_role(
    State(state): State<AppState>,
    operator: Operator,
    address: Address,
    Segment(id): Segment,
    ShopForm(form): ShopForm<RoleForm>,
) -> Result<Response, AppError> {
    let Some(role) = Role::from_name(&form.role) else { return Err(AppError::BadRequest) };
    let id = number(&id)?;
    let change = state.store.change_role(&operator.email, id, role, state.now());
    once_confirmed(&state, &operator, &address, &form.proof, id, change).await
}

pub async fn remove(
    State(state): State<AppState>,
    operator: Operator,
    address: Address,
    Segment(id): Segment,
    ShopForm(proof): ShopForm<Proof>,
) -> Result<Response, AppError> {
    let id = number(&id)?;
    let remove = state.store.remove_operator(&operator.email, id, state.now());
    once_confirmed(&state, &operator, &address, &proof, id, remove).await
}

/// For somebody who lost it, recovery codes and all.
pub async fn reset_second_factor(
    State(state): State<AppState>,
    operator: Operator,
    address: Address,
    Segment(id): Segment,
    ShopForm(proof): ShopForm<Proof>,
) -> Result<Response, AppError> {
    let id = number(&id)?;
    let reset = state.store.set_second_factor(&operator.email, id, None, state.now());
    once_confirmed(&state, &operator, &address, &proof, id, reset).await
}

fn number(id: &str) -> Result<i64, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

/// Does it to the operator of this number if the proof is right.
async fn once_confirmed(
    state: &AppState,
    operator: &Operator,
    address: &Address,
    proof: &Proof,
    id: i64,
    act: impl Future<Output = Result<(), OperatorError>>,
) -> Result<Response, AppError> {
    let refused = |why| page(state, operator, String::new(), at(OperatorsPlace::Row(id), why));
    if let Err(failed) = confirm(state, operator, address, proof).await? {
        return refused(failed.to_string()).await;
    }
    match act.await {
        Ok(()) => Ok(Redirect::to("/admin/operators").into_response()),
        Err(OperatorError::Store(error)) => Err(error.into()),
        Err(OperatorError::Unknown) => Err(AppError::NotFound),
        Err(error) => refused(sentence(&error)).await,
    }
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
    let all = state.store.operators().await?;
    let office = Office::titled("Operators").under(Tab::Operators);
    let office = if problem.is_some() { office.refused() } else { office };
    let me = operator.clone();
    Ok(office.show(state, operator, move || view! { <OperatorsPage all=all me=me email=email problem=problem/> }))
}
