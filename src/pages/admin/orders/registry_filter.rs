//! The registry's filter.

use leptos::prelude::*;

use crate::{
    components::office::{Filter, OfficeField, OfficeSelect},
    domain::{
        registry::{Field, OrderQuery, Problems, Sort, States},
        report::PaidWith,
        shop::market::Market,
    },
    platform::Method,
};

#[component]
pub fn FilterForm(asked: OrderQuery, problems: Problems, zone: String) -> impl IntoView {
    let states = States::all().map(|states| (states.name(), states.words())).collect();
    let methods = Method::ALL.into_iter().map(PaidWith::Method).chain([PaidWith::NotTold]);
    let methods = methods.map(|method| (method.code(), method.name())).collect();
    let markets = Market::ALL.map(|market| (market.code(), market_name(market))).to_vec();
    let currencies = Market::ALL.map(|market| market.currency().code()).map(|code| (code, code)).to_vec();
    // Without a choice they stand newest first.
    let sorts = Sort::ALL.into_iter().skip(1).map(|sort| (sort.name(), sort.words())).collect();
    let text = |field: Field, label: &'static str, kind: &'static str, hint: &str| {
        let (value, error) = (asked.value(field).to_owned(), problems.of(field));
        view! { <OfficeField name=field.name() label=label kind=kind value=value hint=hint.to_owned() error=error/> }
    };
    let choice = |field: Field, label: &'static str, none: &'static str, options: Vec<(&'static str, &'static str)>| {
        let (chosen, error) = (asked.value(field).to_owned(), problems.of(field));
        view! { <OfficeSelect name=field.name() label=label none=none options=options chosen=chosen error=error/> }
    };
    let digits = "In the currency's own digits";
    let fields = view! {
        <div class="filter-text">
            {text(Field::Text, "Find", "search", "How a number, payment id, e-mail address or customer id begins")}
        </div>
        {choice(Field::State, "State", "Any state", states)}
        {choice(Field::Method, "Method", "Any method", methods)}
        {choice(Field::Market, "Market", "All markets", markets)}
        {choice(Field::Currency, "Currency", "All currencies", currencies)}
        {text(Field::From, "From", "date", &format!("Days in {zone}"))}
        {text(Field::To, "To", "date", "This day included")}
        {text(Field::Min, "At least", "text", digits)}
        {text(Field::Max, "At most", "text", digits)}
        {choice(Field::Sort, "Sorted", "Newest first", sorts)}
    };
    view! { <Filter action="/admin/orders" label="Orders" button="Show orders" whole="All orders">{fields}</Filter> }
}

pub fn market_name(market: Market) -> &'static str {
    match market {
        Market::Korea => "South Korea",
        Market::Philippines => "Philippines",
        Market::Belgium => "Belgium",
    }
}
