//! Which days a report is of, and which part of them: a form, and links for the usual days. Both write into the address.

use leptos::prelude::*;

use crate::{
    components::office::{Filter, OfficeField, OfficeSelect},
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
    let currencies: Vec<_> = currencies.into_iter().map(|code| (code, code)).collect();
    let methods = Method::ALL.into_iter().map(PaidWith::Method).chain([PaidWith::NotTold]);
    let methods: Vec<_> = methods.map(|method| (method.code(), method.name())).collect();
    let markets = Market::ALL.map(|market| (market.code(), market.code()));
    let Unreadable { from, to, currency, method, market, .. } = unreadable;
    let [from, to, currency, method, market] = [from, to, currency, method, market].map(|why| why.map(str::to_owned));
    view! {
        <Filter action="/admin/reports" label="Reports">
            <OfficeField name="from" label="From" kind="date" value=typed.from error=from/>
            <OfficeField name="to" label="To" kind="date" value=typed.to error=to/>
            <OfficeSelect name="currency" label="Currency" none="All" options=currencies chosen=typed.currency error=currency/>
            <OfficeSelect name="method" label="Method" none="All" options=methods chosen=typed.method error=method/>
            <OfficeSelect name="market" label="Market" none="All" options=markets chosen=typed.market error=market/>
        </Filter>
    }
}
