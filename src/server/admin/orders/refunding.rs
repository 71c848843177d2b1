//! A refund that an operator asks for: checked, confirmed, stored as the operator's act, then sent.

use crate::{
    components::price::in_english,
    domain::{
        money::{Currency, Money},
        orders::history::OrderHistory,
        transfers::refund::{NotRefundable, Reason, Refund},
    },
    error::AppError,
    pages::admin::orders::refund_form::{RefundField, RefundProblem},
    server::{
        admin::{
            money_form,
            office::sentence,
            people::step_up::{Acting, Proof},
        },
        platform::till::Till,
        state::AppState,
        store::{AskError, Asker, Case, CaseError},
    },
};

/// What was typed. `id` is the name that the form has for its refund.
pub struct RefundWanted<'a> {
    pub id: String,
    pub payment_id: String,
    pub amount: &'a str,
    pub reason: &'a str,
    pub proof: &'a Proof,
}

/// Where the payment is refunded.
pub enum RefundFrom<'a> {
    OrderPage(&'a OrderHistory),
    /// The refund closes the case.
    Case(&'a Case),
}

/// Refunds a sum of a payment. The inner error belongs to a field of the form.
pub async fn refund(
    acting: &Acting,
    currency: Currency,
    from: RefundFrom<'_>,
    wanted: RefundWanted<'_>,
) -> Result<Result<Refund, RefundProblem>, AppError> {
    let Acting { state, operator, .. } = acting;
    let (amount, reason) = match read(acting, currency, &wanted) {
        Ok(read) => read,
        Err(problem) => return Ok(Err(problem)),
    };
    let turn = money_form::turn().await;
    if let Some(known) = known(state, &wanted, amount, &reason).await? {
        return Ok(known);
    }
    if let RefundFrom::OrderPage(history) = from {
        // Told before the code is used up.
        let attempt = history.order.attempt(&wanted.payment_id).ok_or(AppError::BadRequest)?;
        if let Err(why) = history.refundable(attempt).and_then(|refundable| refundable.amount(Some(amount))) {
            return Ok(Err(not_refundable(why)));
        }
    }
    if let Err(failed) = acting.confirm(wanted.proof).await? {
        return Ok(Err(at(RefundField::Confirmation, failed)));
    }
    let (store, id, now) = (&state.store, &wanted.id, state.now());
    let asked = match from {
        RefundFrom::OrderPage(_) => {
            let asker = Asker { operator, limits: &state.config.support_refunds_up_to };
            store.ask_refund_for(asker, id, &wanted.payment_id, amount, &reason, now).await.map_err(not_asked)
        }
        RefundFrom::Case(case) => {
            store.refund_case(&operator.email, case, id, amount, &reason, now).await.map_err(case_not_refunded)
        }
    };
    drop(turn);
    match asked {
        Ok(refund) => Ok(Ok(Till::of(state).send_asked_refund(refund).await?)),
        Err(error) => error.map(Err),
    }
}

fn not_asked(error: AskError) -> Result<RefundProblem, AppError> {
    match error {
        AskError::Store(error) => Err(error.into()),
        AskError::NotRefundable(why) => Ok(not_refundable(why)),
        AskError::NameTaken => Ok(sent_already()),
        AskError::AboveDailyLimit => Ok(at(RefundField::Amount, sentence(&AskError::AboveDailyLimit))),
        AskError::UnknownPayment => Err(AppError::BadRequest),
    }
}

fn case_not_refunded(error: CaseError) -> Result<RefundProblem, AppError> {
    match error {
        CaseError::Store(error) => Err(error.into()),
        CaseError::NotRefundable(why) => Ok(not_refundable(why)),
        CaseError::NameTaken => Ok(sent_already()),
        error => Ok(at(RefundField::Form, sentence(&error))),
    }
}

fn read(acting: &Acting, currency: Currency, wanted: &RefundWanted<'_>) -> Result<(Money, Reason), RefundProblem> {
    let Acting { state, operator, .. } = acting;
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

/// The refund that this form made already. Inner error: the form was sent again with other values.
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
