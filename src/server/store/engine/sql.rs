//! A statement put together from conditions: text of the program, and values that are bound.

use super::{error::StoreError, row::FromRow, tx::Tx, value::Value};

#[derive(Debug, Default)]
pub struct Sql {
    text: String,
    values: Vec<Value<'static>>,
}

impl Sql {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Text of the program, never of a visitor.
    pub fn push(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.text.push_str(text.as_ref());
        self
    }

    pub fn push_bind(&mut self, value: impl Into<Value<'static>>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('?');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// Values with commas between them.
    pub fn push_list<T: Into<Value<'static>>>(&mut self, values: impl IntoIterator<Item = T>) -> &mut Self {
        for (place, value) in values.into_iter().enumerate() {
            self.push(if place > 0 { ", " } else { "" }).push_bind(value);
        }
        self
    }

    pub fn first<T: FromRow>(&self, tx: &mut Tx<'_>) -> Result<Option<T>, StoreError> {
        tx.first(&self.text, &self.values)
    }

    pub fn one<T: FromRow>(&self, tx: &mut Tx<'_>) -> Result<T, StoreError> {
        tx.one(&self.text, &self.values)
    }

    pub fn run(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        tx.run(&self.text, &self.values)
    }

    pub fn all<T: FromRow>(&self, tx: &mut Tx<'_>) -> Result<Vec<T>, StoreError> {
        tx.all(&self.text, &self.values)
    }
}
