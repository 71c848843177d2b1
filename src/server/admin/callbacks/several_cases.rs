//! ACT: many cases ignored at once, with one reason.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    domain::people::operator::Operator,
    error::AppError,
    pages::admin::callbacks::case_view::{CaseProblem, DismissalProblem, SeveralProblem},
    server::{
        admin::{
            callbacks::{
                cases::dismissal_reason,
                journal::{self, JournalQuery},
            },
            money_form,
            people::{
                guard::Address,
                step_up::{Proof, confirm},
            },
        },
        http::input::ShopForm,
        platform::cases::{self, DecideError},
        state::AppState,
        store::CaseError,
    },
};

/// More are ignored in several goes.
const MOST: usize = 500;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct SeveralForm {
    cases: String,
    reason: String,
    #[serde(flatten)]
    proof: Proof,
}

pub async fn dismiss(
    State(state): State<AppState>,
    operator: Operator,
    address: Address,
    ShopForm(form): ShopForm<SeveralForm>,
) -> Result<Response, AppError> {
    let _turn = money_form::turn().await;
    let reason = dismissal_reason(&form.reason);
    let mut dismissal = DismissalProblem { typed: form.reason.clone(), ..DismissalProblem::default() };
    let mut problem = None;
    match (open_ones(&state, &form.cases).await?, reason) {
        (Err(why), reason) => {
            problem = Some(why);
            dismissal.reason = reason.err();
        }
        (Ok(_), Err(why)) => dismissal.reason = Some(why),
        (Ok(ids), Ok(reason)) => match confirm(&state, &operator, &address, &form.proof).await? {
            Err(failed) => dismissal.confirmation = Some(failed.to_string()),
            Ok(()) => return dismiss_all(&state, &operator, &ids, &reason).await,
        },
    }
    let problem = SeveralProblem { typed: form.cases, cases: problem, dismissal };
    journal::page(&state, &operator, &JournalQuery::default(), Some((0, CaseProblem::Several(problem))), None).await
}

async fn dismiss_all(state: &AppState, operator: &Operator, ids: &[i64], reason: &str) -> Result<Response, AppError> {
    for id in ids {
        match cases::dismiss(&state.store, &operator.email, *id, reason, state.now()).await {
            // Somebody else closed it meanwhile: it waits for nobody.
            Ok(()) | Err(DecideError::Case(CaseError::NotOpen)) => {}
            Err(DecideError::Case(CaseError::Store(error))) => return Err(error.into()),
            Err(error) => tracing::error!(case = id, %error, "a case could not be ignored"),
        }
    }
    Ok(Redirect::to("/admin/callbacks?told=dismissed-several").into_response())
}

/// The cases that are named, all of them open; else what is wrong.
async fn open_ones(state: &AppState, typed: &str) -> Result<Result<Vec<i64>, String>, AppError> {
    let ids = match numbers(typed) {
        Ok(ids) => ids,
        Err(why) => return Ok(Err(why)),
    };
    for id in &ids {
        if state.store.open_case(*id).await?.is_none() {
            return Ok(Err(format!("There is no open case {id}")));
        }
    }
    Ok(Ok(ids))
}

/// `3 4, 7-9`
fn numbers(typed: &str) -> Result<Vec<i64>, String> {
    let mut ids = Vec::new();
    for part in typed.split(|sign: char| sign == ',' || sign.is_whitespace()).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once(['-', '–']).unwrap_or((part, part));
        let span = first.parse::<i64>().ok().zip(last.parse::<i64>().ok()).filter(|(first, last)| first <= last);
        let (first, last) = span.ok_or_else(|| format!("\u{201C}{part}\u{201D} is no number of a case"))?;
        ids.extend((first..=last).take(MOST + 1));
        if ids.len() > MOST {
            return Err(format!("At most {MOST} at once"));
        }
    }
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() { Err("At least one is needed".to_owned()) } else { Ok(ids) }
}
