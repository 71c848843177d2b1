//! Attempts that the platform declined: counted by reason for a report, and listed row by row.

use crate::{
    domain::{
        day::TimeSpan,
        money::{Currency, Money},
        report::{Declines, MarketMethod, Part},
    },
    platform::Standing,
    server::store::{
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, read},
        seen::reports::part::{Bound, Seen},
        shop::status_words,
    },
};

/// An attempt the platform declined.
#[derive(Debug, Clone)]
pub struct DeclinedAttempt {
    pub payment_id: String,
    pub number: String,
    pub place: MarketMethod,
    pub amount: Money,
    /// Unix seconds.
    pub started_at: i64,
    pub code: Option<String>,
}

impl FromRow for DeclinedAttempt {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        read!(row => {
            payment_id, number, started_at, code,
        } and {
            place: MarketMethod::from_row(row)?,
            amount: row.money("amount_minor")?,
        })
    }
}

impl Store {
    /// Attempts that were declined for this reason, newest first, at most `most`. The code is empty where none was named;
    /// `None`: for any reason.
    pub async fn declined_attempts(
        &self,
        span: TimeSpan,
        part: Part,
        code: Option<&str>,
        after: Option<&Seen>,
        most: u32,
    ) -> Result<Vec<DeclinedAttempt>, StoreError> {
        let (code, after) = (code.map(str::to_owned), after.cloned());
        self.look(move |tx| {
            let bound = Bound::of(part);
            let words = status_words::of(tx, Standing::Declined)?;
            let (at, name) = after.as_ref().map_or((i64::MAX, ""), |seen| (seen.at, seen.name.as_str()));
            tx.all(
        "SELECT payment_id, number, attempts.currency, coalesce(paid_with, attempts.method) AS method, market, amount_minor,
                started_at, nullif(code, '') AS code
         FROM attempts JOIN orders ON orders.id = order_id
         WHERE attempts.status IN (SELECT value FROM json_each(?1)) AND started_at >= ?2 AND started_at < ?3
             AND (CAST(?4 AS TEXT) IS NULL OR attempts.currency = ?4) AND (CAST(?5 AS TEXT) IS NULL OR coalesce(paid_with, attempts.method, 'unknown') = ?5)
             AND (CAST(?6 AS TEXT) IS NULL OR market = ?6) AND (CAST(?7 AS TEXT) IS NULL OR coalesce(code, '') = ?7)
             AND (started_at, payment_id) < (?8, ?9)
         ORDER BY started_at DESC, payment_id DESC LIMIT ?10",
        params![
            words,
            span.from,
            span.before,
            bound.currency,
            bound.method,
            bound.market,
            &code,
            at,
            name,
            most
        ],
    )
        })
        .await
    }
}

pub fn declines(tx: &mut Tx<'_>, span: TimeSpan, part: Part) -> Result<Vec<Declines>, StoreError> {
    let bound = Bound::of(part);
    let words = status_words::of(tx, Standing::Declined)?;
    let rows: Vec<(Currency, Option<String>, u64)> = tx.all(
        "SELECT currency, code, count(*) FROM attempts
         WHERE status IN (SELECT value FROM json_each(?1)) AND started_at >= ?2 AND started_at < ?3
             AND (CAST(?4 AS TEXT) IS NULL OR currency = ?4) AND (CAST(?5 AS TEXT) IS NULL OR coalesce(paid_with, method, 'unknown') = ?5)
             AND (CAST(?6 AS TEXT) IS NULL OR (SELECT market FROM orders WHERE id = order_id) = ?6)
         GROUP BY 1, 2",
        params![words, span.from, span.before, bound.currency, bound.method, bound.market],
    )?;
    Ok(rows.into_iter().map(|(currency, code, attempts)| Declines { currency, code, attempts }).collect())
}
