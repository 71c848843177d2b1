//! ACT: tokens for programs: made and revoked by owners, each shown once.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    components::office::Tab,
    domain::people::{
        api_token::{ApiToken, TokenName},
        operator::Operator,
    },
    error::AppError,
    pages::admin::people::tokens::{ShownToken, TokenMadePage, TokensPage, TokensProblem},
    server::{
        admin::{
            office::Office,
            people::step_up::{Acting, Proof},
        },
        http::input::{Number, ShopForm},
        running::{calendar::written, chance},
        state::AppState,
    },
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct MakeForm {
    name: String,
    #[serde(flatten)]
    proof: Proof,
}

pub async fn show(State(state): State<AppState>, operator: Operator) -> Result<Response, AppError> {
    page(&state, &operator, String::new(), TokensProblem::default()).await
}

pub async fn make(acting: Acting, ShopForm(form): ShopForm<MakeForm>) -> Result<Response, AppError> {
    let Acting { state, operator, .. } = &acting;
    let name = match TokenName::parse(&form.name) {
        Ok(name) => name,
        Err(wrong) => {
            let problem = TokensProblem {
                name: Some(format!("A name has 1 to {} characters; this one {wrong}", TokenName::LONGEST)),
                ..TokensProblem::default()
            };
            return page(state, operator, form.name, problem).await;
        }
    };
    if let Err(failed) = acting.confirm(&form.proof).await? {
        let problem = TokensProblem { confirmation: Some(failed.to_string()), ..TokensProblem::default() };
        return page(state, operator, form.name, problem).await;
    }
    let token = chance::api_token();
    state.store.make_api_token(&operator.email, &name, chance::digest(&token), state.now()).await?;
    let (address, name) = (format!("{}/api/operations", state.config.origin()), name.as_str().to_owned());
    let office = Office::titled("Token made").under(Tab::Operators);
    Ok(office.show(state, operator, move || view! { <TokenMadePage name=name token=token address=address/> }))
}

pub async fn revoke(State(state): State<AppState>, operator: Operator, Number(id): Number) -> Result<Response, AppError> {
    // Revoking it twice changes nothing.
    state.store.revoke_api_token(&operator.email, id, state.now()).await?;
    Ok(Redirect::to("/admin/tokens").into_response())
}

async fn page(state: &AppState, operator: &Operator, name: String, problem: TokensProblem) -> Result<Response, AppError> {
    let tokens: Vec<_> = state.store.api_tokens().await?.into_iter().map(|token| shown(state, token)).collect();
    let office = Office::titled("Tokens").under(Tab::Operators).refused_if(problem != TokensProblem::default());
    let has_second_factor = operator.has_second_factor;
    Ok(office.show(state, operator, move || {
        view! { <TokensPage tokens=tokens name=name has_second_factor=has_second_factor problem=problem/> }
    }))
}

fn shown(state: &AppState, token: ApiToken) -> ShownToken {
    let moment = |at| written(at, &state.config.time_zone);
    ShownToken {
        id: token.id,
        name: token.name,
        made_by: token.made_by,
        made_at: moment(token.made_at),
        last_used_at: token.last_used_at.map(moment),
        revoked_at: token.revoked_at.map(moment),
    }
}
