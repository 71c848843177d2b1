//! The registry's filter as a form: sent by GET, so that what is wanted stands in the address.

use leptos::prelude::*;

use crate::{
    components::office::OfficeField,
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
    let sorts = Sort::ALL.map(|sort| (sort.name(), sort.words())).to_vec();
    let typed = |field: Field| (field.name(), asked.value(field).to_owned(), problems.of(field));
    let text = move |field: Field, label: &'static str, kind: &'static str, hint: Option<String>| {
        let (name, value, error) = typed(field);
        view! { <OfficeField name=name label=label kind=kind value=value hint=hint error=error/> }
    };
    let amount = Some("In the currency's own digits".to_owned());
    let chosen = |field: Field| (field, asked.value(field).to_owned(), problems.of(field));
    view! {
        <form class="filter" method="get" action="/admin/orders" role="search" aria-label="Orders">
            <div class="filter-text">
                {text(Field::Text, "Find", "search", Some("How a number, payment id, e-mail address or customer id begins".to_owned()))}
            </div>
            <Choice chosen=chosen(Field::State) label="State" none="Any state" options=states/>
            <Choice chosen=chosen(Field::Method) label="Method" none="Any method" options=methods/>
            <Choice chosen=chosen(Field::Market) label="Market" none="All markets" options=markets/>
            <Choice chosen=chosen(Field::Currency) label="Currency" none="All currencies" options=currencies/>
            {text(Field::From, "From", "date", Some(format!("Days in {zone}")))}
            {text(Field::To, "To", "date", Some("This day included".to_owned()))}
            {text(Field::Min, "At least", "text", amount.clone())}
            {text(Field::Max, "At most", "text", amount)}
            <Choice chosen=chosen(Field::Sort) label="Sorted" none="Newest first" options=sorts.into_iter().skip(1).collect()/>
            <div class="filter-send">
                <button>"Show orders"</button>
                <a href="/admin/orders">"All orders"</a>
            </div>
        </form>
    }
}

pub fn market_name(market: Market) -> &'static str {
    match market {
        Market::Korea => "South Korea",
        Market::Philippines => "Philippines",
        Market::Belgium => "Belgium",
    }
}

#[component]
fn Choice(
    /// What was chosen, and what is wrong with it.
    chosen: (Field, String, Option<String>),
    label: &'static str,
    /// What is shown where nothing is chosen.
    none: &'static str,
    options: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    let (field, value, error) = chosen;
    let (name, error_id) = (field.name(), format!("{}-error", field.name()));
    let options = options.into_iter().map(|(code, words)| view! { <option value=code selected=value == code>{words}</option> });
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select
                id=name
                name=name
                aria-describedby=error.as_ref().map(|_| error_id.clone())
                aria-invalid=error.as_ref().map(|_| "true")
            >
                <option value="">{none}</option>
                {options.collect_view()}
            </select>
            {error.map(|error| view! { <p class="error" id=error_id>{error}</p> })}
        </div>
    }
}
