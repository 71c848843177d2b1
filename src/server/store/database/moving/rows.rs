//! Rows, compared by what they say, and what they come to.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{
    domain::books::Sum,
    server::store::{
        database::schema::Table,
        engine::{Cell, Value},
    },
};

/// All rows of a table in the order of its key: how many they are, and the SHA-256 of what they say.
#[derive(Default)]
pub struct Fingerprint {
    pub rows: u64,
    digest: Sha256,
}

impl Fingerprint {
    pub fn take(&mut self, row: &[Value<'_>]) {
        self.rows += 1;
        for value in row {
            let (kind, bytes): (u8, &[u8]) = match value {
                Value::Null => (0, &[]),
                Value::Integer(number) => (1, &number.to_be_bytes()),
                Value::Text(text) => (2, text.as_bytes()),
                Value::Bytes(bytes) => (3, bytes),
            };
            self.digest.update([kind]);
            self.digest.update(bytes.len().to_be_bytes());
            self.digest.update(bytes);
        }
    }
}

impl PartialEq for Fingerprint {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows && self.digest.clone().finalize() == other.digest.clone().finalize()
    }
}

/// As a server keeps it: in texts it has a sign of its own for a zero byte.
pub fn kept(cell: Cell<'_>) -> Value<'_> {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(number) => Value::Integer(number),
        Cell::Text(text) if text.contains('\0') => text.replace('\0', "\u{FFFD}").into(),
        Cell::Text(text) => text.into(),
        Cell::Bytes(bytes) => bytes.into(),
    }
}

/// The columns of a table, as a statement names them.
pub fn columns(table: &Table) -> String {
    table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ")
}

/// All rows of a table, in the order of its key.
pub fn all_rows(table: &Table) -> String {
    format!("SELECT {} FROM {} ORDER BY {}", columns(table), table.name, table.key.join(", "))
}

/// What some rows come to in one currency.
#[derive(PartialEq, Eq)]
pub struct Total {
    pub what: String,
    pub rows: i64,
    pub sum: Sum,
}

/// What is added up: rows of what, currency, how many, minor units.
pub const SUMS: [&str; 3] = [
    "SELECT 'orders', currency, count(*), sum(total_minor) FROM orders GROUP BY 1, 2 ORDER BY 1, 2",
    "SELECT kind || 's asked for', currency, count(*), sum(amount_minor) FROM transfers GROUP BY 1, 2 ORDER BY 1, 2",
    "SELECT 'entries of ' || account, currency, count(*), sum(amount_minor) FROM entries JOIN postings ON postings.id = posting
     GROUP BY 1, 2 ORDER BY 1, 2",
];

/// `orders: 25, in all 350.00 EUR`
impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, in all {}", self.what, self.rows, self.sum)
    }
}
