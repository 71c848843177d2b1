//! What became of the orders of one currency, why attempts were declined, and what is unfinished.

use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::figures::{Which, orders, told_orders};
use crate::{
    components::{
        chart::{Bar, BarsChart},
        office::{Fold, Table, number, text},
        price::sum_in_english,
    },
    domain::{
        money::Currency,
        orders::standing::OrderStanding,
        report::{CurrencyReport, Moved, Rate, ReportFilter, WaitingFigures},
    },
    platform::code,
};

#[component]
pub fn OutcomesSection(filter: ReportFilter, report: CurrencyReport) -> impl IntoView {
    let placed = report.total.orders;
    let rate = |rate: Option<Rate>| rate.map_or("–".to_owned(), |rate| rate.to_string());
    let called = |outcome: OrderStanding| if outcome == OrderStanding::Unheard { "nothing heard yet" } else { outcome.name() };
    let parts = OrderStanding::ALL.map(|outcome| {
        view! { <div><dt>{called(outcome)}</dt><dd>{orders(filter, Which::Came(outcome), placed.of(outcome))}</dd></div> }
    });
    let paid = format!("{} = {}", placed.paid(), rate(placed.conversion()));
    let given_back = format!("{} = {}", placed.given_back(), rate(placed.refund_rate()));
    (placed.placed() > 0).then(|| {
        view! {
            <h3>"What became of the orders"</h3>
            <dl class="facts outcomes">
                {parts.collect_view()}
                <div><dt>"Paid, of those placed"</dt><dd>{told_orders(filter, Which::Paid, placed.paid(), paid)}</dd></div>
                <div><dt>"Refunded, of those paid"</dt><dd>{told_orders(filter, Which::GivenBack, placed.given_back(), given_back)}</dd></div>
            </dl>
        }
    })
}

#[component]
pub fn DeclinesSection(filter: ReportFilter, report: CurrencyReport) -> impl IntoView {
    let currency = report.currency.code();
    let shown = |code: &Option<String>| code.clone().unwrap_or_else(|| "no code".to_owned());
    let bars: Vec<Bar> = report
        .declines
        .iter()
        .map(|(code, attempts)| Bar { label: shown(code), value: (*attempts).into(), shown: attempts.to_string() })
        .collect();
    let each: Vec<String> = bars.iter().map(|bar| format!("{} {}", bar.label, bar.shown)).collect();
    let name = format!("Declined attempts by reason in {currency}: {}", each.join("; "));
    let rows = report.declines.into_iter().map(|(code, attempts)| {
        let named = utf8_percent_encode(code.as_deref().unwrap_or("none"), NON_ALPHANUMERIC).to_string();
        let address = format!("/admin/reports/declines?code={named}&{filter}");
        let attempts = attempts.to_string();
        view! {
            <tr>
                <th scope="row">{shown(&code)}</th>
                <td>{code.as_deref().and_then(code::meaning).unwrap_or("The platform's list does not explain it.")}</td>
                <td class="number"><a href=address data-count=attempts.clone()>{attempts.clone()}</a></td>
            </tr>
        }
    });
    let heads = [text("Code"), text("Meaning"), number("Attempts")];
    let table = view! { <Table label=format!("Decline reasons in {currency}") heads=heads rows=rows.collect()/> };
    (!bars.is_empty()).then(|| {
        view! {
            <h3>"Why attempts were declined"</h3>
            <BarsChart name=name bars=bars/>
            <Fold summary="Reasons in a table" of=format!("of {currency}")>{table}</Fold>
        }
    })
}

#[component]
pub fn UnfinishedSection(filter: ReportFilter, report: CurrencyReport) -> impl IntoView {
    let CurrencyReport { currency, unfinished, .. } = report;
    let is_any = unfinished.iter().any(|(_, under_way, stuck)| under_way.count + stuck.count > 0);
    let rows = unfinished.into_iter().map(|(waiting, under_way, stuck)| {
        let called = match waiting {
            WaitingFigures::Payment => "Payments that began",
            WaitingFigures::Refund => "Refunds",
            WaitingFigures::Payout => "Payouts",
        };
        let cell = |is_stuck, moved| cell(filter, currency, waiting, is_stuck, moved);
        view! { <tr><th scope="row">{called}</th>{cell(false, under_way)}{cell(true, stuck)}</tr> }
    });
    is_any.then(|| {
        view! {
            <h3>"Unfinished now"</h3>
            <Table label=format!("Unfinished in {}", currency.code()) heads=[text(""), number("Under way"), number("Stuck")] rows=rows.collect()/>
            <p class="hint">"Stuck: a payment or payout that is older than its method's limit, or a refund older than two days."</p>
        }
    })
}

fn cell(filter: ReportFilter, currency: Currency, waiting: WaitingFigures, is_stuck: bool, moved: Moved) -> impl IntoView {
    let stuck = if is_stuck { "yes" } else { "no" };
    let address = format!("/admin/reports/unfinished?kind={}&stuck={stuck}{}", waiting.name(), filter.part);
    let count = moved.count.to_string();
    view! {
        <td class="number">
            <a href=address data-count=count.clone()>{count.clone()}": "{sum_in_english(moved.minor, currency)}</a>
        </td>
    }
}
