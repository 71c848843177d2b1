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
        reports::export::{Cell, Column, Export, ExportRow, cells},
        store::{Movements, ReportMovement, Store, StoreError},
    },
};

/// What happened on a day in one place.
type FiguresRow = (Day, MarketMethod, Figures);

const FIGURES: [Column<FiguresRow>; 17] = [
    ("day", |(day, _, _)| Cell::Text(day.to_string())),
    ("currency", |(_, place, _)| Cell::Text(place.currency.code().to_owned())),
    ("method", |(_, place, _)| Cell::Text(place.method.code().to_owned())),
    ("market", |(_, place, _)| Cell::Text(place.market_code().to_owned())),
    ("orders_placed", |(_, _, figures)| Cell::count(figures.orders.placed())),
    ("orders_paid", |(_, _, figures)| Cell::count(figures.orders.paid())),
    ("sales", |(_, _, figures)| Cell::count(figures.sales.count)),
    ("sales_amount", |(_, place, figures)| sum(figures.sales.minor, place.currency)),
    ("sales_minor", |(_, _, figures)| Cell::minor(figures.sales.minor)),
    ("refunds", |(_, _, figures)| Cell::count(figures.refunds.count)),
    ("refunds_amount", |(_, place, figures)| sum(figures.refunds.minor, place.currency)),
    ("refunds_minor", |(_, _, figures)| Cell::minor(figures.refunds.minor)),
    ("net_amount", |(_, place, figures)| sum(figures.net(), place.currency)),
    ("net_minor", |(_, _, figures)| Cell::minor(figures.net())),
    ("payouts", |(_, _, figures)| Cell::count(figures.payouts.count)),
    ("payouts_amount", |(_, place, figures)| sum(figures.payouts.minor, place.currency)),
    ("payouts_minor", |(_, _, figures)| Cell::minor(figures.payouts.minor)),
];

/// What leaves the shop has a minus, so that a column of one currency comes to its net.
const MOVEMENTS: [Column<ReportMovement>; 10] = [
    ("moment", |moved| Cell::Moment(moved.posted_at)),
    ("kind", |moved| Cell::Text(moved.kind.name().to_owned())),
    ("reference", |moved| Cell::Text(moved.reference.clone())),
    ("payment_id", |moved| Cell::text(moved.payment_id.as_deref())),
    ("order", |moved| Cell::text(moved.number.as_deref())),
    ("currency", |moved| Cell::Text(moved.place.currency.code().to_owned())),
    ("method", |moved| Cell::Text(moved.place.method.code().to_owned())),
    ("market", |moved| Cell::Text(moved.place.market_code().to_owned())),
    ("amount", |moved| sum(signed(moved.kind, moved.amount.minor().into()), moved.place.currency)),
    ("amount_minor", |moved| Cell::minor(signed(moved.kind, moved.amount.minor().into()))),
];

/// Movements fetched at once.
const BATCH: u32 = 500;

pub fn figures_export(filter: ReportFilter, zone: &TimeZone) -> Export {
    Export::of(format!("report-{}-{}", filter.from, filter.to), &FIGURES, zone)
}

/// One row for each day and place in which something happened.
pub fn figures(report: &Report) -> Vec<ExportRow> {
    report.cells.iter().map(|((day, place), figures)| cells(&FIGURES, &(*day, *place, *figures))).collect()
}

pub fn movements_export(filter: ReportFilter, zone: &TimeZone) -> Export {
    Export::of(format!("movements-{}-{}", filter.from, filter.to), &MOVEMENTS, zone)
}

/// All of them, newest first, fetched as they are taken.
pub fn movements(store: Store, of: Movements) -> impl Stream<Item = Result<Vec<ExportRow>, StoreError>> + Send + 'static {
    stream::try_unfold((store, of, Some(None)), async |(store, of, next)| {
        let Some(after) = next else { return Ok(None) };
        let batch = store.movements(&of, after, BATCH).await?;
        let next = batch.last().map(|last| Some((last.posted_at, last.id)));
        let rows = batch.iter().map(|movement| cells(&MOVEMENTS, movement)).collect();
        Ok(Some((rows, (store, of, next))))
    })
}

/// Minor units, with a minus for what leaves the shop.
pub fn signed(kind: MoneyKind, minor: i128) -> i128 {
    if kind == MoneyKind::Sale { minor } else { -minor }
}

/// Major units of either sign.
fn sum(minor: i128, currency: Currency) -> Cell {
    Cell::Sum(Sum { minor, currency: currency.code().to_owned() })
}
