//! Which days a report is of, and which part of them: a form, and links for the usual days. Both write into the address.

use leptos::prelude::*;

use crate::{
    components::office::{Filter, OfficeField, OfficeSelect},
    domain::{
        report::{Day, PaidWith},
        shop::market::Market,
        text::fields::Fields,
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
pub fn Shortcuts(shortcuts: Vec<Shortcut>, fields: Fields) -> impl IntoView {
    let links = shortcuts.into_iter().map(|Shortcut { name, from, to }| {
        let (from, to) = (from.to_string(), to.to_string());
        let is_shown = (from.as_str(), to.as_str()) == (fields.value("from"), fields.value("to"));
        let chosen = ["currency", "method", "market"].map(|name| (name, fields.value(name)));
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
pub fn FilterForm(fields: Fields) -> impl IntoView {
    let mut currencies: Vec<&str> = Method::ALL.into_iter().map(|method| method.rules().currency.code()).collect();
    currencies.dedup();
    let currencies: Vec<_> = currencies.into_iter().map(|code| (code, code)).collect();
    let methods = Method::ALL.into_iter().map(PaidWith::Method).chain([PaidWith::NotTold]);
    let methods: Vec<_> = methods.map(|method| (method.code(), method.name())).collect();
    let markets = Market::ALL.map(|market| (market.code(), market.code()));
    view! {
        <Filter action="/admin/reports" label="Reports">
            <OfficeField name="from" label="From" kind="date" value=fields.value("from") error=fields.problem("from")/>
            <OfficeField name="to" label="To" kind="date" value=fields.value("to") error=fields.problem("to")/>
            <OfficeSelect name="currency" label="Currency" none="All" options=currencies chosen=fields.value("currency") error=fields.problem("currency")/>
            <OfficeSelect name="method" label="Method" none="All" options=methods chosen=fields.value("method") error=fields.problem("method")/>
            <OfficeSelect name="market" label="Market" none="All" options=markets chosen=fields.value("market") error=fields.problem("market")/>
        </Filter>
    }
}
