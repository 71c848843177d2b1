//! What a file to download holds: columns, and rows of cells.

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    domain::{books::Sum, money::Money},
    server::store::StoreError,
};

/// What a file is called, what its columns are, and in which zone its moments are told.
#[derive(Clone)]
pub struct Export {
    /// Without its ending; letters, digits and `-`.
    pub name: String,
    pub columns: Vec<String>,
    pub zone: TimeZone,
}

/// One cell for each column.
pub type ExportRow = Vec<Cell>;

/// A column of a file of such rows: what it is called, and what stands in it.
pub type Column<R> = (&'static str, fn(&R) -> Cell);

/// The cells of a row.
pub fn cells<R>(columns: &[Column<R>], row: &R) -> ExportRow {
    columns.iter().map(|(_, cell)| cell(row)).collect()
}

impl Export {
    pub fn new(name: impl Into<String>, columns: &[&str], zone: &TimeZone) -> Self {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        Self { name: name.into(), columns, zone: zone.clone() }
    }

    /// A file of rows of one kind.
    pub fn of<R>(name: impl Into<String>, columns: &[Column<R>], zone: &TimeZone) -> Self {
        Self::new(name, &columns.iter().map(|(name, _)| *name).collect::<Vec<_>>(), zone)
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Empty,
    /// Whatever somebody wrote. It is never taken for a formula.
    Text(String),
    Integer(i64),
    /// Major units of either sign, without the currency's code, which has a column of its own: `-12.50`.
    Sum(Sum),
    /// Unix seconds, told as ISO 8601 in the merchant's zone: `2026-11-01T09:30:00+09:00`.
    Moment(i64),
}

impl Cell {
    pub fn text(text: Option<&str>) -> Self {
        text.map_or(Cell::Empty, |text| Cell::Text(text.to_owned()))
    }

    pub fn money(money: Money) -> Self {
        Cell::Sum(Sum { minor: money.minor().into(), currency: money.currency().code().to_owned() })
    }

    /// An amount in minor units.
    pub fn minor(minor: i128) -> Self {
        Cell::Integer(i64::try_from(minor).unwrap_or(if minor < 0 { i64::MIN } else { i64::MAX }))
    }

    pub fn count(count: u64) -> Self {
        Cell::minor(count.into())
    }
}

/// Why a file ended too early. The reader of the download sees it break off; the log has the cause.
#[derive(Debug, thiserror::Error)]
pub enum BrokenOff {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the spreadsheet cannot be written: {0}")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
}

/// `2026-11-01T09:30:00+09:00`
pub fn moment(at: i64, zone: &TimeZone) -> String {
    let Ok(timestamp) = Timestamp::from_second(at) else { return String::new() };
    timestamp.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// `12.50` of `12.50 EUR`
pub fn without_code(amount: &str) -> String {
    amount.split(' ').next().unwrap_or_default().to_owned()
}
