//! Rows as a file to download: CSV, a spreadsheet or JSON, streamed so that a hundred thousand rows take no more memory than a few.
//!
//! The file is told its columns and gets its rows in batches, each as long as its stream makes them (some hundred rows do well):
//!
//! ```text
//! let export = Export::of("orders-2026-11", &COLUMNS, &config.time_zone);
//! export.send(Ending::Csv, rows) // a stream of Result<Vec<ExportRow>, StoreError>
//! ```
//!
//! A stream that fails breaks the download off: half a file never looks whole.

mod csv_lines;
mod json_rows;
mod sheet;
mod table;

pub use table::{Cell, Column, Export, ExportRow, cells, moment};

use crate::server::{reports::export::table::BrokenOff, store::StoreError};
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures::{Stream, StreamExt, TryStreamExt, future::ready};

named! {
    /// Which kind of file.
    pub enum Ending {
        Csv = "csv",
        Xlsx = "xlsx",
        Json = "json",
    }
}

impl Ending {
    const fn content_type(self) -> &'static str {
        match self {
            Ending::Csv => "text/csv; charset=utf-8",
            Ending::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Ending::Json => "application/json",
        }
    }
}

impl Export {
    /// The file as a download that begins at once and goes on as the rows come.
    pub fn send(
        self,
        ending: Ending,
        batches: impl Stream<Item = Result<Vec<ExportRow>, StoreError>> + Send + 'static,
    ) -> Response {
        let disposition = format!("attachment; filename=\"{}.{}\"", self.name, ending.name());
        let batches = batches.inspect_err(|error| tracing::error!(%error, "an export breaks off"));
        let body = match ending {
            Ending::Csv => whole(csv_lines::stream(self, batches)),
            Ending::Json => whole(json_rows::stream(self, batches)),
            Ending::Xlsx => whole(sheet::stream(self, batches.boxed())),
        };
        let mut response = body.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(ending.content_type()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        if let Ok(disposition) = HeaderValue::from_str(&disposition) {
            headers.insert(header::CONTENT_DISPOSITION, disposition);
        }
        response
    }

    /// The whole CSV at once, for rows that are few.
    pub fn csv(&self, rows: &[ExportRow]) -> String {
        let mut text = csv_lines::header(&self.columns);
        text.push_str(&csv_lines::lines(&self.zone, rows));
        text
    }
}

/// Compression polls a stream after its end and takes an empty piece for the end, so neither may happen.
fn whole(pieces: impl Stream<Item = Result<Bytes, BrokenOff>> + Send + 'static) -> Body {
    Body::from_stream(pieces.try_filter(|piece| ready(!piece.is_empty())).fuse())
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::{
        books::Sum,
        money::{Currency, Money},
    };

    fn export() -> Export {
        let zone = TimeZone::get("Asia/Seoul").unwrap();
        Export::new("orders", &["who", "count", "amount", "net", "at", "nothing"], &zone)
    }

    fn row(who: &str) -> ExportRow {
        let amount = Money::from_minor(1250, Currency::EUR).unwrap();
        let net = Sum { minor: -1250, currency: "EUR".to_owned() };
        vec![
            Cell::Text(who.to_owned()),
            Cell::Integer(-3),
            Cell::money(amount),
            Cell::Sum(net),
            Cell::Moment(1_793_493_000),
            Cell::Empty,
        ]
    }

    async fn sent(ending: Ending, batches: Vec<Result<Vec<ExportRow>, StoreError>>) -> Result<Vec<u8>, axum::Error> {
        let response = export().send(ending, stream::iter(batches));
        axum::body::to_bytes(response.into_body(), usize::MAX).await.map(|bytes| bytes.to_vec())
    }

    #[tokio::test]
    async fn a_cell_that_would_be_a_formula_is_text() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("|calc", "'|calc"),
            ("＝1+1", "'＝1+1"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("\n=1", "\"'\n=1\""),
            ("a=1", "a=1"),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
        ] {
            let csv = String::from_utf8(sent(Ending::Csv, vec![Ok(vec![row(text)])]).await.unwrap()).unwrap();
            let expected = format!("who,count,amount,net,at,nothing\r\n{written},-3,12.50,-12.50,2026-11-01T09:30:00+09:00,\r\n");
            assert_eq!(csv, expected, "{text:?}");
            assert_eq!(export().csv(&[row(text)]), expected);
        }
    }

    #[tokio::test]
    async fn json_has_the_same_rows_whatever_the_batches() {
        let batches = vec![Ok(vec![]), Ok(vec![row("a"), row("=b")]), Ok(vec![row("c")]), Ok(vec![])];
        let json: serde_json::Value = serde_json::from_slice(&sent(Ending::Json, batches).await.unwrap()).unwrap();
        let rows = json.as_array().unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[1]["who"], "=b");
        assert_eq!(rows[2]["count"], -3);
        assert_eq!(rows[2]["amount"], "12.50");
        assert_eq!(rows[2]["at"], "2026-11-01T09:30:00+09:00");
        assert!(rows[2]["nothing"].is_null());
        let none: serde_json::Value = serde_json::from_slice(&sent(Ending::Json, vec![]).await.unwrap()).unwrap();
        assert_eq!(none, serde_json::json!([]));
    }

    #[tokio::test]
    async fn a_spreadsheet_is_a_whole_zip_file() {
        let bytes = sent(Ending::Xlsx, vec![Ok(vec![row("a"), row("=b")]), Ok(vec![row("c")])]).await.unwrap();
        assert!(bytes.starts_with(b"PK\x03\x04"));
        assert!(bytes.windows(4).any(|window| window == b"PK\x05\x06"), "the directory at its end");
    }

    #[tokio::test]
    async fn a_file_may_be_asked_for_more_after_its_end_and_has_no_empty_piece() {
        for ending in Ending::ALL {
            let batches = vec![Ok(vec![]), Ok(vec![row("a")]), Ok(vec![])];
            let mut pieces = export().send(ending, stream::iter(batches)).into_body().into_data_stream();
            while let Some(piece) = pieces.next().await {
                assert!(!piece.unwrap().is_empty(), "{ending:?}");
            }
            assert!(pieces.next().await.is_none() && pieces.next().await.is_none(), "{ending:?}");
        }
    }

    #[tokio::test]
    async fn a_failing_store_breaks_the_download_off() {
        for ending in Ending::ALL {
            let batches = vec![Ok(vec![row("a")]), Err(StoreError::Inconsistent("order"))];
            assert!(sent(ending, batches).await.is_err(), "{ending:?}");
        }
    }
}
