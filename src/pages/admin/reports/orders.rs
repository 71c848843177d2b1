//! What became of the orders of one currency, why attempts were declined, and what is unfinished.

use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::figures::{Which, orders, told_orders};
use crate::{
    components::{
        chart::{Bar, BarsChart},
        office::{Fold, Table, cells, number, prose, text},
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
    let told = |orders: u64, rate: Option<Rate>| rate.map_or(orders.to_string(), |rate| format!("{orders} = {rate}"));
    let called = |outcome: OrderStanding| if outcome == OrderStanding::Unheard { "nothing heard yet" } else { outcome.name() };
    let parts = OrderStanding::ALL.map(|outcome| {
        view! { <div><dt>{called(outcome)}</dt><dd>{orders(filter, Which::Came(outcome), placed.of(outcome))}</dd></div> }
    });
    let paid = told(placed.paid(), placed.conversion());
    let given_back = told(placed.given_back(), placed.refund_rate());
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

const NO_CODE: &str = "no code";

/// `20105: There is not enough money`
fn code_and_meaning(code: &str) -> String {
    code::meaning(code).map_or_else(|| code.to_owned(), |meaning| format!("{code}: {meaning}"))
}

#[component]
pub fn DeclinesSection(filter: ReportFilter, report: CurrencyReport) -> impl IntoView {
    let currency = report.currency.code();
    let bars = report.declines.iter().map(|(code, attempts)| {
        let label = code.as_deref().map_or(NO_CODE.to_owned(), code_and_meaning);
        Bar { label, value: (*attempts).into(), shown: attempts.to_string() }
    });
    let bars: Vec<Bar> = bars.collect();
    let each: Vec<String> = bars.iter().map(|bar| format!("{} {}", bar.label, bar.shown)).collect();
    let name = format!("Declined attempts by reason in {currency}: {}", each.join("; "));
    let rows = report.declines.into_iter().map(|(code, attempts)| {
        let named = utf8_percent_encode(code.as_deref().unwrap_or("none"), NON_ALPHANUMERIC).to_string();
        let address = format!("/admin/reports/declines?code={named}&{filter}");
        let attempts = attempts.to_string();
        let count = view! { <a href=address data-count=attempts.clone()>{attempts.clone()}</a> };
        let meaning = code.as_deref().and_then(code::meaning).unwrap_or("The platform's list does not explain it.");
        cells![code.unwrap_or_else(|| NO_CODE.to_owned()), meaning, count]
    });
    let columns = [text("Code").naming_rows(), prose("Meaning"), number("Attempts")];
    let table = view! { <Table label=format!("Decline reasons in {currency}") columns=columns rows=rows.collect()/> };
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
        cells![called, cell(false, under_way), cell(true, stuck)]
    });
    let columns = [text("What").naming_rows(), number("Under way"), number("Stuck")];
    is_any.then(|| {
        view! {
            <h3>"Unfinished now"</h3>
            <Table label=format!("Unfinished in {}", currency.code()) columns=columns rows=rows.collect()/>
            <p class="hint">"Stuck: a payment or payout that is older than its method's limit, or a refund older than two days."</p>
        }
    })
}

fn cell(filter: ReportFilter, currency: Currency, waiting: WaitingFigures, is_stuck: bool, moved: Moved) -> impl IntoView {
    let stuck = if is_stuck { "yes" } else { "no" };
    let address = format!("/admin/reports/unfinished?kind={}&stuck={stuck}{}", waiting.name(), filter.part);
    let count = moved.count.to_string();
    view! { <a href=address data-count=count.clone()>{count.clone()}": "{sum_in_english(moved.minor, currency)}</a> }
}
