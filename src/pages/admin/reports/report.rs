//! `/admin/reports`: what happened in some days, currency by currency. Every figure leads to its rows.

use leptos::prelude::*;

use super::{
    figures::files,
    filter_form::{FilterForm, Shortcut, Shortcuts},
    money::{DaysSection, Headline, MethodsSection},
    orders::{DeclinesSection, OutcomesSection, UnfinishedSection},
};
use crate::{
    components::office::Refused,
    domain::{
        report::{CurrencyReport, ReportFilter},
        text::fields::Fields,
    },
};

#[component]
pub fn ReportsPage(
    /// The filter, as it was typed or linked.
    fields: Fields,
    shortcuts: Vec<Shortcut>,
    /// Whose days these are: `Asia/Seoul`.
    zone: String,
    /// `None`: what was asked for cannot be read.
    shown: Option<(ReportFilter, Vec<CurrencyReport>)>,
) -> impl IntoView {
    let shown = shown.map(|(filter, currencies)| {
        let is_empty = currencies.is_empty();
        view! {
            {files("Figures by day", |ending| format!("/admin/reports/export.{ending}?{filter}"))}
            {files("Movements of money", |ending| format!("/admin/reports/movements.{ending}?{filter}"))}
            {is_empty.then(|| view! { <p class="lead">"Nothing happened in these days, and nothing waits."</p> })}
            {currencies.into_iter().map(|report| view! { <CurrencySection filter=filter report=report/> }).collect_view()}
        }
    });
    view! {
        <h1>"Reports"</h1>
        <p class="lead">"Days are those of "{zone}". Money is counted on the day it moved, orders on the day they were placed."</p>
        <Refused reason=fields.others_in_words()/>
        <Shortcuts shortcuts=shortcuts fields=fields.clone()/>
        <FilterForm fields=fields/>
        {shown}
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
