//! The registry's filter.

use leptos::prelude::*;

use crate::{
    components::office::{Filter, OfficeField, OfficeSelect},
    domain::{
        registry::{Sort, States},
        report::PaidWith,
        shop::market::Market,
        text::fields::Fields,
    },
    platform::Method,
};

#[component]
pub fn FilterForm(fields: Fields, zone: String) -> impl IntoView {
    let states = States::all().map(|states| (states.name(), states.words())).collect();
    let methods = Method::ALL.into_iter().map(PaidWith::Method).chain([PaidWith::NotTold]);
    let methods = methods.map(|method| (method.code(), method.name())).collect();
    let markets = Market::ALL.map(|market| (market.code(), market_name(market))).to_vec();
    let currencies = Market::ALL.map(|market| market.currency().code()).map(|code| (code, code)).to_vec();
    // Without a choice they stand newest first.
    let sorts = Sort::ALL.into_iter().skip(1).map(|sort| (sort.name(), sort.words())).collect();
    let text = |name: &'static str, label: &'static str, kind: &'static str, hint: &str| {
        let (value, error) = (fields.value(name).to_owned(), fields.problem(name));
        view! { <OfficeField name=name label=label kind=kind value=value hint=hint.to_owned() error=error/> }
    };
    let choice = |name: &'static str, label: &'static str, none: &'static str, options: Vec<(&'static str, &'static str)>| {
        let (chosen, error) = (fields.value(name).to_owned(), fields.problem(name));
        view! { <OfficeSelect name=name label=label none=none options=options chosen=chosen error=error/> }
    };
    let digits = "In the currency's own digits";
    let form = view! {
        <div class="filter-text">
            {text("q", "Find", "search", "How a number, payment id, e-mail address or customer id begins")}
        </div>
        {choice("state", "State", "Any state", states)}
        {choice("method", "Method", "Any method", methods)}
        {choice("market", "Market", "All markets", markets)}
        {choice("currency", "Currency", "All currencies", currencies)}
        {text("from", "From", "date", &format!("Days in {zone}"))}
        {text("to", "To", "date", "This day included")}
        {text("min", "At least", "text", digits)}
        {text("max", "At most", "text", digits)}
        {choice("sort", "Sorted", "Newest first", sorts)}
    };
    view! { <Filter action="/admin/orders" label="Orders" button="Show orders" whole="All orders">{form}</Filter> }
}

pub fn market_name(market: Market) -> &'static str {
    match market {
        Market::Korea => "South Korea",
        Market::Philippines => "Philippines",
        Market::Belgium => "Belgium",
    }
}
