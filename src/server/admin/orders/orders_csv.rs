//! ACT: all orders of a filter as a file: CSV, a spreadsheet or JSON. The columns stand below.

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use futures::{Stream, StreamExt, stream};

use crate::{
    domain::{
        day::DaySpan,
        people::operator::Operator,
        registry::{Entry, OrderFilter, OrderListKey},
    },
    error::AppError,
    server::{
        admin::orders::registry,
        reports::export::{Cell, Column, Ending, Export, ExportRow, cells},
        state::AppState,
        store::{ListError, Store, StoreError},
    },
};

/// Rows that are read at once.
const AT_ONCE: usize = 1_000;

const COLUMNS: [Column<Entry>; 16] = [
    ("number", |order| Cell::Text(order.number.clone())),
    ("placed_at", |order| Cell::Moment(order.placed_at)),
    ("state", |order| Cell::Text(order.state.name().to_owned())),
    ("status", |order| Cell::text(order.status.as_deref())),
    ("market", |order| Cell::Text(order.market.clone())),
    ("method", |order| Cell::text(order.method.as_deref())),
    ("currency", |order| Cell::Text(order.total.currency().code().to_owned())),
    ("total", |order| Cell::money(order.total)),
    ("total_minor", |order| Cell::minor(order.total.minor().into())),
    ("paid", |order| Cell::money(order.paid)),
    ("paid_minor", |order| Cell::minor(order.paid.minor().into())),
    ("refunded", |order| Cell::money(order.refunded)),
    ("refunded_minor", |order| Cell::minor(order.refunded.minor().into())),
    ("paid_at", |order| order.paid_at.map_or(Cell::Empty, Cell::Moment)),
    ("customer_id", |order| Cell::Text(order.customer_id.clone())),
    ("email", |order| Cell::text(order.email.as_deref())),
];

/// From the first order on, whatever page the filter is at.
pub async fn export(
    ending: Ending,
    State(state): State<AppState>,
    operator: Operator,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let (mut fields, filter) = registry::asked(&state, query.as_deref());
    let Some((filter, span)) = filter else { return Ok(registry::refused(&state, &operator, fields)) };
    let filter = filter.from_the_first();
    // Read before anything is sent: what is refused is still a page then.
    match state.store.registry_rows(&filter, span, None, AT_ONCE).await {
        Ok(first) => {
            let export = Export::of("orders", &COLUMNS, &state.config.time_zone);
            Ok(export.send(ending, batches(state.store.clone(), filter, span, first)))
        }
        Err(ListError::Store(error)) => Err(error.into()),
        Err(ListError::TooMany) => {
            registry::refuse_too_many(&mut fields);
            Ok(registry::refused(&state, &operator, fields))
        }
    }
}

/// All rows, read in batches: orders that arrive meanwhile neither double nor hide one.
fn batches(
    store: Store,
    filter: OrderFilter,
    span: DaySpan,
    first: Vec<Entry>,
) -> impl Stream<Item = Result<Vec<ExportRow>, StoreError>> + Send + 'static {
    let written = |rows: &[Entry]| rows.iter().map(|row| cells(&COLUMNS, row)).collect();
    let next = after(&first, &filter);
    let rows: Vec<ExportRow> = written(&first);
    let rest = stream::try_unfold((store, filter, next), move |(store, filter, after_row)| async move {
        let Some(after_row) = after_row else { return Ok(None) };
        let rows = match store.registry_rows(&filter, span, Some(after_row), AT_ONCE).await {
            Ok(rows) => rows,
            Err(ListError::Store(error)) => return Err(error),
            Err(ListError::TooMany) => return Err(StoreError::Inconsistent("list of orders, which grew too long meanwhile,")),
        };
        let next = after(&rows, &filter);
        Ok(Some((written(&rows), (store, filter, next))))
    });
    stream::once(async move { Ok(rows) }).chain(rest)
}

/// Where the next batch begins. `None`: this was the last.
fn after(rows: &[Entry], filter: &OrderFilter) -> Option<OrderListKey> {
    rows.last().filter(|_| rows.len() == AT_ONCE).map(|last| last.key(filter.sort))
}
