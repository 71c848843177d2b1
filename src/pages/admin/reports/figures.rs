//! Figures that lead to the rows they are of.

use leptos::prelude::*;

use crate::{
    components::price::sum_in_english,
    domain::{money::Currency, orders::standing::OrderStanding, registry::States, report::ReportFilter},
};

/// Orders of a filter: all that were placed, those that were paid (refunded since or not), or those that came to one outcome.
#[derive(Debug, Clone, Copy)]
pub enum Which {
    Placed,
    Paid,
    GivenBack,
    Came(OrderStanding),
}

/// A sum that leads to the movements it is of.
pub fn money(filter: ReportFilter, kind: &'static str, minor: i128, currency: Currency) -> impl IntoView {
    let address = format!("/admin/reports/movements?kind={kind}&{filter}");
    view! { <a href=address data-minor=minor.to_string() data-currency=currency.code()>{sum_in_english(minor, currency)}</a> }
}

/// A number of orders that leads to them.
pub fn orders(filter: ReportFilter, which: Which, count: u64) -> impl IntoView {
    told_orders(filter, which, count, count.to_string())
}

/// The same, told in other words.
pub fn told_orders(filter: ReportFilter, which: Which, count: u64, told: String) -> impl IntoView {
    let state = match which {
        Which::Placed => String::new(),
        Which::Paid => format!("state={}&", States::EverPaid.name()),
        Which::GivenBack => format!("state={}&", States::GivenBack.name()),
        Which::Came(outcome) => format!("state={}&", outcome.name().replace(' ', "+")),
    };
    view! { <a href=format!("/admin/orders?{state}{filter}") data-orders=count.to_string()>{told}</a> }
}

/// One of the figures at the head of a page, with a word to it.
pub fn figure(name: impl IntoView, value: impl IntoView, word: impl IntoView) -> impl IntoView {
    view! { <div><dt>{name}</dt><dd>{value}<small>{word}</small></dd></div> }
}

/// The files that hold all of a list. `address` takes a file's ending.
pub fn files(label: &'static str, address: impl Fn(&str) -> String) -> AnyView {
    let links = ["csv", "xlsx", "json"].map(|ending| view! { <a href=address(ending) download="">{ending.to_uppercase()}</a>" " });
    view! { <p class="exports">{label}": "{links.collect_view()}</p> }.into_any()
}
