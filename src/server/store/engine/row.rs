//! What comes out of the database, read into Rust's types.

use rusqlite::types::FromSql;

use super::error::StoreError;

/// One row of an answer.
pub struct Row<'a>(pub(super) &'a rusqlite::Row<'a>);

impl Row<'_> {
    /// The value of the column at this place, from 0 on.
    pub fn at<T: FromSql>(&self, place: usize) -> Result<T, StoreError> {
        Ok(self.0.get(place)?)
    }

    /// The value of the column of this name.
    pub fn named<T: FromSql>(&self, name: &str) -> Result<T, StoreError> {
        Ok(self.0.get(name)?)
    }
}

/// What a row can be read into.
pub trait FromRow: Sized {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError>;
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

macro_rules! single_values {
    ($($type:ty),*) => { $(
        impl FromRow for $type {
            fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
                row.at(0)
            }
        }
        impl FromRow for Option<$type> {
            fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
                row.at(0)
            }
        }
    )* };
}
single_values!(i64, u32, bool, String, Vec<u8>);

macro_rules! tuples {
    ($($name:ident $place:literal),*) => {
        impl<$($name: FromSql),*> FromRow for ($($name,)*) {
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
