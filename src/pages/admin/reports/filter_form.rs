//! Which days, and what of them: a form that writes into the address, and links for the usual days.

use leptos::prelude::*;

use crate::{
    components::office::OfficeField,
    domain::{
        report::{Day, PaidWith, TypedDays, Unreadable},
        shop::market::Market,
    },
    platform::Method,
};

/// A name and the days it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortcut {
    pub name: &'static str,
    pub from: Day,
    pub to: Day,
}

#[component]
pub fn Shortcuts(shortcuts: Vec<Shortcut>, typed: TypedDays) -> impl IntoView {
    let links = shortcuts.into_iter().map(|Shortcut { name, from, to }| {
        let (from, to) = (from.to_string(), to.to_string());
        let is_shown = (&from, &to) == (&typed.from, &typed.to);
        let chosen = [("currency", &typed.currency), ("method", &typed.method), ("market", &typed.market)];
        // Only letters, digits and hyphens are taken along: anything else is nothing that can be chosen.
        let plain = |value: &str| !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let rest: String =
            chosen.iter().filter(|(_, value)| plain(value)).map(|(name, value)| format!("&{name}={value}")).collect();
        view! {
            <li><a href=format!("/admin/reports?from={from}&to={to}{rest}") aria-current=is_shown.then_some("true")>{name}</a></li>
        }
    });
    view! { <nav class="shortcuts" aria-label="Usual days"><ul>{links.collect_view()}</ul></nav> }
}

#[component]
pub fn FilterForm(typed: TypedDays, unreadable: Unreadable) -> impl IntoView {
    let mut currencies: Vec<&str> = Method::ALL.into_iter().map(|method| method.rules().currency.code()).collect();
    currencies.dedup();
    let currencies = currencies.into_iter().map(|code| (code, code)).collect();
    let methods = Method::ALL.into_iter().map(PaidWith::Method).chain([PaidWith::NotTold]);
    let methods = methods.map(|method| (method.code(), method.name())).collect();
    let markets = Market::ALL.into_iter().map(|market| (market.code(), market.code())).collect();
    view! {
        <form method="get" action="/admin/reports" class="filter">
            <OfficeField name="from" label="From" kind="date" value=typed.from error=unreadable.from.map(str::to_owned)/>
            <OfficeField name="to" label="To" kind="date" value=typed.to error=unreadable.to.map(str::to_owned)/>
            <Choice name="currency" label="Currency" options=currencies chosen=typed.currency error=unreadable.currency/>
            <Choice name="method" label="Method" options=methods chosen=typed.method error=unreadable.method/>
            <Choice name="market" label="Market" options=markets chosen=typed.market error=unreadable.market/>
            <p class="filter-send"><button>"Show"</button></p>
        </form>
    }
}

#[component]
fn Choice(
    name: &'static str,
    label: &'static str,
    options: Vec<(&'static str, &'static str)>,
    chosen: String,
    error: Option<&'static str>,
) -> impl IntoView {
    // What was asked for stays there to be seen, also where it is nothing that can be chosen.
    let unknown = (error.is_some()).then(|| chosen.clone());
    let options = options.into_iter().map(|(value, shown)| view! { <option value=value selected=value == chosen>{shown}</option> });
    let error_id = format!("{name}-error");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select
                id=name
                name=name
                aria-invalid=error.map(|_| "true")
                aria-describedby=error.map(|_| error_id.clone())
            >
                <option value="">"All"</option>
                {options.collect_view()}
                {unknown.map(|unknown| view! { <option value=unknown.clone() selected=true>{unknown.clone()}</option> })}
            </select>
            {error.map(|error| view! { <p class="error" id=error_id.clone()>{error}</p> })}
        </div>
    }
}
