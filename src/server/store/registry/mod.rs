//! The registry: what is told of each order at a glance, kept beside the order, and found by any filter.
//!
//! [`refresh`] keeps it true, [`sums`] reads what a filter comes to, [`rows`] its rows.

mod conditions;
mod refresh;
mod rows;
mod sums;

pub(super) use refresh::{bring_up_to_date, refresh, refresh_order_of};

use super::{Store, StoreError};
use crate::domain::registry::{Entry, Filter, Key, Listing, Place, Span};
use rows::Wanted;

/// Why orders are not listed.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The text is the beginning of so many that nobody would read them.
    #[error("more than {MOST_FOUND} orders begin with this: write more of it")]
    TooMany,
}

impl From<sqlx::Error> for ListError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Orders a text may find: each is looked at for every page.
const MOST_FOUND: i64 = 10_000;

impl Store {
    /// One page of the filter's orders, and what all of them come to, at one moment. `span` is of the filter's days.
    pub async fn registry(&self, filter: &Filter, span: Span, most: usize) -> Result<Listing, ListError> {
        let mut reading = self.reading().begin().await?;
        let found = conditions::found(&mut reading, filter, span).await?;
        let sums = sums::all(&mut reading, filter, span, &found).await?;
        let counted = sums.iter().map(|sums| sums.orders).sum();
        let wanted = Wanted { filter, span, found: &found, counted: Some(counted) };
        let mut rows = wanted.rows(&mut reading, most.saturating_add(1)).await?;
        let more = rows.len() > most;
        rows.truncate(most);
        let (has_previous, has_next) = match filter.place {
            Place::First => (false, more),
            Place::After(_) => (true, more),
            Place::Before(_) => (more, true),
        };
        if matches!(filter.place, Place::Before(_)) {
            rows.reverse();
        }
        Ok(Listing { rows, sums, has_previous, has_next })
    }

    /// The next orders of a filter, for a file: those after this key, in the filter's order, at most `most`.
    pub async fn registry_rows(
        &self,
        filter: &Filter,
        span: Span,
        after: Option<Key>,
        most: usize,
    ) -> Result<Vec<Entry>, ListError> {
        let filter = filter.at(after.map_or(Place::First, Place::After));
        let mut reading = self.reading().begin().await?;
        let found = conditions::found(&mut reading, &filter, span).await?;
        Wanted { filter: &filter, span, found: &found, counted: None }.rows(&mut reading, most).await
    }
}
