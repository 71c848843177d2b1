//! Figures by day, currency, method and market, and movements one by one, as rows of a file.

use futures::{Stream, stream};
use jiff::tz::TimeZone;

use crate::{
    domain::{
        books::{MoneyKind, Sum},
        money::Currency,
        report::{Day, Figures, MarketMethod, Report, ReportFilter},
    },
    server::{
        reports::export::{Cell, Export, ExportRow},
        store::{Movements, ReportMovement, Store, StoreError},
    },
};

const FIGURES: [&str; 17] = [
    "day",
    "currency",
    "method",
    "market",
    "orders_placed",
    "orders_paid",
    "sales",
    "sales_amount",
    "sales_minor",
    "refunds",
    "refunds_amount",
    "refunds_minor",
    "net_amount",
    "net_minor",
    "payouts",
    "payouts_amount",
    "payouts_minor",
];

const MOVEMENTS: [&str; 10] =
    ["moment", "kind", "reference", "payment_id", "order", "currency", "method", "market", "amount", "amount_minor"];

/// Movements fetched at once.
const BATCH: u32 = 500;

pub fn figures_export(filter: ReportFilter, zone: &TimeZone) -> Export {
    Export::new(format!("report-{}-{}", filter.from, filter.to), &FIGURES, zone)
}

/// One row for each day and place in which something happened.
pub fn figures(report: &Report) -> Vec<ExportRow> {
    report.cells.iter().map(|((day, place), figures)| figures_row(*day, *place, figures)).collect()
}

fn figures_row(day: Day, place: MarketMethod, figures: &Figures) -> ExportRow {
    let sum = |minor: i128| Cell::Sum(Sum { minor, currency: place.currency.code().to_owned() });
    vec![
        Cell::Text(day.to_string()),
        Cell::Text(place.currency.code().to_owned()),
        Cell::Text(place.method.code().to_owned()),
        Cell::Text(place.market_code().to_owned()),
        count(figures.orders.placed()),
        count(figures.orders.paid()),
        count(figures.sales.count),
        sum(figures.sales.minor),
        integer(figures.sales.minor),
        count(figures.refunds.count),
        sum(figures.refunds.minor),
        integer(figures.refunds.minor),
        sum(figures.net()),
        integer(figures.net()),
        count(figures.payouts.count),
        sum(figures.payouts.minor),
        integer(figures.payouts.minor),
    ]
}

pub fn movements_export(filter: ReportFilter, zone: &TimeZone) -> Export {
    Export::new(format!("movements-{}-{}", filter.from, filter.to), &MOVEMENTS, zone)
}

/// All of them, newest first, fetched as they are taken.
pub fn movements(store: Store, of: Movements) -> impl Stream<Item = Result<Vec<ExportRow>, StoreError>> + Send + 'static {
    stream::try_unfold((store, of, Some(None)), async |(store, of, next)| {
        let Some(after) = next else { return Ok(None) };
        let batch = store.movements(&of, after, BATCH).await?;
        let next = batch.last().map(|last| Some((last.posted_at, last.id)));
        let rows = batch.into_iter().map(movement_row).collect();
        Ok(Some((rows, (store, of, next))))
    })
}

/// What leaves the shop has a minus, so that a column of one currency comes to its net.
fn movement_row(movement: ReportMovement) -> ExportRow {
    let MarketMethod { currency, method, .. } = movement.place;
    let minor = signed(movement.kind, movement.amount.minor().into());
    vec![
        Cell::Moment(movement.posted_at),
        Cell::Text(movement.kind.name().to_owned()),
        Cell::Text(movement.reference),
        movement.payment_id.map_or(Cell::Empty, Cell::Text),
        movement.number.map_or(Cell::Empty, Cell::Text),
        Cell::Text(currency.code().to_owned()),
        Cell::Text(method.code().to_owned()),
        Cell::Text(movement.place.market_code().to_owned()),
        Cell::Sum(sum(minor, currency)),
        integer(minor),
    ]
}

/// Minor units, with a minus for what leaves the shop.
pub fn signed(kind: MoneyKind, minor: i128) -> i128 {
    if kind == MoneyKind::Sale { minor } else { -minor }
}

pub fn sum(minor: i128, currency: Currency) -> Sum {
    Sum { minor, currency: currency.code().to_owned() }
}

fn count(number: u64) -> Cell {
    integer(number.into())
}

fn integer(number: i128) -> Cell {
    Cell::Integer(i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX }))
}
