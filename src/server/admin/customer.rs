//! ACT: one customer: what they bought, and paying out to them.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    guard::Address,
    live,
    money_form::{self, sentence},
    office::Office,
    order::{Showing, writer},
    step_up::{Proof, confirm},
};
use crate::{
    components::{office::Tab, price::in_words},
    domain::{
        history::CustomerHistory,
        money::Money,
        operator::{Operator, Permission},
        payout::{Account, FullName, NotPayable, PayoutAmount, PayoutOrder, address_of},
    },
    error::AppError,
    i18n::Locale,
    pages::back_office::customer::{CustomerPage, PayoutField, PayoutForm, PayoutProblem, TypedPayout},
    platform::Method,
    server::{
        chance,
        input::{Segment, ShopForm},
        state::AppState,
        store::PayoutError,
        till::Till,
    },
};

/// The one method of this shop that pays out.
const METHOD: Method = Method::PayMaya;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PostedPayout {
    account: String,
    full_name: String,
    amount: String,
    name: String,
    #[serde(flatten)]
    proof: Proof,
}

pub async fn show(
    State(state): State<AppState>,
    operator: Operator,
    showing: Result<Query<Showing>, QueryRejection>,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    let customer = find(&state, &id).await?;
    let Showing { told, still } = showing.map(|Query(showing)| showing).unwrap_or_default();
    let told = (told == "payout").then_some("The payout is written down and on its way. What becomes of it is told here.");
    let is_live = customer.is_live() && still.is_empty();
    Ok(page(&state, &operator, customer, told, None, is_live))
}

pub async fn events(State(state): State<AppState>, Segment(id): Segment) -> Result<Response, AppError> {
    find(&state, &id).await?;
    let store = state.store.clone();
    Ok(live::stream(&state, move || {
        let (store, id) = (store.clone(), id.clone());
        async move { store.customer_news(&id).await }
    }))
}

pub async fn pay_out(
    State(state): State<AppState>,
    operator: Operator,
    address: Address,
    Segment(id): Segment,
    ShopForm(form): ShopForm<PostedPayout>,
) -> Result<Response, AppError> {
    let customer = find(&state, &id).await?;
    match make(&state, &operator, &address, &customer, &form).await? {
        Ok(()) => Ok(Redirect::to(&format!("/admin/customers/{id}?told=payout")).into_response()),
        Err(problem) => {
            let customer = find(&state, &id).await?;
            let PostedPayout { account, full_name, amount, .. } = form;
            Ok(page(&state, &operator, customer, None, Some((TypedPayout { account, full_name, amount }, problem)), false))
        }
    }
}

/// Every check in its order, then written down as the operator's act, then sent.
async fn make(
    state: &AppState,
    operator: &Operator,
    address: &Address,
    customer: &CustomerHistory,
    form: &PostedPayout,
) -> Result<Result<(), PayoutProblem>, AppError> {
    let reference = format!("payout-{}", money_form::name(&form.name)?);
    let order = match read(customer, form) {
        Ok(order) => order,
        Err(problem) => return Ok(Err(problem)),
    };
    let turn = money_form::turn().await;
    if let Some(known) = state.store.payout(&reference).await? {
        return Ok(if known.is(&order) { Ok(()) } else { Err(sent_already()) });
    }
    if let Err(why) = address_of(METHOD, &customer.orders) {
        return Ok(Err(at(PayoutField::Form, sentence(&why))));
    }
    if !state.config.approval_above.covers(order.amount.money()) {
        return leave_to_a_second_person(order.amount.money());
    }
    if let Err(failed) = confirm(state, operator, address, &form.proof).await? {
        return Ok(Err(at(PayoutField::Confirmation, failed)));
    }
    let asked = state.store.ask_payout_for(&operator.email, &reference, &order, state.now()).await;
    drop(turn);
    match asked {
        Ok(payout) => {
            Till::of(state).send_asked_payout(payout).await?;
            Ok(Ok(()))
        }
        Err(PayoutError::Store(error)) => Err(error.into()),
        Err(PayoutError::NameTaken) => Ok(Err(sent_already())),
        Err(PayoutError::NotPayable(why)) => Ok(Err(at(PayoutField::Form, sentence(&why)))),
    }
}

/// What becomes of a payout that nobody may make alone.
fn leave_to_a_second_person(sum: Money) -> Result<Result<(), PayoutProblem>, AppError> {
    let sum = in_words(sum, Locale::en);
    let why = format!("{sum} is above what one person pays out alone and needs a second person: run it as a file under Mass runs");
    Ok(Err(at(PayoutField::Amount, why)))
}

fn read(customer: &CustomerHistory, form: &PostedPayout) -> Result<PayoutOrder, PayoutProblem> {
    let at_field = |field| move |why: NotPayable| at(field, sentence(&why));
    let account = Account::parse(&form.account).map_err(at_field(PayoutField::Account))?;
    let full_name = FullName::parse(&form.full_name).map_err(at_field(PayoutField::FullName))?;
    let money = money_form::amount(&form.amount, METHOD.rules().currency).map_err(|why| at(PayoutField::Amount, why))?;
    let amount = PayoutAmount::new(money, METHOD).map_err(at_field(PayoutField::Amount))?;
    Ok(PayoutOrder { customer_id: customer.customer_id.clone(), account, full_name, amount })
}

fn sent_already() -> PayoutProblem {
    at(
        PayoutField::Form,
        "This form was sent already, with something else in it. What it asked for then is under Payouts; this is a new form",
    )
}

fn at(at: PayoutField, why: impl ToString) -> PayoutProblem {
    PayoutProblem { at, why: why.to_string() }
}

async fn find(state: &AppState, id: &str) -> Result<CustomerHistory, AppError> {
    state.store.customer_history(id).await?.ok_or(AppError::NotFound)
}

fn form(operator: &Operator, customer: &CustomerHistory) -> PayoutForm {
    if let Err(why) = address_of(METHOD, &customer.orders) {
        return PayoutForm::Withheld(format!("Nothing can be paid out here: {why}."));
    }
    if !operator.role.may(Permission::MoveMoney) {
        return PayoutForm::Withheld("Finance and owners pay out.".to_owned());
    }
    let rules = METHOD.rules();
    let sum = |minor| Money::from_minor(minor, rules.currency).map(|sum| in_words(sum, Locale::en)).unwrap_or_default();
    let range = rules.gate.payout.as_ref().map(|payout| format!("{} to {}", sum(payout.minimum), sum(payout.maximum)));
    PayoutForm::Open { name: chance::token(), has_second_factor: operator.has_second_factor, range: range.unwrap_or_default() }
}

fn page(
    state: &AppState,
    operator: &Operator,
    customer: CustomerHistory,
    told: Option<&'static str>,
    typed: Option<(TypedPayout, PayoutProblem)>,
    is_live: bool,
) -> Response {
    let mut office = Office::titled("Customer").under(Tab::Payouts);
    if typed.is_some() {
        office = office.refused();
    }
    if is_live {
        office = office.refreshed_without_scripts();
    }
    let form = form(operator, &customer);
    let (moments, now) = (writer(state), state.now());
    office.show(state, operator, move || {
        view! { <CustomerPage customer=customer told=told form=form typed=typed is_live=is_live moments=moments now=now/> }
    })
}
