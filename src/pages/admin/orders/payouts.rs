//! `/admin/payouts`: money that went to customers.

use leptos::prelude::*;

use crate::{
    components::{
        moments::Moments,
        office::{Filter, OfficeField, OfficeSelect, Paging, Refused, Table, cells, first, id, next, number, prose, text},
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
    let total_rows = totals.into_iter().map(|total| cells![total.currency, total.count, total.asked, total.done]);
    let total_columns = [text("Currency").naming_rows(), number("Payouts"), number("Asked for"), number("Paid out")];
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
            <Table label="All payouts of this filter" is_captioned=true columns=total_columns rows=total_rows.collect()/>
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
        let payment = view! { <code>{payment_id.clone()}</code> };
        let to = format!("{} {}", account.as_str(), full_name.as_str());
        let told = progress_in_words(progress, code.as_deref());
        let customer = view! { <a href=format!("/admin/customers/{customer_id}")>{customer_id.clone()}</a> };
        let (asked, sum) = (moments.written(asked_at), in_english(amount));
        let row = match names_customer {
            true => cells![asked, payment, customer, to, sum, told],
            false => cells![asked, payment, to, sum, told],
        };
        row.marked("data-payout", payment_id).marked("data-progress", progress.name())
    });
    let customer = names_customer.then(|| id("Customer"));
    let columns = [text("Asked"), id("Payment").naming_rows()].into_iter().chain(customer);
    let columns: Vec<_> = columns.chain([prose("To"), number("Sum"), prose("Progress")]).collect();
    view! { <Table label="Table of payouts" columns=columns rows=rows.collect() none=none/> }
}

/// The platform's code for what is done, which the progress says already.
const DONE: &str = "0";

/// How far a refund or payout has come, and what the platform's code means.
pub fn progress_in_words(progress: Progress, code: Option<&str>) -> impl IntoView + use<> {
    let code = code.filter(|code| *code != DONE).map(|code| format!(" {}", code_in_words(code)));
    view! { <strong>{progress.name()}</strong>": "{progress.meaning()}{code} }
}
