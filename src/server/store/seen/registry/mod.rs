//! The registry, the back office's list of orders: found by any filter, some rows at a time, with sums of all.
//!
//! [`conditions`] says a filter in SQL, [`sums`] reads what all of its orders come to, [`rows`] some of them; [`totals`] keeps what
//! [`sums`] reads short.

use crate::{
    domain::{
        day::DaySpan,
        registry::{Entry, ListPosition, Listing, OrderFilter, OrderListKey},
    },
    server::store::{
        database::Store,
        engine::Tx,
        seen::registry::{conditions::ListError, rows::RowsQuery},
    },
};

pub mod conditions;
pub mod rows;
pub mod sums;
pub mod totals;

impl Store {
    /// One page of the filter's orders, and what all of them come to, at one moment. `span` is of the filter's days.
    pub async fn registry(&self, filter: &OrderFilter, span: DaySpan, most: usize) -> Result<Listing, ListError> {
        let filter = filter.clone();
        self.look(move |tx| registry(tx, &filter, span, most)).await
    }

    /// The next orders of a filter, for a file: those after this key, in the filter's order, at most `most`.
    pub async fn registry_rows(
        &self,
        filter: &OrderFilter,
        span: DaySpan,
        after: Option<OrderListKey>,
        most: usize,
    ) -> Result<Vec<Entry>, ListError> {
        let filter = filter.clone();
        self.look(move |tx| {
            let filter = filter.at(after.map_or(ListPosition::First, ListPosition::After));
            let found = conditions::found(tx, &filter, span)?;
            RowsQuery { filter: &filter, span, found: &found, counted: None }.rows(tx, most)
        })
        .await
    }
}

fn registry(tx: &mut Tx<'_>, filter: &OrderFilter, span: DaySpan, most: usize) -> Result<Listing, ListError> {
    let found = conditions::found(tx, filter, span)?;
    let sums = sums::all(tx, filter, span, &found)?;
    let counted = sums.iter().map(|sums| sums.orders).sum();
    let wanted = RowsQuery { filter, span, found: &found, counted: Some(counted) };
    let mut rows = wanted.rows(tx, most.saturating_add(1))?;
    let more = rows.len() > most;
    rows.truncate(most);
    let (has_previous, has_next) = match filter.place {
        ListPosition::First => (false, more),
        ListPosition::After(_) => (true, more),
        ListPosition::Before(_) => (more, true),
    };
    if matches!(filter.place, ListPosition::Before(_)) {
        rows.reverse();
    }
    Ok(Listing { rows, sums, has_previous, has_next })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        money::{Currency, Money},
        registry::{Sort, Sums},
    };
    use crate::server::store::{about::About, database::StoreError, engine::params};

    const NOW: i64 = 1_790_000_000;

    /// Two thousand orders of a year, evenly; their amounts look drawn by chance.
    const ORDERS: &str = "
        INSERT INTO orders (number, token, order_key, market, language, customer_id, total_minor, currency, placed_at, held_until,
                            state, method, paid_minor, refunded_minor)
        WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1999),
        drawn AS (SELECT i, (i * 2654435761) % 4294967291 AS y, ?1 - 31536000 + i * 15768 AS at FROM n),
        priced AS (SELECT *, i % 10 < 7 AS is_korean, CASE WHEN i % 10 < 7 THEN 3000 + y % 897 * 1000 ELSE 100 + y % 89900 END AS total FROM drawn)
        SELECT 'N' || i, 'T' || i, 'K' || i, CASE WHEN is_korean THEN 'KR' ELSE 'BE' END, 'en', 'C' || i, total, iif(is_korean, 'KRW', 'EUR'), at, at + 1800,
               CASE WHEN y % 10 < 7 THEN 'paid' WHEN y % 10 = 7 THEN 'refunded' ELSE 'declined' END,
               CASE WHEN is_korean THEN 'payco-wallet' ELSE 'bancontact' END,
               CASE WHEN y % 10 < 8 THEN total ELSE 0 END, CASE WHEN y % 10 = 7 THEN total ELSE 0 END FROM priced";

    /// With many orders other indexes lead to them than with few.
    #[tokio::test]
    async fn many_orders_are_found_and_summed_as_few_are() {
        let folder = std::env::temp_dir().join(format!("registry-{}", std::process::id()));
        let store = Store::open(&format!("sqlite://{}", folder.join("shop.db").display())).await.unwrap();
        store.decide(About::Itself, |tx| tx.execute(ORDERS, params![NOW])).await.unwrap();
        for (filter, span) in filters() {
            store
                .look(move |tx| {
                    found_and_summed(tx, &filter, span);
                    Ok::<_, StoreError>(())
                })
                .await
                .unwrap();
        }
        store.close().await;
        std::fs::remove_dir_all(folder).unwrap();
    }

    fn found_and_summed(tx: &mut Tx<'_>, filter: &OrderFilter, span: DaySpan) {
        let few = conditions::found(tx, filter, span).unwrap();
        let many = conditions::MatchingOrders { kinds: few.kinds.clone(), at_most: i64::MAX };
        let sums = sums::all(tx, filter, span, &few).unwrap();
        assert_eq!(sums, read_one_by_one(tx, filter, span), "{filter:?} {span:?}");
        assert_eq!(sums, sums::all(tx, filter, span, &many).unwrap(), "{filter:?} {span:?}");
        let mut pages = Vec::new();
        for (found, counted) in [(&few, None), (&many, None), (&many, Some(1))] {
            pages.push(RowsQuery { filter, span, found, counted }.rows(tx, 20).unwrap());
        }
        assert!(pages.iter().all(|page| *page == pages[0]), "{filter:?} {span:?}");
    }

    /// Amounts that most orders have, half of them, few and none; in each order, of all days and of some.
    fn filters() -> Vec<(OrderFilter, DaySpan)> {
        let currency = Currency::from_code("KRW").unwrap();
        let won = |minor| Money::from_minor(minor, currency).unwrap();
        let amounts = [
            (Some(4_000), None),
            (None, Some(450_000)),
            (Some(5_000), Some(880_000)),
            (Some(400_000), Some(410_000)),
            (Some(900_000), None),
        ];
        let spans = [(None, None), (Some(NOW - 9_000_000), None), (Some(NOW - 20_000_003), Some(NOW - 5_000_001))];
        let mut filters = Vec::new();
        for (min, max) in amounts {
            for (from, before) in spans {
                for sort in Sort::ALL {
                    let (min, max) = (min.map(won), max.map(won));
                    filters.push((
                        OrderFilter { currency: Some(currency), min, max, sort, ..OrderFilter::default() },
                        DaySpan { from, before },
                    ));
                }
            }
        }
        filters
    }

    fn read_one_by_one(tx: &mut Tx<'_>, filter: &OrderFilter, span: DaySpan) -> Vec<Sums> {
        let currency = filter.currency.unwrap();
        let (orders, total, paid, refunded): (i64, i64, i64, i64) = tx
            .one(
                "SELECT count(*), coalesce(sum(total_minor), 0), coalesce(sum(paid_minor), 0), coalesce(sum(refunded_minor), 0) FROM orders
                 WHERE currency = ?1 AND total_minor BETWEEN ?2 AND ?3 AND placed_at >= ?4 AND placed_at < ?5",
                params![
                    currency.code(),
                    filter.min.map_or(0, |min| min.minor() as i64),
                    filter.max.map_or(i64::MAX, |max| max.minor() as i64),
                    span.from.unwrap_or(0),
                    span.before.unwrap_or(i64::MAX),
                ],
            )
            .unwrap();
        (orders > 0).then_some(Sums { currency, orders, total, paid, refunded }).into_iter().collect()
    }
}
