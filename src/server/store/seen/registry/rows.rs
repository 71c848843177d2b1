//! The rows of a filter, some at a time, from a key on.

use crate::{
    domain::{
        day::DaySpan,
        registry::{Entry, ListPosition, OrderFilter, Sort},
    },
    server::store::{
        database::StoreError,
        engine::{FromRow, Row, Sql, Tx, read},
        seen::registry::{
            conditions::{ListError, MatchingOrders, from_kind, of_amount, of_days, of_kind, with_text},
            sums::FEW,
        },
    },
};

/// What is looked for, and what is known of it already.
pub struct RowsQuery<'a> {
    pub filter: &'a OrderFilter,
    pub span: DaySpan,
    pub found: &'a MatchingOrders,
    /// How many orders the filter has. `None`: nobody counted.
    pub counted: Option<i64>,
}

/// Which index leads to the rows.
enum Way<'a> {
    Text(&'a str),
    Kinds,
    Amounts,
}

/// Up to so many orders are sorted by amount for each page, rather than looked for among all of their currency.
const FEW_TO_SORT: i64 = 20_000;

/// One order in so many is rare: looking for a page of them in the order of time would take too long.
const RARE: i64 = 1_000;

impl FromRow for Entry {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        read!(row => {
            id, number, placed_at, email, customer_id, market, state, status, paid_at,
        } and {
            method: Some(row.named("method")?).filter(|method: &String| !method.is_empty()),
            total: row.money("total_minor")?,
            paid: row.money("paid_minor")?,
            refunded: row.money("refunded_minor")?,
        })
    }
}

impl<'a> RowsQuery<'a> {
    /// At most `most` rows from the filter's place on; before a row they come in the other order.
    pub fn rows(&self, tx: &mut Tx<'_>, most: usize) -> Result<Vec<Entry>, ListError> {
        if self.found.kinds.is_empty() || self.counted == Some(0) {
            return Ok(Vec::new());
        }
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut query = Sql::new("");
        let way = self.way();
        if let Way::Text(text) = way {
            with_text(&mut query, text);
        }
        query.push("SELECT orders.* FROM (");
        match way {
            Way::Text(_) => self.sorted_from(&mut query, most, |query| {
                query.push(" FROM found CROSS JOIN orders ON orders.id = found.id WHERE state IS NOT NULL");
                of_kind(query, self.filter);
            }),
            Way::Amounts => self.sorted_from(&mut query, most, |query| {
                query.push(" FROM orders INDEXED BY orders_by_amount WHERE state IS NOT NULL");
                of_kind(query, self.filter);
            }),
            Way::Kinds => {
                query.push("SELECT id, key FROM (");
                for (place, kind) in self.found.kinds.iter().enumerate() {
                    query.push(if place > 0 { ") AS part UNION ALL SELECT * FROM (" } else { "SELECT * FROM (" });
                    self.sorted_from(&mut query, most, |query| from_kind(query, kind));
                }
                query.push(") AS part) AS parts");
                self.in_order(&mut query, "key", "id");
                query.push(" LIMIT ").push_bind(most);
            }
        }
        query.push(") AS page CROSS JOIN orders ON orders.id = page.id");
        self.in_order(&mut query, "page.key", "page.id");
        Ok(query.all(tx)?)
    }

    fn way(&self) -> Way<'a> {
        let OrderFilter { text, min, max, sort, .. } = self.filter;
        if let Some(text) = text {
            return Way::Text(text);
        }
        let at_most = self.found.at_most;
        let is_rare = self.counted.is_some_and(|counted| at_most > FEW && counted < at_most / RARE);
        match (sort.is_by_amount(), min.or(*max).is_some()) {
            (true, _) if at_most <= FEW_TO_SORT => Way::Kinds,
            (true, _) => Way::Amounts,
            (false, true) if is_rare => Way::Amounts,
            (false, _) => Way::Kinds,
        }
    }

    /// `SELECT id, … AS key` of the orders that `from` names, with the rest of the filter, in its order.
    fn sorted_from(&self, query: &mut Sql, most: i64, from: impl FnOnce(&mut Sql)) {
        let column = match self.filter.sort {
            Sort::Newest | Sort::Oldest => "placed_at",
            Sort::Largest | Sort::Smallest => "total_minor",
        };
        query.push(format!("SELECT orders.id AS id, {column} AS key"));
        from(query);
        of_days(query, self.span);
        of_amount(query, self.filter);
        if let ListPosition::After(key) | ListPosition::Before(key) = self.filter.place {
            let comparison = if self.is_descending() { "<" } else { ">" };
            query.push(format!(" AND ({column}, orders.id) {comparison} ("));
            query.push_bind(key.value).push(", ").push_bind(key.id).push(")");
        }
        self.in_order(query, column, "orders.id");
        query.push(" LIMIT ").push_bind(most);
    }

    fn in_order(&self, query: &mut Sql, key: &str, id: &str) {
        let direction = if self.is_descending() { "DESC" } else { "ASC" };
        query.push(format!(" ORDER BY {key} {direction}, {id} {direction}"));
    }

    /// Before a row, the nearest come first.
    fn is_descending(&self) -> bool {
        self.filter.sort.is_descending() != matches!(self.filter.place, ListPosition::Before(_))
    }
}
