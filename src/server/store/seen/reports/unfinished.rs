//! Payments, refunds and payouts that have no end yet: counted for a report, and listed row by row.

use std::collections::HashMap;

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

/// Payments that began and did not end, refunds and payouts alike. ?1: the open words, ?2 and ?3: limits of payments and payouts,
/// ?4: that of refunds, ?5: now; ?6 to ?9: which part.
macro_rules! unfinished {
    ($select:literal, $rest:literal) => {
        concat!(
            "WITH limits AS MATERIALIZED (
                 SELECT 'payment' AS of, key, atom FROM json_each(?2) UNION ALL SELECT 'payout', key, atom FROM json_each(?3)
             ), begun AS (
                 SELECT *, NULL AS sale FROM attempts WHERE status IN (SELECT value FROM json_each(?1))
                 UNION ALL SELECT attempts.*, transfers.progress FROM transfers JOIN attempts ON attempts.payment_id = transfers.payment_id
                     WHERE transfers.kind = 'sale' AND transfers.progress NOT IN ('done', 'declined') AND status IS NULL
             ), unfinished AS (
                 SELECT 'payment' AS waiting, payment_id AS reference, payment_id, order_id, currency, coalesce(paid_with, method) AS method,
                        amount_minor, started_at AS since, coalesce(status, sale) AS word,
                        ?5 > started_at + coalesce((SELECT atom FROM limits WHERE of = 'payment' AND key = method),
                                                   (SELECT max(atom) FROM limits WHERE of = 'payment')) AS is_stuck
                 FROM begun
                 UNION ALL
                 SELECT 'refund', refunds.id, refunds.payment_id, order_id, refunds.currency, coalesce(paid_with, method),
                        refunds.amount_minor, asked_at, progress, ?5 > asked_at + ?4
                 FROM refunds JOIN attempts ON attempts.payment_id = refunds.payment_id WHERE progress NOT IN ('done', 'declined')
                 UNION ALL
                 SELECT 'payout', payment_id, payment_id, NULL, currency, method, amount_minor, asked_at, progress,
                        ?5 > asked_at + (SELECT atom FROM limits WHERE of = 'payout' AND key = method)
                 FROM payouts WHERE progress NOT IN ('done', 'declined')
             ) SELECT ",
            $select,
            " FROM unfinished LEFT JOIN orders ON orders.id = order_id
             WHERE (?6 IS NULL OR unfinished.currency = ?6) AND (?7 IS NULL OR coalesce(unfinished.method, 'unknown') = ?7)
                 AND (?8 IS NULL OR market = ?8 OR (waiting = 'payout' AND unfinished.currency = ?9)) ",
            $rest
        )
    };
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
            let (bound, [payments, payouts], words) = (Bound::of(part), limits(), status_words::of(tx, Standing::Open)?);
            let (at, name) = after.as_ref().map_or((i64::MIN, ""), |seen| (seen.at, seen.name.as_str()));
            tx.all(
                unfinished!(
                    "waiting, reference, payment_id, number, unfinished.currency, unfinished.method, market, amount_minor, since, word",
                    "AND waiting = ?10 AND is_stuck = ?11 AND (since, reference COLLATE BINARY) > (?12, ?13)
                     ORDER BY since, reference COLLATE BINARY LIMIT ?14"
                ),
                params![
                    words, payments, payouts, refund::LIMIT_S, now, bound.currency, bound.method, bound.market, bound.payouts_in,
                    waits, is_stuck, at, name, most
                ],
            )
        })
        .await
    }
}

pub fn unfinished(tx: &mut Tx<'_>, part: Part, now: i64) -> Result<Vec<Unfinished>, StoreError> {
    let bound = Bound::of(part);
    let [payments, payouts] = limits();
    let words = status_words::of(tx, Standing::Open)?;
    let rows: Vec<(WaitingFigures, Currency, bool, u64, i64)> = tx.all(
        unfinished!("waiting, unfinished.currency, is_stuck, count(*), sum(amount_minor)", "GROUP BY 1, 2, 3"),
        params![words, payments, payouts, refund::LIMIT_S, now, bound.currency, bound.method, bound.market, bound.payouts_in],
    )?;
    let sum = |(waiting, currency, is_stuck, count, minor): (_, _, _, _, i64)| Unfinished {
        waiting,
        currency,
        is_stuck,
        moved: Moved { count, minor: minor.into() },
    };
    Ok(rows.into_iter().map(sum).collect())
}

/// Seconds by method after which a payment, or a payout, should have ended, as JSON objects.
fn limits() -> [String; 2] {
    let rules = || Method::ALL.into_iter().map(Method::rules);
    let payments: HashMap<_, _> = rules().map(|rules| (rules.code, rules.limit_time_s)).collect();
    let payouts: HashMap<_, _> = rules().filter_map(|rules| Some((rules.code, rules.gate.payout.as_ref()?.limit_time_s))).collect();
    [payments, payouts].map(|limits| serde_json::json!(limits).to_string())
}
