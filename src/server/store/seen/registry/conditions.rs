//! A filter in SQL, and which kinds of orders it can find at all.

use crate::{
    domain::{day::DaySpan, money::Currency, orders::standing::OrderStanding, registry::OrderFilter, report::PaidWith},
    server::store::{
        columns::as_stored,
        database::StoreError,
        engine::{FromRow, Row, Sql, Tx, read},
    },
};

/// Why orders are not listed.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The text is the beginning of so many that nobody would read them.
    #[error("more than {MOST_FOUND} orders begin with this: write more of it")]
    TooMany,
}

/// Orders a text may find: each is looked at for every page.
const MOST_FOUND: i64 = 10_000;

pub const DAY_S: i64 = 24 * 60 * 60;

/// Orders that are alike in all that is chosen from a list. There are a few dozen kinds, however many orders.
#[derive(Debug, Clone)]
pub struct KindOfOrders {
    pub state: OrderStanding,
    pub method: String,
    pub market: String,
    pub currency: Currency,
    /// On whole days (UTC) within the span: how many, and what they come to.
    pub orders: i64,
    pub total: i64,
    pub paid: i64,
    pub refunded: i64,
    /// On all days that the span touches.
    pub at_most: i64,
}

/// What a filter can find.
#[derive(Debug, Default)]
pub struct MatchingOrders {
    pub kinds: Vec<KindOfOrders>,
    /// At most so many orders are of these kinds and days, whatever their amount.
    pub at_most: i64,
}

impl FromRow for KindOfOrders {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        read!(row => {
            state, method, market, currency, orders, total, paid, refunded, at_most,
        })
    }
}

/// Whole days (UTC) of a span: from the first one on, before the second. Open ends are far away.
pub fn whole_days(span: DaySpan) -> (i64, i64) {
    let first = span.from.map_or(i64::MIN, |from| from.div_euclid(DAY_S) + i64::from(from.rem_euclid(DAY_S) > 0));
    let end = span.before.map_or(i64::MAX, |before| before.div_euclid(DAY_S));
    (first, end)
}

/// The kinds that days of the span have. Error: the text finds too many.
pub fn found(tx: &mut Tx<'_>, filter: &OrderFilter, span: DaySpan) -> Result<MatchingOrders, ListError> {
    if let Some(text) = &filter.text {
        not_too_many(tx, text)?;
    }
    let (first, end) = whole_days(span);
    let mut query = Sql::new("SELECT state, method, market, currency, ");
    for (place, name) in ["orders", "total_minor", "paid_minor", "refunded_minor"].into_iter().enumerate() {
        let alias = ["orders", "total", "paid", "refunded"][place];
        query.push(format!("coalesce(sum({name}) FILTER (WHERE day >= "));
        query.push_bind(first).push(" AND day < ").push_bind(end).push(format!("), 0) AS {alias}, "));
    }
    query.push("sum(orders) AS at_most FROM order_totals WHERE TRUE");
    if let Some(from) = span.from {
        query.push(" AND day >= ").push_bind(from.div_euclid(DAY_S));
    }
    if let Some(before) = span.before {
        query.push(" AND day <= ").push_bind((before - 1).div_euclid(DAY_S));
    }
    of_kind(&mut query, filter);
    query.push(" GROUP BY state, method, market, currency HAVING sum(orders) > 0");
    let kinds: Vec<KindOfOrders> = query.all(tx)?;
    let at_most = kinds.iter().map(|kind| kind.at_most).sum();
    Ok(MatchingOrders { kinds, at_most })
}

/// Each way to find an order by a text is an index; counting stops early.
fn not_too_many(tx: &mut Tx<'_>, text: &str) -> Result<(), ListError> {
    let mut query = Sql::new("SELECT max(many) FROM (");
    for (place, source) in sources(text).into_iter().enumerate() {
        query.push(if place > 0 { " UNION ALL " } else { "" }).push("SELECT count(*) AS many FROM (SELECT 1 FROM ");
        source.push_to(&mut query);
        query.push(" LIMIT ").push_bind(MOST_FOUND + 1).push(") AS counted");
    }
    query.push(") AS found");
    let most: i64 = query.one(tx)?;
    if most > MOST_FOUND { Err(ListError::TooMany) } else { Ok(()) }
}

/// A column whose values begin with a text.
struct Source {
    table: &'static str,
    order_id: &'static str,
    column: &'static str,
    from: String,
}

fn sources(text: &str) -> [Source; 4] {
    let source = |table, order_id, column, from: &str| Source { table, order_id, column, from: from.to_owned() };
    [
        // Numbers and customers' ids are in capitals.
        source("orders", "id", "number", &text.to_uppercase()),
        source("orders", "id", "customer_id", &text.to_uppercase()),
        source("attempts", "order_id", "lower(payment_id)", &text.to_ascii_lowercase()),
        source("orders", "id", "lower(email)", &text.to_ascii_lowercase()),
    ]
}

impl Source {
    fn push_to(self, query: &mut Sql) {
        let Self { table, column, from, .. } = self;
        // Nothing that begins with the text sorts behind the text and the last of all letters.
        let before = format!("{from}\u{10FFFF}");
        query.push(format!("{table} WHERE {column} >= ")).push_bind(from).push(format!(" AND {column} < ")).push_bind(before);
    }
}

/// The ids of the orders that a text finds, as a table `found (id)`.
pub fn with_text(query: &mut Sql, text: &str) {
    query.push("WITH found (id) AS MATERIALIZED (");
    for (place, source) in sources(text).into_iter().enumerate() {
        query.push(if place > 0 { " UNION SELECT " } else { "SELECT " }).push(source.order_id).push(" FROM ");
        source.push_to(query);
    }
    query.push(") ");
}

/// ` AND state IN (…)`: what is chosen from a list.
pub fn of_kind(query: &mut Sql, filter: &OrderFilter) {
    if let Some(states) = filter.states {
        query.push(" AND state IN (");
        query.push_list(states.each().map(|state| state.name())).push(")");
    }
    let method = |method| match method {
        PaidWith::Method(method) => method.rules().code,
        PaidWith::NotTold => "",
    };
    let chosen = [
        ("method", filter.method.map(method)),
        ("market", filter.market.map(|market| market.code())),
        ("currency", filter.currency.map(|currency| currency.code())),
    ];
    for (column, value) in chosen.into_iter().filter_map(|(column, value)| Some((column, value?))) {
        query.push(format!(" AND {column} = ")).push_bind(value);
    }
}

/// ` AND placed_at >= …`
pub fn of_days(query: &mut Sql, span: DaySpan) {
    for (comparison, bound) in [(" AND placed_at >= ", span.from), (" AND placed_at < ", span.before)] {
        if let Some(bound) = bound {
            query.push(comparison).push_bind(bound);
        }
    }
}

/// ` AND total_minor >= …`
pub fn of_amount(query: &mut Sql, filter: &OrderFilter) {
    for (comparison, bound) in [(" AND total_minor >= ", filter.min), (" AND total_minor <= ", filter.max)] {
        if let Some(bound) = bound {
            query.push(comparison).push_bind(as_stored(bound));
        }
    }
}

/// `orders … WHERE` this kind alone, by its index.
pub fn from_kind(query: &mut Sql, kind: &KindOfOrders) {
    query.push(" FROM orders INDEXED BY orders_by_kind WHERE state = ").push_bind(kind.state.name());
    query.push(" AND method = ").push_bind(kind.method.clone()).push(" AND market = ").push_bind(kind.market.clone());
    query.push(" AND currency = ").push_bind(kind.currency.code());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_days_lie_within_the_span() {
        for (from, before, whole) in [
            (None, None, (i64::MIN, i64::MAX)),
            (Some(0), Some(2 * DAY_S), (0, 2)),
            (Some(1), Some(2 * DAY_S - 1), (1, 1)),
            (Some(-9 * 3600), Some(15 * 3600), (0, 0)),
            (Some(3600), Some(7200), (1, 0)),
        ] {
            assert_eq!(whole_days(DaySpan { from, before }), whole);
        }
    }
}
