//! Payments, refunds and payouts that have no end yet: counted for a report, and listed row by row.

use crate::{
    domain::{
        books::MoneyKind,
        money::{Currency, Money},
        report::{MarketMethod, Moved, Part, Unfinished, WaitingFigures},
        transfers::refund,
    },
    platform::{Method, Standing},
    server::store::{
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, read},
        seen::reports::part::{Bound, Seen, place_of},
        shop::status_words,
    },
};

/// A payment, refund or payout without an end.
#[derive(Debug, Clone)]
pub struct UnfinishedRow {
    pub waiting: WaitingFigures,
    /// The payment's id, or the refund's.
    pub reference: String,
    pub payment_id: String,
    /// Of the order it belongs to.
    pub number: Option<String>,
    pub place: MarketMethod,
    pub amount: Money,
    /// When it began, Unix seconds.
    pub since: i64,
    /// How far it came, in the platform's word or ours.
    pub word: String,
}

impl FromRow for UnfinishedRow {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let waiting: WaitingFigures = row.named("waiting")?;
        let kind = if waiting == WaitingFigures::Payout { MoneyKind::Payout } else { MoneyKind::Sale };
        read!(row => {
            reference, payment_id, number, since,
        } and {
            waiting: waiting,
            place: place_of(row, kind)?,
            amount: row.money("amount_minor")?,
            word: row.named::<Option<String>>("word")?.unwrap_or_default(),
        })
    }
}

/// Payments that began and did not end, refunds and payouts alike. ?1: the open words, ?2: the limit of refunds, ?3: now; ?4 to ?7:
/// which part.
fn unfinished_rows(select: &str, rest: &str) -> String {
    let [payment_limit, payout_limit] = limits();
    format!(
        "WITH begun AS (
             SELECT payment_id, order_id, currency, coalesce(paid_with, method) AS paid_with, amount_minor, started_at, status, NULL AS sale
             FROM attempts WHERE status IN (SELECT value FROM json_each(?1))
             UNION ALL
             SELECT attempts.payment_id, order_id, attempts.currency, coalesce(paid_with, attempts.method), attempts.amount_minor,
                    started_at, status, transfers.progress
             FROM transfers JOIN attempts ON attempts.payment_id = transfers.payment_id
             WHERE transfers.kind = 'sale' AND transfers.progress NOT IN ('done', 'declined') AND status IS NULL
         ), unfinished AS (
             SELECT 'payment' AS waiting, payment_id AS reference, payment_id, order_id, currency, paid_with AS method,
                    amount_minor, started_at AS since, coalesce(status, sale) AS word,
                    CASE WHEN ?3 > started_at + {payment_limit} THEN 1 ELSE 0 END AS is_stuck
             FROM begun
             UNION ALL
             SELECT 'refund', refunds.id, refunds.payment_id, order_id, refunds.currency, coalesce(paid_with, method),
                    refunds.amount_minor, asked_at, progress, CASE WHEN ?3 > asked_at + ?2 THEN 1 ELSE 0 END
             FROM refunds JOIN attempts ON attempts.payment_id = refunds.payment_id WHERE progress NOT IN ('done', 'declined')
             UNION ALL
             SELECT 'payout', payment_id, payment_id, NULL, currency, method, amount_minor, asked_at, progress,
                    CASE WHEN ?3 > asked_at + {payout_limit} THEN 1 ELSE 0 END
             FROM payouts WHERE progress NOT IN ('done', 'declined')
         ) SELECT {select} FROM unfinished LEFT JOIN orders ON orders.id = order_id
         WHERE (CAST(?4 AS TEXT) IS NULL OR unfinished.currency = ?4) AND (CAST(?5 AS TEXT) IS NULL OR coalesce(unfinished.method, 'unknown') = ?5)
             AND (CAST(?6 AS TEXT) IS NULL OR market = ?6 OR (waiting = 'payout' AND unfinished.currency = ?7)) {rest}"
    )
}

impl Store {
    /// What has no end yet, the longest wait first, at most `most`.
    pub async fn unfinished(
        &self,
        waits: WaitingFigures,
        is_stuck: bool,
        part: Part,
        now: i64,
        after: Option<&Seen>,
        most: u32,
    ) -> Result<Vec<UnfinishedRow>, StoreError> {
        let after = after.cloned();
        self.look(move |tx| {
            let (bound, words) = (Bound::of(part), status_words::of(tx, Standing::Open)?);
            let (at, name) = after.as_ref().map_or((i64::MIN, ""), |seen| (seen.at, seen.name.as_str()));
            tx.all(
                &unfinished_rows(
                    "waiting, reference, payment_id, number, unfinished.currency, unfinished.method, market, amount_minor, since, word",
                    "AND waiting = ?8 AND is_stuck = ?9 AND (since, reference) > (?10, ?11) ORDER BY since, reference LIMIT ?12"
                ),
                params![
                    words, refund::LIMIT_S, now, bound.currency, bound.method, bound.market, bound.payouts_in,
                    waits, is_stuck, at, name, most
                ],
            )
        })
        .await
    }
}

pub fn unfinished(tx: &mut Tx<'_>, part: Part, now: i64) -> Result<Vec<Unfinished>, StoreError> {
    let bound = Bound::of(part);
    let words = status_words::of(tx, Standing::Open)?;
    let rows: Vec<(WaitingFigures, Currency, bool, u64, i64)> = tx.all(
        &unfinished_rows("waiting, unfinished.currency, is_stuck, count(*), sum(amount_minor)", "GROUP BY 1, 2, 3"),
        params![words, refund::LIMIT_S, now, bound.currency, bound.method, bound.market, bound.payouts_in],
    )?;
    let sum = |(waiting, currency, is_stuck, count, minor): (_, _, _, _, i64)| Unfinished {
        waiting,
        currency,
        is_stuck,
        moved: Moved { count, minor: minor.into() },
    };
    Ok(rows.into_iter().map(sum).collect())
}

/// Seconds by method after which a payment, and a payout, should have ended: expressions over `method`.
fn limits() -> [String; 2] {
    let rules = || Method::ALL.into_iter().map(Method::rules);
    let case = |column: &str, limits: Vec<(&str, i64)>| {
        let longest = limits.iter().map(|(_, limit_s)| *limit_s).max().unwrap_or_default();
        let limits: String = limits.iter().map(|(code, limit_s)| format!("WHEN '{code}' THEN {limit_s} ")).collect();
        format!("CASE {column} {limits}ELSE {longest} END")
    };
    [
        case("paid_with", rules().map(|rules| (rules.code, rules.limit_time_s)).collect()),
        case("method", rules().filter_map(|rules| Some((rules.code, rules.gate.payout.as_ref()?.limit_time_s))).collect()),
    ]
}
