//! A refund an operator wants: every check in its order, then written down as the operator's act, then sent.

use crate::{
    components::price::in_english,
    domain::{
        money::{Currency, Money},
        orders::history::OrderHistory,
        people::operator::Operator,
        transfers::refund::{NotRefundable, Reason, Refund},
    },
    error::AppError,
    pages::admin::orders::refund_form::{RefundField, RefundProblem},
    server::{
        admin::{
            money_form,
            office::sentence,
            people::{
                guard::Address,
                step_up::{Proof, confirm},
            },
        },
        platform::till::Till,
        state::AppState,
        store::{AskError, Asker, Case, CaseError},
    },
};

/// As it was typed; `id` is the name the form gives it.
pub struct RefundWanted<'a> {
    pub id: String,
    pub payment_id: String,
    pub amount: &'a str,
    pub reason: &'a str,
    pub proof: &'a Proof,
}

/// Refunds some of a payment. The inner error stands at a field of the form.
pub async fn refund(
    state: &AppState,
    operator: &Operator,
    address: &Address,
    currency: Currency,
    history: &OrderHistory,
    wanted: RefundWanted<'_>,
) -> Result<Result<Refund, RefundProblem>, AppError> {
    let (amount, reason) = match read(state, operator, currency, &wanted) {
        Ok(read) => read,
        Err(problem) => return Ok(Err(problem)),
    };
    let turn = money_form::turn().await;
    if let Some(known) = known(state, &wanted, amount, &reason).await? {
        return Ok(known);
    }
    // Said before the proof is used up.
    let attempt = history.order.attempt(&wanted.payment_id).ok_or(AppError::BadRequest)?;
    if let Err(why) = history.refundable(attempt).and_then(|refundable| refundable.amount(Some(amount))) {
        return Ok(Err(not_refundable(why)));
    }
    if let Err(failed) = confirm(state, operator, address, wanted.proof).await? {
        return Ok(Err(at(RefundField::Confirmation, failed)));
    }
    let RefundWanted { id, payment_id, .. } = &wanted;
    let asker = Asker { operator, limits: &state.config.support_refunds_up_to };
    let asked = state.store.ask_refund_for(asker, id, payment_id, amount, &reason, state.now()).await;
    drop(turn);
    match asked {
        Ok(refund) => Ok(Ok(Till::of(state).send_asked_refund(refund).await?)),
        Err(AskError::Store(error)) => Err(error.into()),
        Err(AskError::NotRefundable(why)) => Ok(Err(not_refundable(why))),
        Err(AskError::NameTaken) => Ok(Err(sent_already())),
        Err(above @ AskError::AboveDailyLimit) => Ok(Err(at(RefundField::Amount, sentence(&above)))),
        Err(AskError::UnknownPayment) => Err(AppError::BadRequest),
    }
}

/// Refunds the payment of a case, which closes it.
pub async fn refund_case(
    state: &AppState,
    operator: &Operator,
    address: &Address,
    currency: Currency,
    case: &Case,
    wanted: RefundWanted<'_>,
) -> Result<Result<Refund, RefundProblem>, AppError> {
    let (amount, reason) = match read(state, operator, currency, &wanted) {
        Ok(read) => read,
        Err(problem) => return Ok(Err(problem)),
    };
    let turn = money_form::turn().await;
    if let Some(known) = known(state, &wanted, amount, &reason).await? {
        return Ok(known);
    }
    if let Err(failed) = confirm(state, operator, address, wanted.proof).await? {
        return Ok(Err(at(RefundField::Confirmation, failed)));
    }
    let asked = state.store.refund_case(&operator.email, case, &wanted.id, amount, &reason, state.now()).await;
    drop(turn);
    match asked {
        Ok(refund) => Ok(Ok(Till::of(state).send_asked_refund(refund).await?)),
        Err(CaseError::Store(error)) => Err(error.into()),
        Err(CaseError::NotRefundable(why)) => Ok(Err(not_refundable(why))),
        Err(CaseError::NameTaken) => Ok(Err(sent_already())),
        Err(error) => Ok(Err(at(RefundField::Form, sentence(&error)))),
    }
}

fn read(
    state: &AppState,
    operator: &Operator,
    currency: Currency,
    wanted: &RefundWanted<'_>,
) -> Result<(Money, Reason), RefundProblem> {
    let amount = money_form::amount(wanted.amount, currency).map_err(|why| at(RefundField::Amount, why))?;
    let reason = Reason::parse(wanted.reason).map_err(|why| at(RefundField::Reason, sentence(&NotRefundable::from(why))))?;
    let limits = &state.config.support_refunds_up_to;
    if !operator.role.may_refund(amount, limits) {
        let most = limits.of(currency).map_or("nothing".to_owned(), |limit| format!("up to {}", in_english(limit)));
        let why = format!("Your role refunds {most} at once in {}; ask somebody of finance", currency.code());
        return Err(at(RefundField::Amount, why));
    }
    Ok((amount, reason))
}

/// The refund that this very form made already, or that it was sent with something else.
async fn known(
    state: &AppState,
    wanted: &RefundWanted<'_>,
    amount: Money,
    reason: &Reason,
) -> Result<Option<Result<Refund, RefundProblem>>, AppError> {
    let Some(known) = state.store.refund(&wanted.id).await? else { return Ok(None) };
    let is_same = known.payment_id == wanted.payment_id && known.amount == amount && known.reason == reason.as_str();
    Ok(Some(if is_same { Ok(known) } else { Err(sent_already()) }))
}

fn sent_already() -> RefundProblem {
    at(
        RefundField::Form,
        "This form was sent already, with something else in it. What it asked for then is under Refunds; this is a new form",
    )
}

fn not_refundable(why: NotRefundable) -> RefundProblem {
    let field = match why {
        NotRefundable::TooMuch(left) => {
            return at(RefundField::Amount, format!("Only {} is left to refund now", in_english(left)));
        }
        NotRefundable::Zero | NotRefundable::OtherCurrency(_) => RefundField::Amount,
        NotRefundable::NoReason(_) => RefundField::Reason,
        _ => RefundField::Form,
    };
    at(field, sentence(&why))
}

fn at(at: RefundField, why: impl ToString) -> RefundProblem {
    RefundProblem { at, why: why.to_string() }
}
