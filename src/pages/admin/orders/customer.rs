//! `/admin/customers/{id}`: what a customer bought, got back and was paid out.

use leptos::prelude::*;

use super::{order::contact_facts, payouts::PayoutTable};
use crate::{
    components::{
        moments::Moments,
        office::{ConfirmField, Facts, OfficeField, Problem, Refused, Section, Table, Told, cells, number, text},
        price::in_english,
    },
    domain::{
        orders::{explanation::title, history::CustomerHistory, order::Order},
        transfers::refund::Refund,
    },
    islands::order_watch::OrderWatch,
};

/// A payout as it was typed.
#[derive(Debug, Clone, Default)]
pub struct TypedPayout {
    pub account: String,
    pub full_name: String,
    pub amount: String,
}

pub type PayoutProblem = Problem<PayoutField>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayoutField {
    /// The whole of it.
    Form,
    Account,
    FullName,
    Amount,
    Confirmation,
}

/// Whether this operator may pay this customer out.
#[derive(Debug, Clone)]
pub enum PayoutForm {
    /// Why there is none.
    Withheld(String),
    Open {
        /// The name of a payout that is asked for now: sent twice, it is made once.
        name: String,
        has_second_factor: bool,
        /// The sums that the method pays out, in words.
        range: String,
    },
}

/// Orders that are shown; the registry has all.
const MOST_ORDERS: usize = 50;

#[component]
pub fn CustomerPage(
    customer: CustomerHistory,
    told: Option<&'static str>,
    form: PayoutForm,
    typed: Option<(TypedPayout, PayoutProblem)>,
    /// It shows by itself what changes. Forms are typed on a page that stands still.
    is_live: bool,
    moments: Moments,
    now: i64,
) -> impl IntoView {
    let id = customer.customer_id.clone();
    let newest = customer.orders.first().cloned();
    let refused = typed.as_ref().filter(|(_, problem)| problem.at == PayoutField::Form || matches!(form, PayoutForm::Withheld(_)));
    let refused = refused.map(|(_, problem)| problem.why.clone());
    let address = format!("/admin/customers/{id}");
    view! {
        <p class="crumbs"><a href="/admin/orders">"Orders"</a></p>
        <h1 class="long">"Customer "{id.clone()}</h1>
        <Told words=told/>
        <div data-event=customer.news()>{is_live.then(|| view! { <OrderWatch/> })}</div>
        {newest.map(|order| view! { <Section id="contact" title="Contact, from the newest order"><Facts known=contact_facts(&order)/></Section> })}
        {orders(&customer.orders, &id, &moments, now)}
        {refunds(&customer.refunds, &moments)}
        <Section id="payouts" title="Payouts">
            <PayoutTable payouts=customer.payouts moments=moments names_customer=false none="Nothing was paid out to this customer."/>
        </Section>
        <Section id="pay-out" title="Pay out">
            <Refused reason=refused/>
            {match (form, is_live) {
                (PayoutForm::Withheld(why), _) => view! { <p>{why}</p> }.into_any(),
                (PayoutForm::Open { .. }, true) => {
                    view! { <p><a href=format!("{address}?still=1#pay-out")>"Make another payout"</a></p> }.into_any()
                }
                (PayoutForm::Open { name, has_second_factor, range }, false) => {
                    draw_form(&address, name, has_second_factor, &range, typed).into_any()
                }
            }}
        </Section>
    }
}

fn draw_form(
    address: &str,
    name: String,
    has_second_factor: bool,
    range: &str,
    typed: Option<(TypedPayout, PayoutProblem)>,
) -> impl IntoView + use<> {
    let error = |at: PayoutField| typed.as_ref().and_then(|(_, problem)| problem.of(at));
    let TypedPayout { account, full_name, amount } = typed.clone().map(|(typed, _)| typed).unwrap_or_default();
    let hint = format!("{range}. PayMaya pays in PHP alone.");
    view! {
        <form method="post" action=format!("{address}/payouts") class="narrow">
            <input type="hidden" name="name" value=name/>
            <OfficeField name="account" label="PayMaya account" inputmode=Some("numeric") value=account error=error(PayoutField::Account) required=true
                hint="11 digits that begin with 09".to_owned()/>
            <OfficeField name="full_name" label="Account owner's full name" value=full_name error=error(PayoutField::FullName) required=true/>
            <OfficeField name="amount" label="Amount in PHP" inputmode=Some("decimal") value=amount error=error(PayoutField::Amount) required=true hint=Some(hint)/>
            <ConfirmField has_second_factor=has_second_factor error=error(PayoutField::Confirmation)/>
            <button>"Pay out"</button>
        </form>
    }
}

fn orders(all: &[Order], customer_id: &str, moments: &Moments, now: i64) -> impl IntoView + use<> {
    let rows = all.iter().take(MOST_ORDERS).map(|order| {
        let number = order.number.clone();
        let link = view! { <a href=format!("/admin/orders/{number}")>{number.clone()}</a> };
        cells![link, moments.written(order.placed_at), in_english(order.total), title(order.state(now))]
    });
    let rows: Vec<_> = rows.collect();
    let columns = [text("Order").naming_rows(), text("Placed"), number("Total"), text("State")];
    let more = (all.len() > MOST_ORDERS).then(|| {
        view! { <p><a href=format!("/admin/orders?q={customer_id}")>{format!("All {} orders", all.len())}</a></p> }
    });
    view! {
        <Section id="orders" title="Orders">
            <Table label="Table of orders" columns=columns rows=rows/>
            {more}
        </Section>
    }
}

fn refunds(all: &[Refund], moments: &Moments) -> Option<impl IntoView + use<>> {
    let rows = all.iter().map(|refund| {
        let number = refund.payment_id.rsplit_once('-').map_or("", |(number, _)| number).to_owned();
        let link = view! { <a href=format!("/admin/orders/{number}")>{refund.payment_id.clone()}</a> };
        cells![in_english(refund.amount), link, moments.written(refund.asked_at), refund.progress.name()]
    });
    let rows: Vec<_> = rows.collect();
    let columns = [number("Sum").naming_rows(), text("Payment"), text("Asked"), text("Progress")];
    (!rows.is_empty()).then(|| {
        view! {
            <Section id="refunds" title="Refunds">
                <Table label="Table of refunds" columns=columns rows=rows/>
            </Section>
        }
    })
}
