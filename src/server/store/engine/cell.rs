//! One value of an answer, whichever engine gave it.

use rusqlite::types::ValueRef;
use tokio_postgres::types::{FromSql, Kind, Type};

/// A value that a statement gave back. Truth is a number: 1 or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    Null,
    Integer(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl<'a> Cell<'a> {
    pub fn as_integer(self) -> Option<i64> {
        if let Cell::Integer(number) = self { Some(number) } else { None }
    }

    pub fn as_text(self) -> Option<&'a str> {
        if let Cell::Text(text) = self { Some(text) } else { None }
    }

    pub fn as_bytes(self) -> Option<&'a [u8]> {
        if let Cell::Bytes(bytes) = self { Some(bytes) } else { None }
    }
}

/// `None`: a number that is not whole, or a text that is none. The shop writes neither.
pub fn of_sqlite(value: ValueRef<'_>) -> Option<Cell<'_>> {
    match value {
        ValueRef::Null => Some(Cell::Null),
        ValueRef::Integer(number) => Some(Cell::Integer(number)),
        ValueRef::Real(_) => None,
        ValueRef::Text(text) => std::str::from_utf8(text).ok().map(Cell::Text),
        ValueRef::Blob(bytes) => Some(Cell::Bytes(bytes)),
    }
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(of: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *of {
            Type::INT8 => Cell::Integer(i64::from_sql(of, raw)?),
            Type::INT4 => Cell::Integer(i32::from_sql(of, raw)?.into()),
            Type::INT2 => Cell::Integer(i16::from_sql(of, raw)?.into()),
            Type::BOOL => Cell::Integer(bool::from_sql(of, raw)?.into()),
            // Sums of whole numbers come so.
            Type::NUMERIC => Cell::Integer(whole(raw).ok_or("a number that is not whole, or too large")?),
            Type::BYTEA => Cell::Bytes(raw),
            _ => Cell::Text(std::str::from_utf8(raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Cell::Null)
    }

    fn accepts(of: &Type) -> bool {
        *of.kind() == Kind::Simple
    }
}

/// A whole `numeric` as PostgreSQL sends it: how many digits of base 10,000, the power of the first one, sign, scale, the digits.
fn whole(raw: &[u8]) -> Option<i64> {
    let mut parts = raw.chunks_exact(2).map(|pair| i64::from(i16::from_be_bytes([pair[0], pair[1]])));
    let [digits, power, sign, _scale] = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    let mut number: i64 = 0;
    for place in 0..=power {
        // Zeros at the end are not sent.
        let digit = if place < digits { parts.next()? } else { 0 };
        number = number.checked_mul(10_000)?.checked_add(digit)?;
    }
    match (sign, parts.all(|digit| digit == 0)) {
        (0, true) => Some(number),
        (0x4000, true) => Some(-number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric(parts: &[i16]) -> Option<i64> {
        whole(&parts.iter().flat_map(|part| part.to_be_bytes()).collect::<Vec<_>>())
    }

    #[test]
    fn sums_of_whole_numbers_are_read_and_others_are_not() {
        assert_eq!(numeric(&[0, 0, 0, 0]), Some(0));
        assert_eq!(numeric(&[1, 0, 0, 0, 42]), Some(42));
        assert_eq!(numeric(&[1, 1, 0, 0, 3]), Some(30_000));
        assert_eq!(numeric(&[2, 1, 0x4000, 0, 3, 7]), Some(-30_007));
        assert_eq!(numeric(&[1, -1, 0, 2, 5_000]), None); // one half
        assert_eq!(numeric(&[1, 9, 0, 0, 1]), None); // more than can be counted
        assert_eq!(numeric(&[0, 0, -0x4000, 0]), None); // no number
        assert_eq!(whole(&[]), None);
    }
}
