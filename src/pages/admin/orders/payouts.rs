//! `/admin/payouts`: money that went to customers.

use leptos::prelude::*;

use crate::{
    components::{moments::Moments, office::OfficeField, price::in_words},
    domain::{
        orders::explanation::code_in_words,
        transfers::{payout::Payout, progress::Progress},
    },
    i18n::Locale,
};

/// A filter as it was typed.
#[derive(Debug, Clone, Default)]
pub struct TypedPayoutFilter {
    pub from: String,
    pub to: String,
    pub progress: String,
    pub q: String,
}

/// What of it cannot be read.
#[derive(Debug, Clone, Default)]
pub struct PayoutFilterProblems {
    pub q: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub progress: Option<String>,
    pub after: Option<String>,
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
    typed: TypedPayoutFilter,
    problems: PayoutFilterProblems,
    payouts: Vec<Payout>,
    totals: Vec<PayoutTotalRow>,
    /// The address of the rest.
    older: Option<String>,
    /// Some rows were left behind: the way back to the newest.
    newest: Option<String>,
    moments: Moments,
) -> impl IntoView {
    let options = Progress::ALL.map(|progress| {
        view! { <option value=progress.name() selected=progress.name() == typed.progress>{progress.name()}</option> }
    });
    let total_rows = totals.iter().cloned().map(|total| view! {
        <tr><th scope="row">{total.currency}</th><td class="number">{total.count}</td><td class="number">{total.asked}</td><td class="number">{total.done}</td></tr>
    });
    let total_rows = total_rows.collect_view();
    view! {
        <h1>"Payouts"</h1>
        <form method="get" action="/admin/payouts" class="filter" role="search" aria-label="Payouts">
            <OfficeField name="from" label="From" kind="date" value=typed.from error=problems.from/>
            <OfficeField name="to" label="To" kind="date" value=typed.to error=problems.to/>
            <div class="field">
                <label for="progress">"Progress"</label>
                <select id="progress" name="progress"><option value="">"any"</option>{options.collect_view()}</select>
                {problems.progress.map(|why| view! { <p class="error">{why}</p> })}
            </div>
            <OfficeField name="q" label="Payment id, customer id or account" value=typed.q error=problems.q.or(problems.after)/>
            <div class="filter-send"><button>"Show"</button></div>
        </form>
        {match payouts.is_empty() {
            true => view! { <p>"No payout is here. A payout is made from the page of its customer."</p> }.into_any(),
            false => view! {
                <div class="table-region" role="region" aria-label="Totals" tabindex="0">
                    <table>
                        <caption>"All payouts of this filter"</caption>
                        <thead><tr><th scope="col">"Currency"</th><th scope="col" class="number">"Payouts"</th><th scope="col" class="number">"Asked for"</th><th scope="col" class="number">"Paid out"</th></tr></thead>
                        <tbody>{total_rows}</tbody>
                    </table>
                </div>
                <PayoutTable payouts=payouts moments=moments names_customer=true/>
            }.into_any(),
        }}
        <nav class="pager" aria-label="Pages">
            {newest.map(|address| view! { <a href=address>"Newest"</a> })}
            {older.map(|address| view! { <a href=address>"Older"</a> })}
        </nav>
    }
}

#[component]
pub fn PayoutTable(payouts: Vec<Payout>, moments: Moments, names_customer: bool) -> impl IntoView {
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
                <td class="number">{in_words(amount, Locale::en)}</td>
                <td class="prose"><strong>{progress.name()}</strong>": "{progress.meaning()}</td>
                <td class="prose">{code.as_deref().map(code_in_words)}</td>
            </tr>
        }
    });
    view! {
        <div class="table-region" role="region" aria-label="Table of payouts" tabindex="0">
            <table>
                <thead><tr>
                    <th scope="col">"Asked"</th><th scope="col">"Payment"</th>{names_customer.then(|| view! { <th scope="col">"Customer"</th> })}
                    <th scope="col">"To"</th><th scope="col" class="number">"Sum"</th><th scope="col">"Progress"</th><th scope="col">"Code"</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
