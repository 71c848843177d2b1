//! ACT: several cases are ignored at once, with one reason. A case that may be about this shop's money is never among them.

use std::collections::BTreeSet;

use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::{
    error::AppError,
    pages::admin::callbacks::case_view::{CaseProblem, DismissalProblem, SeveralProblem},
    server::{
        admin::{
            callbacks::{
                cases::dismissal_reason,
                page::{self, Outcome},
            },
            money_form,
            people::step_up::{Acting, Proof},
        },
        http::input::ShopForm,
        platform::cases::{self, DecideError},
        state::AppState,
        store::CaseError,
    },
};

/// Numbers of cases in one form.
const MOST_AT_ONCE: i64 = 500;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct SeveralForm {
    cases: String,
    reason: String,
    #[serde(flatten)]
    proof: Proof,
}

pub async fn dismiss(acting: Acting, ShopForm(form): ShopForm<SeveralForm>) -> Result<Response, AppError> {
    let _turn = money_form::turn().await;
    let reason = dismissal_reason(&form.reason);
    let mut dismissal = DismissalProblem { typed: form.reason.clone(), ..DismissalProblem::default() };
    let mut cases = None;
    match (chosen(&acting.state, &form.cases).await?, reason) {
        (Err(why), reason) => {
            cases = Some(why);
            dismissal.reason = reason.err();
        }
        (Ok(_), Err(why)) => dismissal.reason = Some(why),
        (Ok(ids), Ok(reason)) => match acting.confirm(&form.proof).await? {
            Err(failed) => dismissal.confirmation = Some(failed.to_string()),
            Ok(()) => return dismiss_all(&acting, &ids, &reason).await,
        },
    }
    let problem = CaseProblem::Several(SeveralProblem { typed: form.cases, cases, dismissal });
    page::refused(&acting.state, &acting.operator, Outcome { problem: Some((0, problem)), ..Outcome::default() }).await
}

async fn dismiss_all(Acting { state, operator, .. }: &Acting, ids: &BTreeSet<i64>, reason: &str) -> Result<Response, AppError> {
    let mut closed = 0_i64;
    for id in ids {
        match cases::dismiss(&state.store, &operator.email, *id, reason, state.now()).await {
            Ok(()) => closed += 1,
            // Somebody else closed it meanwhile.
            Err(DecideError::Case(CaseError::NotOpen)) => {}
            Err(DecideError::Case(CaseError::Store(error))) => return Err(error.into()),
            Err(error) => tracing::error!(case = id, %error, "a case could not be ignored"),
        }
    }
    Ok(Redirect::to(&format!("/admin/callbacks?told={DISMISSED}{closed}")).into_response())
}

/// The address of the page afterwards tells the number of closed cases behind this.
const DISMISSED: &str = "dismissed-";

/// The sentence for the page.
pub fn told(code: &str) -> Option<String> {
    let closed = code.strip_prefix(DISMISSED)?.parse().ok().filter(|closed| (0..=MOST_AT_ONCE).contains(closed))?;
    let cases = if closed == 1 { "1 case is closed".to_owned() } else { format!("{closed} cases are closed") };
    Some(format!("{cases}. The reason is kept with each of them."))
}

/// The cases to close: those that are named, and of each range the open ones that are not about this shop. Else what is wrong.
async fn chosen(state: &AppState, typed: &str) -> Result<Result<BTreeSet<i64>, String>, AppError> {
    let ranges = match ranges(typed) {
        Ok(ranges) => ranges,
        Err(why) => return Ok(Err(why)),
    };
    let mut ids = BTreeSet::new();
    for range in ranges {
        match of_range(state, range).await? {
            Ok(some) => ids.extend(some),
            Err(why) => return Ok(Err(why)),
        }
    }
    Ok(Ok(ids))
}

async fn of_range(state: &AppState, Range { first, last, is_one }: Range) -> Result<Result<Vec<i64>, String>, AppError> {
    let mut ids = Vec::new();
    for id in first..=last {
        match state.store.open_case(id).await?.map(|case| case.kind) {
            Some(kind) if !kind.is_about_this_shop() => ids.push(id),
            Some(kind) if is_one => {
                return Ok(Err(format!("Case {id} ({kind}) may be about this shop\u{2019}s money: decide it by itself")));
            }
            None if is_one => return Ok(Err(format!("There is no open case {id}"))),
            _ => {}
        }
    }
    if ids.is_empty() {
        return Ok(Err(format!("No open case from {first} to {last} can be ignored like this: all may be about this shop")));
    }
    Ok(Ok(ids))
}

/// Numbers of cases, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    first: i64,
    last: i64,
    /// A single number was typed.
    is_one: bool,
}

/// `3 4, 7-9`
fn ranges(typed: &str) -> Result<Vec<Range>, String> {
    let mut ranges = Vec::new();
    let mut numbers: i64 = 0;
    for part in typed.split(|sign: char| sign == ',' || sign.is_whitespace()).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once(['-', '\u{2013}']).unwrap_or((part, part));
        let ends = first.parse::<i64>().ok().zip(last.parse::<i64>().ok()).filter(|(first, last)| first <= last);
        let (first, last) = ends.ok_or_else(|| format!("\u{201C}{part}\u{201D} is no number of a case"))?;
        numbers = numbers.saturating_add(last.saturating_sub(first)).saturating_add(1);
        if numbers > MOST_AT_ONCE {
            return Err(format!("At most {MOST_AT_ONCE} numbers at once"));
        }
        ranges.push(Range { first, last, is_one: !part.contains(['-', '\u{2013}']) });
    }
    if ranges.is_empty() { Err("At least one is needed".to_owned()) } else { Ok(ranges) }
}
