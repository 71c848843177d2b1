//! Rows as lines of CSV (RFC 4180). What a spreadsheet would run as a formula gets an apostrophe in front.

use axum::body::Bytes;
use csv::{Terminator, WriterBuilder};
use futures::{Stream, StreamExt, TryStreamExt, stream};
use jiff::tz::TimeZone;

use crate::{
    domain::text::formula::guarded,
    server::{
        reports::export::table::{BrokenOff, Cell, Export, ExportRow, moment, without_code},
        store::StoreError,
    },
};

pub fn stream(
    export: Export,
    batches: impl Stream<Item = Result<Vec<ExportRow>, StoreError>>,
) -> impl Stream<Item = Result<Bytes, BrokenOff>> {
    let header = header(&export.columns);
    let lines = batches.map_ok(move |rows| Bytes::from(lines(&export.zone, &rows))).map_err(BrokenOff::from);
    stream::once(async move { Ok(Bytes::from(header)) }).chain(lines)
}

pub fn header(columns: &[String]) -> String {
    written([columns.iter().cloned()])
}

pub fn lines(zone: &TimeZone, rows: &[ExportRow]) -> String {
    written(rows.iter().map(|row| row.iter().map(|cell| text(cell, zone))))
}

fn written(rows: impl IntoIterator<Item = impl Iterator<Item = String>>) -> String {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).flexible(true).from_writer(Vec::new());
    for row in rows {
        // Writing to memory does not fail.
        let _ = writer.write_record(row);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// Only texts are guarded against formulas: our own numbers keep their minus.
fn text(cell: &Cell, zone: &TimeZone) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => guarded(text),
        Cell::Integer(number) => number.to_string(),
        Cell::Sum(sum) => without_code(&sum.to_string()),
        Cell::Moment(at) => moment(*at, zone),
    }
}
