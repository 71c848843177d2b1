//! The journal's postings one by one: what a figure of money is the sum of.

use crate::{
    domain::{
        books::MoneyKind,
        day::TimeSpan,
        money::Money,
        report::{MarketMethod, Moved, Part},
    },
    server::store::{
        columns::money,
        database::{Store, StoreError},
        engine::{Tx, params, row},
        seen::reports::part::{Bound, currency, place},
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
pub type MovementTotals = Vec<(MoneyKind, crate::domain::money::Currency, Moved)>;

/// Which postings are meant.
#[derive(Debug, Clone)]
pub struct Movements {
    pub kinds: Vec<MoneyKind>,
    pub span: TimeSpan,
    pub part: Part,
}

row! {
    struct MovementRow {
        id: i64,
        kind: String,
        reference: String,
        currency: String,
        posted_at: i64,
        amount_minor: i64,
        payment_id: Option<String>,
        method: Option<String>,
        number: Option<String>,
        market: Option<String>,
    }
}

impl Movements {
    fn kinds(&self) -> String {
        serde_json::Value::from_iter(self.kinds.iter().map(|kind| kind.name())).to_string()
    }
}

impl Store {
    // The sign in front of `kind` keeps it off the index by kind: the one by time has the order, and fewer rows.

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
    let rows: Vec<MovementRow> = tx.all(
        "SELECT * FROM movements WHERE posted_at >= ?1 AND posted_at < ?2 AND (?3 IS NULL OR currency = ?3)
             AND (?4 IS NULL OR coalesce(method, 'unknown') = ?4)
             AND (?5 IS NULL OR market = ?5 OR (kind = 'payout' AND currency = ?6))
             AND +kind IN (SELECT value FROM json_each(?7))
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
    )?;
    rows.into_iter().map(MovementRow::into_movement).collect()
}

fn movement_totals(tx: &mut Tx<'_>, of: &Movements) -> Result<MovementTotals, StoreError> {
    let bound = Bound::of(of.part);
    let rows: Vec<(String, String, i64, i64)> = tx.all(
        "SELECT kind, currency, count(*), sum(amount_minor) FROM movements
         WHERE posted_at >= ?1 AND posted_at < ?2 AND (?3 IS NULL OR currency = ?3)
             AND (?4 IS NULL OR coalesce(method, 'unknown') = ?4)
             AND (?5 IS NULL OR market = ?5 OR (kind = 'payout' AND currency = ?6))
             AND +kind IN (SELECT value FROM json_each(?7))
         GROUP BY 1, 2 ORDER BY 2, 1",
        params![of.span.from, of.span.before, bound.currency, bound.method, bound.market, bound.payouts_in, of.kinds()],
    )?;
    let total = |(kind, code, count, minor): (String, String, i64, i64)| {
        let kind = MoneyKind::from_name(&kind).ok_or(StoreError::Inconsistent("posting"))?;
        Ok((kind, currency(&code)?, Moved { count: count.unsigned_abs(), minor: minor.into() }))
    };
    rows.into_iter().map(total).collect()
}

impl MovementRow {
    fn into_movement(self) -> Result<ReportMovement, StoreError> {
        let kind = MoneyKind::from_name(&self.kind).ok_or(StoreError::Inconsistent("posting"))?;
        let place = place(Some(kind), &self.currency, self.method.as_deref(), self.market.as_deref())?;
        let amount = money(self.amount_minor, place.currency).ok_or(StoreError::Inconsistent("posting"))?;
        Ok(ReportMovement {
            id: self.id,
            kind,
            reference: self.reference,
            payment_id: self.payment_id,
            number: self.number,
            place,
            amount,
            posted_at: self.posted_at,
        })
    }
}
