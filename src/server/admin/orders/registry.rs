//! The registry of orders: found by a filter that lives in the address, shown by the page, sent whole as a file.

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use futures::{Stream, stream};
use jiff::tz::TimeZone;
use leptos::prelude::*;

use crate::{
    components::office::Tab,
    domain::{
        people::operator::Operator,
        registry::{DaySpan, Entry, Field, Listing, OrderFilter, OrderListKey, OrderQuery, Problems},
    },
    error::AppError,
    pages::admin::orders::registry::OrdersPage,
    server::{
        admin::office::Office,
        reports::export::{Cell, Ending, Export, ExportRow},
        running::calendar,
        state::AppState,
        store::{ListError, Store, StoreError},
    },
};

/// Rows of a page.
const PAGE: usize = 50;

/// Rows read at once for a file.
const BATCH: usize = 1_000;

pub async fn show(State(state): State<AppState>, operator: Operator, RawQuery(query): RawQuery) -> Result<Response, AppError> {
    let asked = asked(query);
    let filter = match asked.read() {
        Ok(filter) => filter,
        Err(problems) => return Ok(refused(&state, &operator, asked, problems)),
    };
    let span = match span(&filter, &state.config.time_zone) {
        Ok(span) => span,
        Err(problems) => return Ok(refused(&state, &operator, asked, problems)),
    };
    match state.store.registry(&filter, span, PAGE).await {
        Ok(listing) => Ok(page(&state, &operator, asked, Ok((filter, listing)))),
        Err(ListError::Store(error)) => Err(error.into()),
        Err(error @ ListError::TooMany) => Ok(refused(&state, &operator, asked, too_many(&error))),
    }
}

/// All orders of the filter as a file, from the first one on.
pub async fn export(
    ending: Ending,
    State(state): State<AppState>,
    operator: Operator,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let asked = asked(query);
    let filter = match asked.read() {
        Ok(filter) => filter.from_the_first(),
        Err(problems) => return Ok(refused(&state, &operator, asked, problems)),
    };
    let span = match span(&filter, &state.config.time_zone) {
        Ok(span) => span,
        Err(problems) => return Ok(refused(&state, &operator, asked, problems)),
    };
    // Read before anything is sent: what is refused is still a page then.
    match state.store.registry_rows(&filter, span, None, BATCH).await {
        Ok(first) => {
            let export = Export::new("orders", &COLUMNS, &state.config.time_zone);
            Ok(export.send(ending, batches(state.store.clone(), filter, span, first)))
        }
        Err(ListError::Store(error)) => Err(error.into()),
        Err(error @ ListError::TooMany) => Ok(refused(&state, &operator, asked, too_many(&error))),
    }
}

fn asked(query: Option<String>) -> OrderQuery {
    OrderQuery::of(url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned())
}

fn too_many(error: &ListError) -> Problems {
    let text = error.to_string();
    Problems::at(Field::Text, format!("{}{}.", text[..1].to_uppercase(), &text[1..]))
}

fn refused(state: &AppState, operator: &Operator, asked: OrderQuery, problems: Problems) -> Response {
    page(state, operator, asked, Err(problems))
}

fn page(state: &AppState, operator: &Operator, asked: OrderQuery, found: Result<(OrderFilter, Listing), Problems>) -> Response {
    let office = Office::titled("Orders").under(Tab::Orders);
    let office = if found.is_err() { office.refused() } else { office };
    let zone = state.config.time_zone.clone();
    office.show(state, operator, move || view! { <OrdersPage asked=asked found=found zone=zone/> })
}

/// The moments of the filter's days in the merchant's zone.
fn span(filter: &OrderFilter, zone: &TimeZone) -> Result<DaySpan, Problems> {
    let beyond = |field| Problems::at(field, calendar::BEYOND.to_owned());
    let from = filter.from.map(|day| calendar::start_of(zone, day).ok_or_else(|| beyond(Field::From)));
    let before = filter.to.map(|day| calendar::span(zone, day, day).map(|span| span.until).ok_or_else(|| beyond(Field::To)));
    Ok(DaySpan { from: from.transpose()?, before: before.transpose()? })
}

const COLUMNS: [&str; 16] = [
    "number",
    "placed_at",
    "state",
    "status",
    "market",
    "method",
    "currency",
    "total",
    "total_minor",
    "paid",
    "paid_minor",
    "refunded",
    "refunded_minor",
    "paid_at",
    "customer_id",
    "email",
];

/// All rows, read a batch at a time: orders that arrive meanwhile neither double nor hide one.
fn batches(
    store: Store,
    filter: OrderFilter,
    span: DaySpan,
    first: Vec<Entry>,
) -> impl Stream<Item = Result<Vec<ExportRow>, StoreError>> + Send + 'static {
    let goes_on =
        |rows: &[Entry], filter: &OrderFilter| rows.last().filter(|_| rows.len() == BATCH).map(|last| last.key(filter.sort));
    let next = goes_on(&first, &filter);
    let rows: Vec<ExportRow> = first.into_iter().map(row).collect();
    let rest = stream::try_unfold((store, filter, next), move |(store, filter, after)| async move {
        let Some(after): Option<OrderListKey> = after else { return Ok(None) };
        let rows = match store.registry_rows(&filter, span, Some(after), BATCH).await {
            Ok(rows) => rows,
            Err(ListError::Store(error)) => return Err(error),
            Err(ListError::TooMany) => return Err(StoreError::Inconsistent("list of orders, which grew too long meanwhile,")),
        };
        let next = goes_on(&rows, &filter);
        Ok(Some((rows.into_iter().map(row).collect(), (store, filter, next))))
    });
    futures::StreamExt::chain(stream::once(async move { Ok(rows) }), rest)
}

fn row(entry: Entry) -> ExportRow {
    let text = |text: Option<String>| text.map_or(Cell::Empty, Cell::Text);
    let minor = |money: crate::domain::money::Money| Cell::Integer(i64::try_from(money.minor()).unwrap_or(i64::MAX));
    vec![
        Cell::Text(entry.number),
        Cell::Moment(entry.placed_at),
        Cell::Text(entry.state.name().to_owned()),
        text(entry.status),
        Cell::Text(entry.market),
        text(entry.method),
        Cell::Text(entry.total.currency().code().to_owned()),
        Cell::Money(entry.total),
        minor(entry.total),
        Cell::Money(entry.paid),
        minor(entry.paid),
        Cell::Money(entry.refunded),
        minor(entry.refunded),
        entry.paid_at.map_or(Cell::Empty, Cell::Moment),
        Cell::Text(entry.customer_id),
        text(entry.email),
    ]
}
