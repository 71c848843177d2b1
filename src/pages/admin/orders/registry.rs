//! `/admin/orders`: the registry. Its filter lives in the address, and every link keeps the rest of it.

use jiff::{Timestamp, tz::TimeZone};
use leptos::prelude::*;

use super::registry_filter::{FilterForm, market_name};
use crate::{
    components::{
        office::{Paging, Refused, Row, Table, cells, id, next, number, previous, text},
        price::{count_in_english, in_english, sum_in_english},
    },
    domain::{
        money::Money,
        orders::standing::OrderStanding,
        registry::{Entry, ListPosition, Listing, OrderFilter, Sums},
        report::PaidWith,
        shop::market::Market,
        text::fields::Fields,
    },
    platform::Method,
};

#[component]
pub fn OrdersPage(
    /// The filter, as it was typed or linked.
    fields: Fields,
    /// `None`: nothing was looked for, because the filter cannot be read.
    found: Option<(OrderFilter, Listing)>,
    /// The merchant's.
    zone: TimeZone,
) -> impl IntoView {
    let others = fields.others_in_words();
    let zone_name = zone.iana_name().unwrap_or("UTC").to_owned();
    view! {
        <h1>"Orders"</h1>
        <Refused reason=others/>
        <FilterForm fields=fields zone=zone_name.clone()/>
        {match found {
            None => view! { <p class="lead">"No orders are listed, because the filter cannot be read."</p> }.into_any(),
            Some((filter, listing)) => view! { <Found filter=filter listing=listing zone=zone zone_name=zone_name/> }.into_any(),
        }}
    }
}

#[component]
fn Found(filter: OrderFilter, listing: Listing, zone: TimeZone, zone_name: String) -> impl IntoView {
    let Listing { rows, sums, has_previous, has_next } = listing;
    let place = |entry: Option<&Entry>, place: fn(_) -> ListPosition| entry.map(|entry| filter.at(place(entry.key(filter.sort))));
    let page = |filter: OrderFilter| address("/admin/orders", &filter);
    let before = place(rows.first().filter(|_| has_previous), ListPosition::Before).map(page);
    let after = place(rows.last().filter(|_| has_next), ListPosition::After).map(page);
    let first = page(filter.from_the_first());
    if sums.is_empty() {
        return view! { <Nothing filter=filter/> }.into_any();
    }
    let is_end = rows.is_empty();
    view! {
        <SumsTable sums=sums/>
        <Files filter=filter.clone()/>
        {match is_end {
            true => view! { <p>"There are no more orders here. "<a href=first>"To the first page"</a></p> }.into_any(),
            false => view! { <Rows rows=rows zone=zone zone_name=zone_name/> }.into_any(),
        }}
        <Paging label="Pages of orders" links=[previous("Previous", before), next("Next", after)]/>
    }
    .into_any()
}

#[component]
fn Nothing(filter: OrderFilter) -> impl IntoView {
    match filter.is_open() {
        true => view! { <p class="lead">"Nobody has ordered anything yet."</p> }.into_any(),
        false => view! {
            <p class="lead">"No order matches this filter. "<a href="/admin/orders">"All orders"</a></p>
        }
        .into_any(),
    }
}

/// Currencies stand side by side and are never added.
#[component]
fn SumsTable(sums: Vec<Sums>) -> impl IntoView {
    let rows = sums.into_iter().map(|sums| {
        let sum = |minor: i64| sum_in_english(minor, sums.currency);
        let code = sums.currency.code();
        let [total, paid, refunded, net] = [sums.total, sums.paid, sums.refunded, sums.net()].map(sum);
        cells![code, count_in_english(sums.orders), total, paid, refunded, net].marked("data-currency", code)
    });
    let numbers = ["Orders", "Total", "Paid", "Refunded", "Net"].map(number);
    let columns: Vec<_> = [text("Currency").naming_rows()].into_iter().chain(numbers).collect();
    view! { <Table label="All orders of this filter" is_captioned=true columns=columns rows=rows.collect()/> }
}

#[component]
fn Files(filter: OrderFilter) -> impl IntoView {
    let filter = filter.from_the_first();
    let files = [("CSV", "csv"), ("Excel", "xlsx"), ("JSON", "json")].map(|(name, ending)| {
        let href = address(&format!("/admin/orders/export.{ending}"), &filter);
        view! { <li><a href=href download>{name}</a></li> }
    });
    view! {
        <div class="files">
            <p id="files">"Download all of them"</p>
            <ul aria-labelledby="files">{files.collect_view()}</ul>
        </div>
    }
}

#[component]
fn Rows(rows: Vec<Entry>, zone: TimeZone, zone_name: String) -> impl IntoView {
    let rows: Vec<_> = rows.into_iter().map(|entry| row(entry, &zone)).collect();
    let placed = text(format!("Placed ({zone_name})"));
    let names = [placed, text("Order").naming_rows(), id("Customer"), text("Market"), text("Method"), text("State")];
    let columns: Vec<_> = names.into_iter().chain(["Total", "Paid", "Refunded"].map(number)).collect();
    view! { <Table label="Orders" columns=columns rows=rows/> }
}

fn row(entry: Entry, zone: &TimeZone) -> Row {
    let moment = Timestamp::from_second(entry.placed_at).map(|moment| moment.to_zoned(zone.clone())).ok();
    let (iso, shown) = moment.map_or_else(Default::default, |moment| {
        (moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(), moment.strftime("%Y-%m-%d %H:%M").to_string())
    });
    let method = entry.method.map_or(PaidWith::NotTold.name().to_owned(), |code| {
        Method::from_code(&code).map_or(code, |method| method.rules().name.to_owned())
    });
    let market = Market::from_code(&entry.market).map_or(entry.market, |market| market_name(market).to_owned());
    let moved = |money: Money| if money.minor() == 0 { "–".to_owned() } else { in_english(money) };
    cells![
        view! { <time datetime=iso>{shown}</time> },
        view! { <a href=format!("/admin/orders/{}", entry.number)>{entry.number.clone()}</a> },
        entry.email.unwrap_or_else(|| "no e-mail".to_owned()),
        market,
        method,
        view! { <StateWords state=entry.state/> },
        in_english(entry.total),
        moved(entry.paid),
        moved(entry.refunded)
    ]
}

/// The state in words with a mark, so that it is not told by colour alone.
#[component]
pub fn StateWords(state: OrderStanding) -> impl IntoView {
    let (mark, tone) = match state {
        OrderStanding::Unheard => ("○", "waits"),
        OrderStanding::Processing => ("◔", "waits"),
        OrderStanding::Declined => ("✕", "declined"),
        OrderStanding::Paid => ("✓", "paid"),
        OrderStanding::PartiallyRefunded => ("◑", "refunded"),
        OrderStanding::Refunded => ("↩", "refunded"),
    };
    view! { <span class="state-words" data-tone=tone><span aria-hidden="true">{mark}</span>" "{state.words()}</span> }
}

/// An address of the registry with this filter.
pub fn address(path: &str, filter: &OrderFilter) -> String {
    let pairs = filter.pairs();
    if pairs.is_empty() {
        return path.to_owned();
    }
    format!("{path}?{}", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}
