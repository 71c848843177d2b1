//! ACT: a case is accepted, refunded or ignored.

use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::{
    domain::{case::WhenAccepted, text},
    error::AppError,
    pages::admin::{
        callbacks::case_view::{CaseProblem, DismissalProblem},
        orders::refund_form::TypedRefund,
    },
    server::{
        admin::{
            callbacks::page::{self, Outcome},
            money_form,
            office::sentence,
            orders::refunding::{self, RefundFrom, RefundWanted},
            people::step_up::{Acting, Proof},
        },
        http::input::{Number, ShopForm},
        platform::cases::{self, DecideError},
        store::CaseError,
    },
};

const LONGEST_REASON: usize = 500;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct DismissalForm {
    reason: String,
    #[serde(flatten)]
    proof: Proof,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct CaseRefundForm {
    amount: String,
    reason: String,
    name: String,
    #[serde(flatten)]
    proof: Proof,
}

/// Accepting may mark an order as paid, or make money refundable, so it is confirmed like a transfer.
pub async fn accept(acting: Acting, Number(id): Number, ShopForm(proof): ShopForm<Proof>) -> Result<Response, AppError> {
    let Acting { state, operator, .. } = &acting;
    let turn = money_form::turn().await;
    // Told before the code is used up.
    match state.store.open_case(id).await? {
        None => return not_done(&acting, id, CaseError::NotOpen.into()).await,
        Some(case) if case.kind.when_accepted() == WhenAccepted::Impossible => {
            return not_done(&acting, id, CaseError::NothingToMove.into()).await;
        }
        Some(_) => {}
    }
    if let Err(failed) = acting.confirm(&proof).await? {
        return refused(&acting, (id, CaseProblem::Acceptance(failed.to_string()))).await;
    }
    let accepted = cases::accept(&state.store, &state.config.keys, &state.catalog, &operator.email, id, state.now()).await;
    drop(turn);
    match accepted {
        Ok(opened) if opened.is_empty() => Ok(done("accepted")),
        Ok(_) => Ok(done("accepted-opened")),
        Err(error) => not_done(&acting, id, error).await,
    }
}

pub async fn dismiss(acting: Acting, Number(id): Number, ShopForm(form): ShopForm<DismissalForm>) -> Result<Response, AppError> {
    let Acting { state, operator, .. } = &acting;
    let _turn = money_form::turn().await;
    if state.store.open_case(id).await?.is_none() {
        return not_done(&acting, id, CaseError::NotOpen.into()).await;
    }
    let reason = dismissal_reason(&form.reason);
    let mut problem = DismissalProblem { typed: form.reason.clone(), ..DismissalProblem::default() };
    if let Err(why) = &reason {
        problem.reason = Some(why.clone());
    } else if let Err(failed) = acting.confirm(&form.proof).await? {
        problem.confirmation = Some(failed.to_string());
    }
    let (Ok(reason), None) = (reason, &problem.confirmation) else {
        return refused(&acting, (id, CaseProblem::Dismissal(problem))).await;
    };
    match cases::dismiss(&state.store, &operator.email, id, &reason, state.now()).await {
        Ok(()) => Ok(done("dismissed")),
        Err(error) => not_done(&acting, id, error).await,
    }
}

/// The reason as it is stored, or what is wrong with it.
pub fn dismissal_reason(typed: &str) -> Result<String, String> {
    text::line(typed, LONGEST_REASON).map_err(|why| format!("A reason has 1 to {LONGEST_REASON} characters; this one {why}"))
}

pub async fn refund(acting: Acting, Number(id): Number, ShopForm(form): ShopForm<CaseRefundForm>) -> Result<Response, AppError> {
    let Acting { state, .. } = &acting;
    let name = format!("refund-{}", money_form::name(&form.name)?);
    let Some(case) = state.store.open_case(id).await? else {
        // The form was sent twice: the first request made the refund and closed the case.
        return match state.store.refund(&name).await? {
            Some(_) => Ok(done("refunded")),
            None => not_done(&acting, id, CaseError::NotOpen.into()).await,
        };
    };
    let order = if case.kind.may_be_refunded() { state.store.order_of_payment(&case.payment_id).await? } else { None };
    let Some(attempt) = order.as_ref().and_then(|order| order.attempt(&case.payment_id)) else {
        return not_done(&acting, id, CaseError::NothingToMove.into()).await;
    };
    let wanted = RefundWanted {
        id: name,
        payment_id: attempt.payment_id.clone(),
        amount: &form.amount,
        reason: &form.reason,
        proof: &form.proof,
    };
    match refunding::refund(&acting, attempt.amount.currency(), RefundFrom::Case(&case), wanted).await? {
        Ok(_) => Ok(done("refunded")),
        Err(_) if state.store.open_case(id).await?.is_none() => not_done(&acting, id, CaseError::NotOpen.into()).await,
        Err(problem) => {
            let typed = TypedRefund { payment_id: case.payment_id, amount: form.amount, reason: form.reason };
            refused(&acting, (id, CaseProblem::Refund(typed, problem))).await
        }
    }
}

fn done(told: &str) -> Response {
    Redirect::to(&format!("/admin/callbacks?told={told}")).into_response()
}

/// The page with what was typed into a case, and why it was not done.
async fn refused(acting: &Acting, problem: (i64, CaseProblem)) -> Result<Response, AppError> {
    page::refused(&acting.state, &acting.operator, Outcome { problem: Some(problem), ..Outcome::default() }).await
}

/// Shows the reason beside the case, or above all cases if somebody closed this one meanwhile.
async fn not_done(acting: &Acting, id: i64, error: DecideError) -> Result<Response, AppError> {
    let why = sentence(&error);
    match error {
        DecideError::Case(CaseError::Store(error)) => Err(error.into()),
        DecideError::Case(CaseError::NotOpen) if !acting.state.store.is_case(id).await? => Err(AppError::NotFound),
        DecideError::Case(CaseError::NotOpen) => {
            let outcome = Outcome { refused: Some(format!("Case {id}: {why}")), ..Outcome::default() };
            page::refused(&acting.state, &acting.operator, outcome).await
        }
        _ => refused(acting, (id, CaseProblem::NotDone(why))).await,
    }
}
