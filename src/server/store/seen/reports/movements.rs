//! Postings one by one: what the figures of money are the sums of.

use crate::{
    domain::{
        books::MoneyKind,
        day::TimeSpan,
        money::{Currency, Money},
        report::{MarketMethod, Moved, Part},
    },
    server::store::{
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, read},
        seen::reports::part::{Bound, place_of},
    },
};

/// One posting, and what it was for.
#[derive(Debug, Clone)]
pub struct ReportMovement {
    pub id: i64,
    pub kind: MoneyKind,
    /// The payment's id, or the refund's.
    pub reference: String,
    pub payment_id: Option<String>,
    /// Of the order it belongs to.
    pub number: Option<String>,
    pub place: MarketMethod,
    pub amount: Money,
    /// Unix seconds.
    pub posted_at: i64,
}

/// What all movements of a filter come to, by kind and currency code.
pub type MovementTotals = Vec<(MoneyKind, Currency, Moved)>;

/// Which postings are meant.
#[derive(Debug, Clone)]
pub struct Movements {
    pub kinds: Vec<MoneyKind>,
    pub span: TimeSpan,
    pub part: Part,
}

impl FromRow for ReportMovement {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let kind = row.named("kind")?;
        read!(row => {
            id, reference, payment_id, number, posted_at,
        } and {
            kind: kind,
            place: place_of(row, kind)?,
            amount: row.money("amount_minor")?,
        })
    }
}

impl Movements {
    fn kinds(&self) -> String {
        serde_json::Value::from_iter(self.kinds.iter().map(|kind| kind.name())).to_string()
    }
}

impl Store {
    // `kind || ''` keeps it off the index by kind: the one by time has the order, and fewer rows.

    /// Newest first, at most `most`; those after the posting that was seen last (its moment, its id).
    pub async fn movements(&self, of: &Movements, after: Option<(i64, i64)>, most: u32) -> Result<Vec<ReportMovement>, StoreError> {
        let of = of.clone();
        self.look(move |tx| movements(tx, &of, after, most)).await
    }

    /// What all of them come to.
    pub async fn movement_totals(&self, of: &Movements) -> Result<MovementTotals, StoreError> {
        let of = of.clone();
        self.look(move |tx| movement_totals(tx, &of)).await
    }
}

fn movements(tx: &mut Tx<'_>, of: &Movements, after: Option<(i64, i64)>, most: u32) -> Result<Vec<ReportMovement>, StoreError> {
    let bound = Bound::of(of.part);
    tx.all(
        "SELECT * FROM movements WHERE posted_at >= ?1 AND posted_at < ?2 AND (CAST(?3 AS TEXT) IS NULL OR currency = ?3)
             AND (CAST(?4 AS TEXT) IS NULL OR coalesce(method, 'unknown') = ?4)
             AND (CAST(?5 AS TEXT) IS NULL OR market = ?5 OR (kind = 'payout' AND currency = ?6))
             AND kind || '' IN (SELECT value FROM json_each(?7))
             AND posted_at <= ?8 AND (posted_at, id) < (?8, ?9)
         ORDER BY posted_at DESC, id DESC LIMIT ?10",
        params![
            of.span.from,
            of.span.before,
            bound.currency,
            bound.method,
            bound.market,
            bound.payouts_in,
            of.kinds(),
            after.map_or(i64::MAX, |(at, _)| at),
            after.map_or(i64::MAX, |(_, id)| id),
            most
        ],
    )
}

fn movement_totals(tx: &mut Tx<'_>, of: &Movements) -> Result<MovementTotals, StoreError> {
    let bound = Bound::of(of.part);
    let rows: Vec<(MoneyKind, Currency, u64, i64)> = tx.all(
        "SELECT kind, currency, count(*), sum(amount_minor) FROM movements
         WHERE posted_at >= ?1 AND posted_at < ?2 AND (CAST(?3 AS TEXT) IS NULL OR currency = ?3)
             AND (CAST(?4 AS TEXT) IS NULL OR coalesce(method, 'unknown') = ?4)
             AND (CAST(?5 AS TEXT) IS NULL OR market = ?5 OR (kind = 'payout' AND currency = ?6))
             AND kind || '' IN (SELECT value FROM json_each(?7))
         GROUP BY 1, 2 ORDER BY 2, 1",
        params![of.span.from, of.span.before, bound.currency, bound.method, bound.market, bound.payouts_in, of.kinds()],
    )?;
    let total = |(kind, currency, count, minor): (_, _, _, i64)| (kind, currency, Moved { count, minor: minor.into() });
    Ok(rows.into_iter().map(total).collect())
}
