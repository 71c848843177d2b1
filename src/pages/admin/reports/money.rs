//! Money of one currency: the main figures, by day, and by method and market.

use leptos::prelude::*;

use super::figures::{Which, figure, money, orders, told_orders};
use crate::{
    components::{
        chart::{Bar, BarsChart, Day as DayBar, DaysChart},
        office::{Fold, Row, Table, cells, number, text},
        price::{counted, sum_in_english},
    },
    domain::{
        money::Currency,
        report::{CurrencyReport, Figures, MarketMethod, ReportFilter},
    },
};

#[component]
pub fn Headline(filter: ReportFilter, report: CurrencyReport) -> impl IntoView {
    let CurrencyReport { currency, total, half_paid_within, most_paid_within, .. } = report;
    let paid = total.orders.conversion().map_or("none".to_owned(), |rate| format!("{rate} of them paid"));
    let of_turnover = total.money_refund_rate().map(|rate| format!(", {rate} of the turnover")).unwrap_or_default();
    let refunded = format!("{}{of_turnover}", counted(total.refunds.count, "refund", "refunds"));
    let half = half_paid_within.map_or("–".to_owned(), duration);
    let most = most_paid_within.map(duration);
    let most = most.map_or("no order was paid".to_owned(), |most| format!("half of the paid orders; nine in ten within {most}"));
    let paid_orders = |told: String| told_orders(filter, Which::Paid, total.orders.paid(), told);
    let placed = orders(filter, Which::Placed, total.orders.placed());
    let [sales, refunds, net, payouts] =
        [("sale", total.sales.minor), ("refund", total.refunds.minor), ("net", total.net()), ("payout", total.payouts.minor)]
            .map(|(kind, minor)| money(filter, kind, minor, currency));
    view! {
        <dl class="figures">
            {figure("Turnover", sales, counted(total.sales.count, "sale", "sales"))}
            {figure("Refunds", refunds, refunded)}
            {figure("Net", net, "turnover without refunds")}
            {figure("Payouts", payouts, counted(total.payouts.count, "payout", "payouts"))}
            {figure("Orders placed", placed, paid_orders(paid))}
            {figure("Time to pay", paid_orders(half), most)}
        </dl>
    }
}

#[component]
pub fn DaysSection(filter: ReportFilter, report: CurrencyReport) -> impl IntoView {
    let CurrencyReport { currency, by_day, .. } = report;
    let code = currency.code();
    let most = |of: fn(&Figures) -> i128| by_day.iter().map(|(_, figures)| of(figures)).max().unwrap_or_default();
    let words = |minor| sum_in_english(minor, currency);
    let (most_came, most_went) = (most(|figures| figures.sales.minor), most(|figures| figures.refunds.minor));
    let (came, went, is_still) = (words(most_came), words(most_went), most_came == 0 && most_went == 0);
    let bars = by_day.iter().map(|(_, figures)| DayBar { came: figures.sales.minor, went: figures.refunds.minor }).collect();
    let name = format!("Turnover and refunds by day in {code}: at most {came} came in and {went} went back on one day");
    let rows = by_day.into_iter().map(move |(day, figures)| figures_row(day.to_string(), filter.of_day(day), currency, &figures));
    let table = figures_table(format!("Figures by day in {code}"), "Day", rows.collect());
    let chart = (!is_still).then(|| {
        view! {
            <DaysChart
                name=name
                id=format!("days-{code}")
                days=bars
                came=("Turnover", came)
                went=("Refunds", went)
                first=filter.from.to_string()
                last=filter.to.to_string()
            />
        }
    });
    view! {
        <h3>"By day"</h3>
        {chart}
        {is_still.then(|| view! { <p>"Nothing was sold and nothing refunded in these days."</p> })}
        <Fold summary="Days in a table" of=format!("of {code}")>{table}</Fold>
    }
}

#[component]
pub fn MethodsSection(filter: ReportFilter, report: CurrencyReport) -> impl IntoView {
    let CurrencyReport { currency, by_place, .. } = report;
    let code = currency.code();
    let bars: Vec<Bar> = by_place
        .iter()
        .map(|(place, figures)| Bar {
            label: called(*place),
            value: figures.sales.minor,
            shown: sum_in_english(figures.sales.minor, currency),
        })
        .collect();
    let each: Vec<String> = bars.iter().map(|bar| format!("{} {}", bar.label, bar.shown)).collect();
    let name = format!("Turnover by method and market in {code}: {}", each.join("; "));
    let rows = by_place.into_iter().map(|(place, figures)| figures_row(called(place), filter.of_place(place), currency, &figures));
    let table = figures_table(format!("Figures by method in {code}"), "Method and market", rows.collect());
    (!bars.is_empty()).then(|| {
        view! {
            <h3>"By method and market"</h3>
            <BarsChart name=name bars=bars/>
            <Fold summary="Methods in a table" of=format!("of {code}")>{table}</Fold>
        }
    })
}

/// `Payco, KR`
fn called(place: MarketMethod) -> String {
    match place.market {
        Some(market) => format!("{}, {}", place.method.name(), market.code()),
        None => place.method.name().to_owned(),
    }
}

fn figures_table(label: String, first: &'static str, rows: Vec<Row>) -> impl IntoView {
    let figures = ["Turnover", "Refunds", "Net", "Payouts", "Orders placed", "Of them paid"].map(number);
    let columns: Vec<_> = [text(first).naming_rows()].into_iter().chain(figures).collect();
    view! { <Table label=label columns=columns rows=rows/> }
}

fn figures_row(of: String, filter: ReportFilter, currency: Currency, figures: &Figures) -> Row {
    let Figures { sales, refunds, payouts, orders: placed } = *figures;
    cells![
        of,
        money(filter, "sale", sales.minor, currency),
        money(filter, "refund", refunds.minor, currency),
        money(filter, "net", figures.net(), currency),
        money(filter, "payout", payouts.minor, currency),
        orders(filter, Which::Placed, placed.placed()),
        orders(filter, Which::Paid, placed.paid())
    ]
}

/// `2 min 5 s`; the two largest units.
fn duration(seconds: i64) -> String {
    let units = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")];
    let mut left = seconds.max(0);
    let mut parts = Vec::new();
    for (length, unit) in units {
        if left >= length || (unit == "s" && parts.is_empty()) {
            parts.push(format!("{} {unit}", left / length));
        }
        left %= length;
    }
    parts.truncate(2);
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_in_their_two_largest_units() {
        for (seconds, told) in [(0, "0 s"), (45, "45 s"), (125, "2 min 5 s"), (3600, "1 h"), (90_061, "1 d 1 h"), (-5, "0 s")] {
            assert_eq!(duration(seconds), told);
        }
    }
}
