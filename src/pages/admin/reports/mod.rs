//! `/admin/reports`: what happened in some days, currency by currency. Every figure leads to its rows.

mod filter_form;
mod money;
mod orders;
pub mod rows;

use filter_form::{FilterForm, Shortcuts};
use leptos::prelude::*;
use money::{DaysSection, Headline, MethodsSection};
use orders::{DeclinesSection, OutcomesSection, UnfinishedSection};

use crate::{
    components::price::sum_in_words,
    domain::{
        money::Currency,
        registry::States,
        report::{CurrencyReport, Day, OrderOutcome, ReportFilter, TypedDays, Unreadable},
    },
    i18n::Locale,
};

/// A name and the days it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortcut {
    pub name: &'static str,
    pub from: Day,
    pub to: Day,
}

/// Orders of a filter: all that were placed, those that were paid (refunded since or not), or those that came to one outcome.
#[derive(Debug, Clone, Copy)]
enum Which {
    Placed,
    Paid,
    GivenBack,
    Came(OrderOutcome),
}

#[component]
pub fn ReportsPage(
    /// As it was asked for.
    typed: TypedDays,
    unreadable: Unreadable,
    shortcuts: Vec<Shortcut>,
    /// Whose days these are: `Asia/Seoul`.
    zone: String,
    /// `None`: what was asked for cannot be read.
    shown: Option<(ReportFilter, Vec<CurrencyReport>)>,
) -> impl IntoView {
    let shown = shown.map(|(filter, currencies)| {
        let is_empty = currencies.is_empty();
        view! {
            <Exports filter=filter/>
            {is_empty.then(|| view! { <p class="lead">"Nothing happened in these days, and nothing waits."</p> })}
            {currencies.into_iter().map(|report| view! { <CurrencySection filter=filter report=report/> }).collect_view()}
        }
    });
    view! {
        <h1>"Reports"</h1>
        <p class="lead">"Days are those of "{zone}". Money is counted on the day it moved, orders on the day they were placed."</p>
        <Shortcuts shortcuts=shortcuts typed=typed.clone()/>
        <FilterForm typed=typed unreadable=unreadable/>
        {shown}
    }
}

#[component]
fn Exports(filter: ReportFilter) -> impl IntoView {
    let links = |of: &'static str| {
        ["csv", "xlsx", "json"].map(|ending| {
            let address = format!("/admin/reports/{of}.{ending}?{filter}");
            view! { <a href=address download="">{ending.to_uppercase()}</a>" " }
        })
    };
    view! {
        <p class="exports">"Figures by day: "{links("export").collect_view()}</p>
        <p class="exports">"Movements of money: "{links("movements").collect_view()}</p>
    }
}

#[component]
fn CurrencySection(filter: ReportFilter, report: CurrencyReport) -> impl IntoView {
    let (code, called) = (report.currency.code(), report.currency.name().to_owned());
    let filter = filter.of_currency(report.currency);
    view! {
        <section class="currency" aria-labelledby=format!("in-{code}")>
            <h2 id=format!("in-{code}")>{called}" ("{code}")"</h2>
            <Headline filter=filter report=report.clone()/>
            <DaysSection filter=filter report=report.clone()/>
            <MethodsSection filter=filter report=report.clone()/>
            <OutcomesSection filter=filter report=report.clone()/>
            <DeclinesSection filter=filter report=report.clone()/>
            <UnfinishedSection filter=filter report=report/>
        </section>
    }
}

/// A sum that leads to the movements it is of.
fn money(filter: ReportFilter, kind: &'static str, minor: i128, currency: Currency) -> impl IntoView {
    let address = format!("/admin/reports/movements?kind={kind}&{filter}");
    view! { <a href=address data-minor=minor.to_string() data-currency=currency.code()>{sum_in_words(minor, currency, Locale::en)}</a> }
}

/// A number of orders that leads to them.
fn orders(filter: ReportFilter, which: Which, count: u64) -> impl IntoView {
    told_orders(filter, which, count, count.to_string())
}

/// The same, told in other words.
fn told_orders(filter: ReportFilter, which: Which, count: u64, told: String) -> impl IntoView {
    let state = match which {
        Which::Placed => String::new(),
        Which::Paid => format!("state={}&", States::EverPaid.name()),
        Which::GivenBack => format!("state={}&", States::GivenBack.name()),
        Which::Came(outcome) => format!("state={}&", outcome.name().replace(' ', "+")),
    };
    view! { <a href=format!("/admin/orders?{state}{filter}") data-orders=count.to_string()>{told}</a> }
}
