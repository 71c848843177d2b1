//! Rows as one JSON list of objects. Amounts are texts in major units: a JSON number is a fraction to most readers.

use axum::body::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::server::{
    reports::export::table::{BrokenOff, Cell, Export, ExportRow, moment, without_code},
    store::StoreError,
};

pub fn stream(
    export: Export,
    batches: impl Stream<Item = Result<Vec<ExportRow>, StoreError>>,
) -> impl Stream<Item = Result<Bytes, BrokenOff>> {
    let mut first = true;
    let objects = batches.map_err(BrokenOff::from).map_ok(move |rows| {
        let mut text = String::new();
        for row in rows {
            text.push_str(if std::mem::take(&mut first) { "\n" } else { ",\n" });
            text.push_str(&object(&export, row).to_string());
        }
        Bytes::from(text)
    });
    let open = stream::once(async { Ok(Bytes::from_static(b"[")) });
    let close = stream::once(async { Ok(Bytes::from_static(b"\n]\n")) });
    open.chain(objects).chain(close)
}

fn object(export: &Export, row: ExportRow) -> Value {
    let members = export.columns.iter().zip(row).map(|(column, cell)| (column.clone(), value(cell, &export.zone)));
    Value::Object(members.collect::<Map<_, _>>())
}

fn value(cell: Cell, zone: &TimeZone) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => text.into(),
        Cell::Integer(number) => number.into(),
        Cell::Sum(sum) => without_code(&sum.to_string()).into(),
        Cell::Moment(at) => moment(at, zone).into(),
    }
}
