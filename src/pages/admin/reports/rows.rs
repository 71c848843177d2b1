//! The rows behind a figure: a list with its sum, page by page.

use leptos::prelude::*;

use super::figures::{figure, files};
use crate::{
    components::{
        office::{Paging, Refused, Row, Table, cells, first, id, next, number, prose, text},
        price::{counted, sum_in_english},
    },
    domain::money::Currency,
};

/// The total of a list over all its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    pub label: String,
    pub count: u64,
    /// Minor units, of either sign.
    pub minor: i128,
    pub currency: Currency,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// In the merchant's zone.
    pub moment: String,
    pub what: String,
    /// The ids of the payment and the refund, and further notes.
    pub reference: String,
    /// The order's, which the row links to.
    pub number: Option<String>,
    pub method: &'static str,
    pub market: &'static str,
    /// Minor units, of either sign.
    pub minor: i128,
    pub currency: Currency,
}

/// A list about to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportRowsPage {
    pub title: &'static str,
    /// Which rows these are, in words.
    pub lead: String,
    pub totals: Vec<Total>,
    pub lines: Vec<Line>,
    /// The address of the next page.
    pub next: Option<String>,
    /// The address of the first page, on all others.
    pub first: Option<String>,
    /// Path without ending, and query, of the files that hold the whole list.
    pub exports: Option<(String, String)>,
    /// The report these rows are of.
    pub report: String,
}

#[component]
pub fn ReportRowsPage(listed: ReportRowsPage) -> impl IntoView {
    let ReportRowsPage { title, lead, totals, lines, next: after, first: begin, exports, report } = listed;
    let rows: Vec<_> = lines.into_iter().map(row).collect();
    let columns = [text("Moment"), prose("What"), id("Reference"), text("Order"), text("Method"), text("Market"), number("Amount")];
    let totals = totals.into_iter().map(|Total { label, count, minor, currency }| {
        let sum =
            view! { <span data-total=minor.to_string() data-currency=currency.code()>{sum_in_english(minor, currency)}</span> };
        figure(label, sum, counted(count, "row", "rows"))
    });
    let exports = exports.map(|(address, query)| files("All of them", |ending| format!("{address}.{ending}?{query}")));
    view! {
        <p><a href=report>"The report"</a></p>
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        <dl class="figures">{totals.collect_view()}</dl>
        {exports}
        <Table label=title columns=columns rows=rows none="There are none."/>
        <Paging links=[first("First page", begin), next("Next page", after)]/>
    }
}

fn row(line: Line) -> Row {
    let order = line.number.map(|number| view! { <a href=format!("/admin/orders/{number}")>{number.clone()}</a> });
    let amount = view! { <span data-row=line.minor.to_string()>{sum_in_english(line.minor, line.currency)}</span> };
    cells![line.moment, line.what, line.reference, order, line.method, line.market, amount]
}

/// For an address that cannot be read.
#[component]
pub fn UnreadableRowsPage(reasons: Vec<String>) -> impl IntoView {
    view! {
        <h1>"These rows cannot be found"</h1>
        {reasons.into_iter().map(|reason| view! { <Refused reason=reason/> }).collect_view()}
        <p><a href="/admin/reports">"All reports"</a></p>
    }
}
