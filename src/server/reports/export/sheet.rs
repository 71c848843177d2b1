//! Rows as a spreadsheet (XLSX). The library keeps finished rows in a temporary file; here they pass through a narrow channel.

use std::io::{self, Write};

use axum::body::Bytes;
use futures::{Stream, StreamExt, stream, stream::BoxStream};
use jiff::tz::TimeZone;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet, XlsxError};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::{
    domain::{
        books::Sum,
        money::{Currency, digits_after_point},
    },
    server::{
        reports::export::table::{BrokenOff, Cell, Export, ExportRow, moment, without_code},
        store::StoreError,
    },
};

/// Rows below the header that a sheet holds; then the next one begins.
const ROWS_A_SHEET: u32 = 1_000_000;

/// Characters that fit into a cell.
const LONGEST_TEXT: usize = 32_767;

/// Batches of rows, and pieces of the file, that may wait for the other side.
const WAITING: usize = 2;

type Batch = Result<Vec<ExportRow>, StoreError>;
type Piece = Result<Bytes, BrokenOff>;

pub fn stream(export: Export, mut batches: BoxStream<'static, Batch>) -> impl Stream<Item = Piece> {
    let (to_writer, rows) = channel(WAITING);
    let (to_reader, pieces) = channel(WAITING);
    tokio::spawn(async move {
        while let Some(batch) = batches.next().await {
            // The download was cancelled.
            if to_writer.send(batch).await.is_err() {
                break;
            }
        }
    });
    tokio::task::spawn_blocking(move || {
        if let Err(error) = write(&export, rows, to_reader.clone()) {
            let _ = to_reader.blocking_send(Err(error));
        }
    });
    stream::unfold(pieces, async |mut pieces| pieces.recv().await.map(|piece| (piece, pieces)))
}

fn write(export: &Export, mut rows: Receiver<Batch>, file: Sender<Piece>) -> Result<(), BrokenOff> {
    let mut workbook = Workbook::new();
    begin_sheet(&mut workbook, export)?;
    let (mut sheet, mut below_header) = (0, 0);
    while let Some(batch) = rows.blocking_recv() {
        for row in batch? {
            if below_header == ROWS_A_SHEET {
                begin_sheet(&mut workbook, export)?;
                (sheet, below_header) = (sheet + 1, 0);
            }
            below_header += 1;
            write_row(workbook.worksheet_from_index(sheet)?, below_header, row, &export.zone)?;
        }
        if file.is_closed() {
            return Ok(());
        }
    }
    workbook.save_to_writer(Pieces { file, gathered: Vec::with_capacity(PIECE) })?;
    Ok(())
}

fn begin_sheet(workbook: &mut Workbook, export: &Export) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    let bold = Format::new().set_bold();
    for (place, column) in (0..).zip(&export.columns) {
        sheet.write_string_with_format(0, place, column, &bold)?;
    }
    Ok(())
}

fn write_row(sheet: &mut Worksheet, number: u32, row: ExportRow, zone: &TimeZone) -> Result<(), XlsxError> {
    for (place, cell) in (0..).zip(row) {
        match cell {
            Cell::Empty => {}
            Cell::Text(text) => {
                sheet.write_string(number, place, text.chars().take(LONGEST_TEXT).collect::<String>())?;
            }
            Cell::Integer(integer) => {
                sheet.write(number, place, integer)?;
            }
            Cell::Sum(sum) => write_sum(sheet, number, place, &sum)?,
            Cell::Moment(at) => {
                sheet.write_string(number, place, moment(at, zone))?;
            }
        }
    }
    Ok(())
}

/// An amount in major units, as a formula that divides the minor units: no fraction is computed here.
fn write_sum(sheet: &mut Worksheet, row: u32, column: u16, sum: &Sum) -> Result<(), XlsxError> {
    let digits = Currency::from_code(&sum.currency).map_or(0, digits_after_point);
    let shown = match digits {
        0 => Format::new().set_num_format("0"),
        digits => Format::new().set_num_format(format!("0.{}", "0".repeat(digits))),
    };
    let formula = format!("={}/1{}", sum.minor, "0".repeat(digits));
    sheet.write_formula_with_format(row, column, Formula::new(formula).set_result(without_code(&sum.to_string())), &shown)?;
    Ok(())
}

/// Bytes handed on at once.
const PIECE: usize = 64 * 1024;

/// The file on its way out.
struct Pieces {
    file: Sender<Piece>,
    gathered: Vec<u8>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.gathered, Vec::with_capacity(PIECE));
        self.file.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// The library drops its writer without a last flush.
impl Drop for Pieces {
    fn drop(&mut self) {
        let _ = self.flush();
    }
}
