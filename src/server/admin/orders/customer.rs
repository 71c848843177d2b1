//! ACT: one customer: what they bought, and paying out to them.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    components::{office::Tab, price::in_english},
    domain::{
        money::Money,
        orders::history::CustomerHistory,
        people::operator::{Operator, Permission},
        transfers::payout::{Account, FullName, NotPayable, PayoutAmount, PayoutOrder, Reference, address_of},
    },
    error::AppError,
    pages::admin::orders::customer::{CustomerPage, PayoutField, PayoutForm, PayoutProblem, TypedPayout},
    platform::Method,
    server::{
        admin::{
            live, money_form,
            office::{Office, sentence},
            orders::order::{Showing, writer},
            people::step_up::{Acting, Proof},
        },
        http::input::{Segment, ShopForm},
        platform::{batches, till::Till},
        running::chance,
        state::AppState,
        store::PayoutError,
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

pub async fn events(State(state): State<AppState>, watcher: live::PageWatcher, Segment(id): Segment) -> Result<Response, AppError> {
    find(&state, &id).await?;
    Ok(watcher.follow(move || {
        let (store, id) = (state.store.clone(), id.clone());
        async move { Ok(store.customer_news(&id).await?.map(live::News::Now)) }
    }))
}

pub async fn pay_out(acting: Acting, Segment(id): Segment, ShopForm(form): ShopForm<PostedPayout>) -> Result<Response, AppError> {
    let Acting { state, operator, .. } = &acting;
    let customer = find(state, &id).await?;
    match make(&acting, &customer, &form).await? {
        Ok(Made::PaidOut) => Ok(Redirect::to(&format!("/admin/customers/{id}?told=payout")).into_response()),
        Ok(Made::Batch(batch)) => Ok(Redirect::to(&format!("/admin/batches/{batch}")).into_response()),
        Err(problem) => {
            let customer = find(state, &id).await?;
            let PostedPayout { account, full_name, amount, .. } = form;
            Ok(page(state, operator, customer, None, Some((TypedPayout { account, full_name, amount }, problem)), false))
        }
    }
}

/// What the form led to.
enum Made {
    PaidOut,
    /// A batch of one row, which waits for a second person.
    Batch(i64),
}

/// Checks and confirms what was typed, stores the payout as the operator's act, and sends it.
async fn make(acting: &Acting, customer: &CustomerHistory, form: &PostedPayout) -> Result<Result<Made, PayoutProblem>, AppError> {
    let Acting { state, operator, .. } = acting;
    let reference = format!("payout-{}", money_form::name(&form.name)?);
    let order = match read(customer, form) {
        Ok(order) => order,
        Err(problem) => return Ok(Err(problem)),
    };
    let turn = money_form::turn().await;
    if let Some(known) = state.store.payout(&reference).await? {
        return Ok(if known.is(&order) { Ok(Made::PaidOut) } else { Err(sent_already()) });
    }
    if let Some(batch) = state.store.batch_of_payout(&reference).await? {
        return Ok(Ok(Made::Batch(batch)));
    }
    if let Err(why) = address_of(METHOD, &customer.orders) {
        return Ok(Err(at(PayoutField::Form, sentence(&why))));
    }
    if let Err(failed) = acting.confirm(&form.proof).await? {
        return Ok(Err(at(PayoutField::Confirmation, failed)));
    }
    let asked = state.store.ask_payout_for(operator, &reference, &order, &state.config.approval_above, state.now()).await;
    let made = match asked {
        Ok(payout) => {
            drop(turn);
            Till::of(state).send_asked_payout(payout).await?;
            return Ok(Ok(Made::PaidOut));
        }
        Err(PayoutError::NeedsSecondPerson) => leave_to_a_second_person(state, operator, &reference, order).await,
        Err(error) => Err(error),
    };
    drop(turn);
    match made {
        Ok(made) => Ok(Ok(made)),
        Err(PayoutError::Store(error)) => Err(error.into()),
        Err(PayoutError::NotPayable(why)) => Ok(Err(at(PayoutField::Form, sentence(&why)))),
        Err(PayoutError::NameTaken) => Ok(Err(sent_already())),
        Err(error @ PayoutError::NeedsSecondPerson) => Ok(Err(at(PayoutField::Amount, sentence(&error)))),
    }
}

/// A payout above the limit becomes a batch of one row.
async fn leave_to_a_second_person(
    state: &AppState,
    operator: &Operator,
    reference: &str,
    order: PayoutOrder,
) -> Result<Made, PayoutError> {
    let reference = Reference::parse(reference)?;
    let (batch, _) = batches::pay_out_one(state, operator, order, Some(reference)).await?;
    Ok(Made::Batch(batch))
}

fn read(customer: &CustomerHistory, form: &PostedPayout) -> Result<PayoutOrder, PayoutProblem> {
    let at_field = |field| move |why: NotPayable| at(field, sentence(&why));
    let account = Account::parse(&form.account).map_err(at_field(PayoutField::Account))?;
    let full_name = FullName::parse(&form.full_name).map_err(NotPayable::from).map_err(at_field(PayoutField::FullName))?;
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
    let sum = |minor| Money::from_minor(minor, rules.currency).map(in_english).unwrap_or_default();
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
    let mut office = Office::titled("Customer").under(Tab::Orders);
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
