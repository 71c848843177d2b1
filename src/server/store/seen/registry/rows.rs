//! The rows of a filter, some at a time, from a key on.

use crate::{
    domain::{
        day::DaySpan,
        money::Currency,
        orders::standing::OrderStanding,
        registry::{Entry, ListPosition, OrderFilter, Sort},
    },
    server::store::{
        columns::money,
        database::StoreError,
        engine::{Sql, Tx, row},
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

row! {
    struct EntryRow {
        id: i64,
        number: String,
        placed_at: i64,
        email: Option<String>,
        customer_id: String,
        market: String,
        method: String,
        state: String,
        status: Option<String>,
        total_minor: i64,
        currency: String,
        paid_minor: i64,
        refunded_minor: i64,
        paid_at: Option<i64>,
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
                    query.push(if place > 0 { ") UNION ALL SELECT * FROM (" } else { "SELECT * FROM (" });
                    self.sorted_from(&mut query, most, |query| from_kind(query, kind));
                }
                query.push("))");
                self.in_order(&mut query, "key", "id");
                query.push(" LIMIT ").push_bind(most);
            }
        }
        query.push(") AS page CROSS JOIN orders ON orders.id = page.id");
        self.in_order(&mut query, "page.key", "page.id");
        let rows: Vec<EntryRow> = query.all(tx)?;
        let entries = rows.into_iter().map(|row| row.into_entry().ok_or(StoreError::Inconsistent("order")));
        Ok(entries.collect::<Result<_, _>>()?)
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

impl EntryRow {
    fn into_entry(self) -> Option<Entry> {
        let currency = Currency::from_code(&self.currency)?;
        Some(Entry {
            id: self.id,
            number: self.number,
            placed_at: self.placed_at,
            email: self.email,
            customer_id: self.customer_id,
            market: self.market,
            method: Some(self.method).filter(|method| !method.is_empty()),
            state: OrderStanding::from_name(&self.state)?,
            status: self.status,
            total: money(self.total_minor, currency)?,
            paid: money(self.paid_minor, currency)?,
            refunded: money(self.refunded_minor, currency)?,
            paid_at: self.paid_at,
        })
    }
}
