//! `/admin/orders`: the registry. Its filter lives in the address, and every link keeps the rest of it.

use jiff::{Timestamp, tz::TimeZone};
use leptos::prelude::*;

use super::registry_filter::{FilterForm, market_name};
use crate::{
    components::{
        office::Refused,
        price::{count_in_words, in_words, sum_in_words},
    },
    domain::{
        money::Money,
        registry::{Entry, ListPosition, Listing, OrderFilter, OrderQuery, OrderState, Problems, Sums},
        report::PaidWith,
        shop::market::Market,
    },
    i18n::Locale,
    platform::Method,
};

#[component]
pub fn OrdersPage(
    /// What was typed or linked.
    asked: OrderQuery,
    /// What was found, or why nothing was looked for.
    found: Result<(OrderFilter, Listing), Problems>,
    /// The merchant's.
    zone: TimeZone,
) -> impl IntoView {
    let problems = found.as_ref().err().cloned().unwrap_or_default();
    let others = problems.others.join(" ");
    let zone_name = zone.iana_name().unwrap_or("UTC").to_owned();
    view! {
        <h1>"Orders"</h1>
        {(!others.is_empty()).then(|| view! { <Refused reason=others/> })}
        <FilterForm asked=asked problems=problems zone=zone_name.clone()/>
        {match found {
            Err(_) => view! { <p class="lead">"No orders are listed, because the filter cannot be read as it stands."</p> }.into_any(),
            Ok((filter, listing)) => view! { <Found filter=filter listing=listing zone=zone zone_name=zone_name/> }.into_any(),
        }}
    }
}

#[component]
fn Found(filter: OrderFilter, listing: Listing, zone: TimeZone, zone_name: String) -> impl IntoView {
    let Listing { rows, sums, has_previous, has_next } = listing;
    let place = |entry: Option<&Entry>, place: fn(_) -> ListPosition| entry.map(|entry| filter.at(place(entry.key(filter.sort))));
    let previous = place(rows.first().filter(|_| has_previous), ListPosition::Before);
    let next = place(rows.last().filter(|_| has_next), ListPosition::After);
    let first = address("/admin/orders", &filter.from_the_first());
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
        {(previous.is_some() || next.is_some()).then(|| view! {
            <nav class="pages" aria-label="Pages of orders">
                {previous.map(|previous| view! { <a class="button quiet" rel="prev" href=address("/admin/orders", &previous)>"Previous"</a> })}
                {next.map(|next| view! { <a class="button quiet" rel="next" href=address("/admin/orders", &next)>"Next"</a> })}
            </nav>
        })}
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
        let sum = |minor: i64| sum_in_words(minor, sums.currency, Locale::en);
        view! {
            <tr data-currency=sums.currency.code()>
                <th scope="row">{sums.currency.code()}</th>
                <td class="number">{count_in_words(sums.orders, Locale::en)}</td>
                <td class="number">{sum(sums.total)}</td>
                <td class="number">{sum(sums.paid)}</td>
                <td class="number">{sum(sums.refunded)}</td>
                <td class="number">{sum(sums.net())}</td>
            </tr>
        }
    });
    view! {
        <div class="table-region" role="region" aria-labelledby="sums" tabindex="0">
            <table class="sums">
                <caption id="sums">"All orders of this filter"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Currency"</th>
                        <th scope="col" class="number">"Orders"</th>
                        <th scope="col" class="number">"Total"</th>
                        <th scope="col" class="number">"Paid"</th>
                        <th scope="col" class="number">"Refunded"</th>
                        <th scope="col" class="number">"Net"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
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
    let rows = rows.into_iter().map(|entry| row(entry, &zone)).collect_view();
    view! {
        <div class="table-region" role="region" aria-labelledby="rows" tabindex="0">
            <table class="orders">
                <caption id="rows" class="visually-hidden">"Orders"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Placed ("{zone_name}")"</th>
                        <th scope="col">"Order"</th>
                        <th scope="col">"Customer"</th>
                        <th scope="col">"Market"</th>
                        <th scope="col">"Method"</th>
                        <th scope="col">"OrderState"</th>
                        <th scope="col" class="number">"Total"</th>
                        <th scope="col" class="number">"Paid"</th>
                        <th scope="col" class="number">"Refunded"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(entry: Entry, zone: &TimeZone) -> impl IntoView + use<> {
    let moment = Timestamp::from_second(entry.placed_at).map(|moment| moment.to_zoned(zone.clone())).ok();
    let (iso, shown) = moment.map_or_else(Default::default, |moment| {
        (moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(), moment.strftime("%Y-%m-%d %H:%M").to_string())
    });
    let method = entry.method.map_or(PaidWith::NotTold.name().to_owned(), |code| {
        Method::from_code(&code).map_or(code, |method| method.rules().name.to_owned())
    });
    let market = Market::from_code(&entry.market).map_or(entry.market, |market| market_name(market).to_owned());
    let moved = |money: Money| if money.minor() == 0 { "–".to_owned() } else { in_words(money, Locale::en) };
    view! {
        <tr>
            <td class="moment"><time datetime=iso>{shown}</time></td>
            <th scope="row"><a href=format!("/admin/orders/{}", entry.number)>{entry.number.clone()}</a></th>
            <td class="customer">{entry.email.unwrap_or_else(|| "no e-mail".to_owned())}</td>
            <td>{market}</td>
            <td>{method}</td>
            <td><StateWords state=entry.state/></td>
            <td class="number">{in_words(entry.total, Locale::en)}</td>
            <td class="number">{moved(entry.paid)}</td>
            <td class="number">{moved(entry.refunded)}</td>
        </tr>
    }
}

/// The state in words, with a mark that is not its colour alone.
#[component]
pub fn StateWords(state: OrderState) -> impl IntoView {
    let (mark, tone) = match state {
        OrderState::Unheard => ("○", "waits"),
        OrderState::Processing => ("◔", "waits"),
        OrderState::Declined => ("✕", "declined"),
        OrderState::Paid => ("✓", "paid"),
        OrderState::PartiallyRefunded => ("◑", "refunded"),
        OrderState::Refunded => ("↩", "refunded"),
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
