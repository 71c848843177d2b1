//! Reports: figures by the merchant's days.
//!
//! - [`export`]: rows as CSV, a spreadsheet or JSON
//! - [`exported`]: figures and movements as rows of a file
//! - [`periodic`]: a file a day, week or month, in a folder

pub mod export;
pub mod exported;
pub mod periodic;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::{
    domain::{
        books::MoneyKind,
        report::{Day, Figures, MarketMethod, Report, ReportFilter},
    },
    server::{
        running::calendar,
        store::{ReportRows, Store, StoreError},
    },
};

/// Counts what a filter is about. `now` (Unix seconds) decides what is stuck.
pub async fn draw_up(store: &Store, zone: &TimeZone, filter: ReportFilter, now: i64) -> Result<Report, StoreError> {
    let span = calendar::span(zone, filter.from, filter.to).ok_or(StoreError::Inconsistent("day"))?;
    let rows = store.report_rows(span, &calendar::stretches(zone, span), filter.part, now).await?;
    let cells = cells(&rows)?;
    Ok(Report { filter, cells, times: rows.times, declines: rows.declines, unfinished: rows.unfinished })
}

fn cells(rows: &ReportRows) -> Result<BTreeMap<(Day, MarketMethod), Figures>, StoreError> {
    let day = |counted: i64| calendar::counted(counted).ok_or(StoreError::Inconsistent("moment"));
    let mut cells: BTreeMap<(Day, MarketMethod), Figures> = BTreeMap::new();
    for row in &rows.money {
        let figures = cells.entry((day(row.day)?, row.place)).or_default();
        let moved = match row.kind {
            MoneyKind::Sale => &mut figures.sales,
            MoneyKind::Refund => &mut figures.refunds,
            MoneyKind::Payout => &mut figures.payouts,
        };
        moved.take_in(row.moved);
    }
    for row in &rows.orders {
        cells.entry((day(row.day)?, row.place)).or_default().orders.add(row.outcome, row.orders);
    }
    Ok(cells)
}
