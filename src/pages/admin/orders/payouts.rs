//! `/admin/payouts`: money that went to customers.

use leptos::prelude::*;

use crate::{
    components::{
        moments::Moments,
        office::{Filter, OfficeField, OfficeSelect, Paging, Refused, Table, first, next, number, text},
        price::in_english,
    },
    domain::{
        orders::explanation::code_in_words,
        text::fields::Fields,
        transfers::{payout::Payout, progress::Progress},
    },
};

/// What of the list is shown.
#[derive(Debug, Clone, Default)]
pub struct PayoutsView {
    pub payouts: Vec<Payout>,
    pub totals: Vec<PayoutTotalRow>,
    /// The address of the rest.
    pub older: Option<String>,
    /// Some rows were left behind: the way back to the newest.
    pub newest: Option<String>,
}

/// All of the filter in one currency, in words.
#[derive(Debug, Clone)]
pub struct PayoutTotalRow {
    pub currency: String,
    pub count: String,
    pub asked: String,
    pub done: String,
}

#[component]
pub fn PayoutsPage(
    /// The filter, as it was typed.
    fields: Fields,
    view: PayoutsView,
    moments: Moments,
) -> impl IntoView {
    let PayoutsView { payouts, totals, older, newest } = view;
    let others = fields.others_in_words();
    let progress = Progress::ALL.map(|progress| (progress.name(), progress.name()));
    let total_rows = totals.into_iter().map(|total| {
        view! {
            <tr>
                <th scope="row">{total.currency}</th>
                <td class="number">{total.count}</td>
                <td class="number">{total.asked}</td>
                <td class="number">{total.done}</td>
            </tr>
        }
    });
    let total_heads = [text("Currency"), number("Payouts"), number("Asked for"), number("Paid out")];
    view! {
        <h1>"Payouts"</h1>
        <Refused reason=others/>
        <Filter action="/admin/payouts" label="Payouts">
            <OfficeField name="from" label="From" kind="date" value=fields.value("from") error=fields.problem("from")/>
            <OfficeField name="to" label="To" kind="date" value=fields.value("to") error=fields.problem("to")/>
            <OfficeSelect name="progress" label="Progress" none="any" options=progress chosen=fields.value("progress") error=fields.problem("progress")/>
            <OfficeField name="q" label="Payment id, customer id or account" value=fields.value("q") error=fields.problem("q")/>
        </Filter>
        {(!payouts.is_empty()).then(|| view! {
            <Table label="All payouts of this filter" is_captioned=true heads=total_heads rows=total_rows.collect()/>
        })}
        <PayoutTable payouts=payouts moments=moments names_customer=true none="No payout is here. A payout is made from the page of its customer."/>
        <Paging links=[first("Newest", newest), next("Older", older)]/>
    }
}

#[component]
pub fn PayoutTable(
    payouts: Vec<Payout>,
    moments: Moments,
    names_customer: bool,
    /// Said where there is none.
    none: &'static str,
) -> impl IntoView {
    let rows = payouts.into_iter().map(|payout| {
        let Payout { payment_id, customer_id, account, full_name, amount, progress, code, asked_at, .. } = payout;
        let customer = names_customer.then(|| {
            view! { <td><a href=format!("/admin/customers/{customer_id}")>{customer_id.clone()}</a></td> }
        });
        view! {
            <tr data-payout=payment_id.clone() data-progress=progress.name()>
                <td>{moments.written(asked_at)}</td>
                <th scope="row"><code>{payment_id.clone()}</code></th>
                {customer}
                <td>{account.as_str().to_owned()}" "{full_name.as_str().to_owned()}</td>
                <td class="number">{in_english(amount)}</td>
                <td class="prose"><strong>{progress.name()}</strong>": "{progress.meaning()}</td>
                <td class="prose">{code.as_deref().map(code_in_words)}</td>
            </tr>
        }
    });
    let customer = names_customer.then(|| text("Customer"));
    let heads = [text("Asked"), text("Payment")].into_iter().chain(customer);
    let heads: Vec<_> = heads.chain([text("To"), number("Sum"), text("Progress"), text("Code")]).collect();
    view! { <Table label="Table of payouts" heads=heads rows=rows.collect() none=none/> }
}
