//! ACT: what waits for a person: accepted, refunded or ignored, each as an operator's act.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    domain::{
        case::{CaseKind, WhenAccepted},
        money::Money,
        orders::order::Order,
        people::operator::{Operator, Permission},
        text,
        transfers::refund::Refundable,
    },
    error::AppError,
    pages::admin::{
        callbacks::{
            case_view::{CaseProblem, CaseView, DismissalProblem},
            journal::Cases,
        },
        orders::refund_form::TypedRefund,
    },
    server::{
        admin::{
            callbacks::journal::{self, JournalQuery},
            money_form,
            office::sentence,
            orders::{
                order::forms,
                refunding::{self, RefundWanted},
            },
            people::{
                guard::Address,
                step_up::{Proof, confirm},
            },
        },
        http::input::{Segment, ShopForm},
        platform::cases::{self, CaseFile, DecideError},
        running::chance,
        state::AppState,
        store::{Case, CaseError},
    },
};

/// The oldest are shown.
const MOST_SHOWN: u32 = 50;
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

/// Accepting may mark an order as paid, or make money refundable: it is confirmed like whatever moves money.
pub async fn accept(
    State(state): State<AppState>,
    operator: Operator,
    address: Address,
    Segment(id): Segment,
    ShopForm(proof): ShopForm<Proof>,
) -> Result<Response, AppError> {
    let id = number(&id)?;
    let turn = money_form::turn().await;
    // Said before the proof is used up.
    match state.store.open_case(id).await? {
        None => return not_done(&state, &operator, id, CaseError::NotOpen.into()).await,
        Some(case) if case.kind.when_accepted() == WhenAccepted::Impossible => {
            return not_done(&state, &operator, id, CaseError::NothingToMove.into()).await;
        }
        Some(_) => {}
    }
    if let Err(failed) = confirm(&state, &operator, &address, &proof).await? {
        let problem = (id, CaseProblem::Acceptance(failed.to_string()));
        return journal::page(&state, &operator, &JournalQuery::default(), Some(problem), None).await;
    }
    let accepted = cases::accept(&state.store, &state.config.keys, &state.catalog, &operator.email, id, state.now()).await;
    drop(turn);
    match accepted {
        Ok(opened) if opened.is_empty() => Ok(done("accepted")),
        Ok(_) => Ok(done("accepted-opened")),
        Err(error) => not_done(&state, &operator, id, error).await,
    }
}

pub async fn dismiss(
    State(state): State<AppState>,
    operator: Operator,
    address: Address,
    Segment(id): Segment,
    ShopForm(form): ShopForm<DismissalForm>,
) -> Result<Response, AppError> {
    let id = number(&id)?;
    let _turn = money_form::turn().await;
    if state.store.open_case(id).await?.is_none() {
        return not_done(&state, &operator, id, CaseError::NotOpen.into()).await;
    }
    let reason = dismissal_reason(&form.reason);
    let mut problem = DismissalProblem { typed: form.reason.clone(), ..DismissalProblem::default() };
    if let Err(why) = &reason {
        problem.reason = Some(why.clone());
    } else if let Err(failed) = confirm(&state, &operator, &address, &form.proof).await? {
        problem.confirmation = Some(failed.to_string());
    }
    let (Ok(reason), None) = (reason, &problem.confirmation) else {
        let problem = (id, CaseProblem::Dismissal(problem));
        return journal::page(&state, &operator, &JournalQuery::default(), Some(problem), None).await;
    };
    match cases::dismiss(&state.store, &operator.email, id, &reason, state.now()).await {
        Ok(()) => Ok(done("dismissed")),
        Err(error) => not_done(&state, &operator, id, error).await,
    }
}

/// As it is kept, or what is wrong with it.
pub fn dismissal_reason(typed: &str) -> Result<String, String> {
    text::line(typed, LONGEST_REASON).map_err(|why| format!("A reason has 1 to {LONGEST_REASON} characters; this one {why}"))
}

pub async fn refund(
    State(state): State<AppState>,
    operator: Operator,
    address: Address,
    Segment(id): Segment,
    ShopForm(form): ShopForm<CaseRefundForm>,
) -> Result<Response, AppError> {
    let id = number(&id)?;
    let name = format!("refund-{}", money_form::name(&form.name)?);
    let Some(case) = state.store.open_case(id).await? else {
        // Sent twice, it is the same refund; the first closed the case.
        return match state.store.refund(&name).await? {
            Some(_) => Ok(done("refunded")),
            None => not_done(&state, &operator, id, CaseError::NotOpen.into()).await,
        };
    };
    let order = if may_be_refunded(case.kind) { state.store.order_of_payment(&case.payment_id).await? } else { None };
    let Some(attempt) = order.as_ref().and_then(|order| order.attempt(&case.payment_id)) else {
        return not_done(&state, &operator, id, CaseError::NothingToMove.into()).await;
    };
    let wanted = RefundWanted {
        id: name,
        payment_id: attempt.payment_id.clone(),
        amount: &form.amount,
        reason: &form.reason,
        proof: &form.proof,
    };
    match refunding::refund_case(&state, &operator, &address, attempt.amount.currency(), &case, wanted).await? {
        Ok(_) => Ok(done("refunded")),
        Err(_) if state.store.open_case(id).await?.is_none() => not_done(&state, &operator, id, CaseError::NotOpen.into()).await,
        Err(problem) => {
            let typed = TypedRefund { payment_id: case.payment_id, amount: form.amount, reason: form.reason };
            let problem = (id, CaseProblem::Refund(typed, problem));
            journal::page(&state, &operator, &JournalQuery::default(), Some(problem), None).await
        }
    }
}

/// The open cases with what their decisions need.
pub async fn all(state: &AppState, operator: &Operator, problem: Option<(i64, CaseProblem)>) -> Result<Cases, AppError> {
    let mut open = state.store.open_cases(MOST_SHOWN).await?;
    // One that something was typed into is shown, wherever it stands.
    if let Some((id, _)) = &problem
        && open.iter().all(|case| case.id != *id)
    {
        open.extend(state.store.open_case(*id).await?);
    }
    let mut shown = Vec::new();
    for case in open {
        let CaseFile { case, told, stored, order } = cases::file(&state.store, &state.config.keys, case).await?;
        let refundable = refundable(state, &case, order.as_ref()).await?;
        let Case { id, kind, payment_id, opened_at, callback } = case;
        let body = callback.map_or_else(Vec::new, |(_, body)| body);
        let order_number = order.map(|order| order.number);
        let told = told.map_err(|reason| reason.to_string());
        let refundable = refundable.map(|left| (left, chance::token()));
        shown.push(CaseView { id, kind, payment_id, opened_at, order_number, told, stored, body, refundable });
    }
    Ok(Cases {
        shown,
        count: state.store.count_open_cases().await?,
        problem,
        forms: forms(state, operator, None),
        may_decide: operator.role.may(Permission::MoveMoney),
    })
}

/// Money that was taken and has nothing to be for.
fn may_be_refunded(kind: CaseKind) -> bool {
    matches!(kind, CaseKind::SecondPayment | CaseKind::NoStock)
}

async fn refundable(state: &AppState, case: &Case, order: Option<&Order>) -> Result<Option<Money>, AppError> {
    let attempt = order.filter(|_| may_be_refunded(case.kind)).and_then(|order| order.attempt(&case.payment_id));
    let Some(attempt) = attempt else { return Ok(None) };
    let refunds = state.store.refunds_of(&attempt.payment_id).await?;
    Ok(Refundable::of(attempt, &refunds).ok().map(Refundable::left))
}

fn number(id: &str) -> Result<i64, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

fn done(told: &str) -> Response {
    Redirect::to(&format!("/admin/callbacks?told={told}")).into_response()
}

/// Told at the case, or above all of them if somebody closed it meanwhile.
async fn not_done(state: &AppState, operator: &Operator, id: i64, error: DecideError) -> Result<Response, AppError> {
    let why = sentence(&error);
    match error {
        DecideError::Case(CaseError::Store(error)) => Err(error.into()),
        DecideError::Case(CaseError::NotOpen) if !state.store.is_case(id).await? => Err(AppError::NotFound),
        DecideError::Case(CaseError::NotOpen) => {
            journal::page(state, operator, &JournalQuery::default(), None, Some(format!("Case {id}: {why}"))).await
        }
        _ => journal::page(state, operator, &JournalQuery::default(), Some((id, CaseProblem::NotDone(why))), None).await,
    }
}
