//! What comes out of the database, read into Rust's types.

use super::{
    cell::{self, Cell},
    error::StoreError,
};

/// One row of an answer.
pub enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// The value of the column at this place, from 0 on.
    pub fn at<T: FromColumn>(&self, place: usize) -> Result<T, StoreError> {
        let cell = match self {
            Row::Sqlite(row) => cell::of_sqlite(row.get_ref(place)?),
            Row::Postgres(row) => Some(row.try_get(place)?),
        };
        cell.and_then(T::from_column).ok_or(StoreError::Inconsistent("value"))
    }

    /// The value of the column of this name.
    pub fn named<T: FromColumn>(&self, name: &'static str) -> Result<T, StoreError> {
        let cell = match self {
            Row::Sqlite(row) => cell::of_sqlite(row.get_ref(name)?),
            Row::Postgres(row) => Some(row.try_get(name)?),
        };
        cell.and_then(T::from_column).ok_or(StoreError::Inconsistent(name))
    }
}

/// What a row can be read into.
pub trait FromRow: Sized {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError>;
}

/// What the value of a column can be read into.
pub trait FromColumn: Sized {
    /// `None`: it is no such value.
    fn from_column(value: Cell<'_>) -> Option<Self>;
}

/// A struct whose fields are the columns of a row, by their names.
macro_rules! row {
    ($(#[$about:meta])* $visible:vis struct $name:ident { $($(#[$of_field:meta])* $shown:vis $field:ident: $type:ty),* $(,)? }) => {
        $(#[$about])* $visible struct $name { $($(#[$of_field])* $shown $field: $type),* }

        impl $crate::server::store::engine::FromRow for $name {
            fn from_row(
                row: &$crate::server::store::engine::Row<'_>,
            ) -> std::result::Result<Self, $crate::server::store::engine::StoreError> {
                Ok(Self { $($field: row.named(stringify!($field))?),* })
            }
        }
    };
}
pub(crate) use row;

/// Reads a row into the type of an `impl FromRow`: the fields that are columns of the same name, then the others.
macro_rules! read {
    ($row:ident => { $($field:ident),* $(,)? } $(and { $($other:ident: $value:expr),* $(,)? })?) => {
        Ok(Self { $($field: $row.named(stringify!($field))?,)* $($($other: $value),*)? })
    };
}
pub(crate) use read;

impl FromColumn for i64 {
    fn from_column(value: Cell<'_>) -> Option<Self> {
        value.as_integer()
    }
}

impl FromColumn for u32 {
    fn from_column(value: Cell<'_>) -> Option<Self> {
        value.as_integer()?.try_into().ok()
    }
}

impl FromColumn for u64 {
    fn from_column(value: Cell<'_>) -> Option<Self> {
        value.as_integer()?.try_into().ok()
    }
}

impl FromColumn for bool {
    fn from_column(value: Cell<'_>) -> Option<Self> {
        Some(value.as_integer()? != 0)
    }
}

impl FromColumn for String {
    fn from_column(value: Cell<'_>) -> Option<Self> {
        value.as_text().map(str::to_owned)
    }
}

impl FromColumn for Vec<u8> {
    fn from_column(value: Cell<'_>) -> Option<Self> {
        value.as_bytes().map(<[u8]>::to_vec)
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(value: Cell<'_>) -> Option<Self> {
        if value == Cell::Null { Some(None) } else { T::from_column(value).map(Some) }
    }
}

impl<T: FromColumn> FromRow for T {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        row.at(0)
    }
}

macro_rules! tuples {
    ($($name:ident $place:literal),*) => {
        impl<$($name: FromColumn),*> FromRow for ($($name,)*) {
            fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
                Ok(($(row.at::<$name>($place)?,)*))
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
