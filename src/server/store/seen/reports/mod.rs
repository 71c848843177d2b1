//! What reports are made of, by the days of the merchant's time zone.
//!
//! The rows of each figure are in [`declined`], [`unfinished`] and [`movements`], found by the same conditions; [`part`] holds those.

use crate::{
    domain::{
        books::MoneyKind,
        day::TimeSpan,
        money::Currency,
        orders::standing::OrderStanding,
        report::{Declines, MarketMethod, Moved, Part, TimeToPay, Unfinished},
    },
    platform::PaymentStatus,
    server::store::{
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params},
        seen::reports::part::{Bound, Stretch, place_of},
    },
};

pub mod declined;
pub mod movements;
pub mod part;
pub mod unfinished;

/// What a report is folded from.
#[derive(Debug, Default)]
pub struct ReportRows {
    pub money: Vec<MoneyRow>,
    pub orders: Vec<OrdersRow>,
    pub times: Vec<TimeToPay>,
    pub declines: Vec<Declines>,
    pub unfinished: Vec<Unfinished>,
}

/// What moved on a day, which is counted from 1970 by the merchant's clocks.
#[derive(Debug)]
pub struct MoneyRow {
    pub day: i64,
    pub kind: MoneyKind,
    pub place: MarketMethod,
    pub moved: Moved,
}

/// Orders that were placed on a day.
#[derive(Debug)]
pub struct OrdersRow {
    pub day: i64,
    pub place: MarketMethod,
    pub outcome: OrderStanding,
    pub orders: u64,
}

impl FromRow for MoneyRow {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let kind = row.named("kind")?;
        let moved = Moved { count: row.named("count")?, minor: row.named::<i64>("minor")?.into() };
        Ok(Self { day: row.named("day")?, kind, place: place_of(row, kind)?, moved })
    }
}

impl FromRow for OrdersRow {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let status: Option<PaymentStatus> = row.named("status")?;
        let outcome = OrderStanding::of_status(status.as_ref());
        Ok(Self { day: row.named("day")?, place: MarketMethod::from_row(row)?, outcome, orders: row.named("orders")? })
    }
}

impl Store {
    /// Everything a report is made of, as it is at one moment. The stretches are those of the span.
    pub async fn report_rows(&self, span: TimeSpan, stretches: &[Stretch], part: Part, now: i64) -> Result<ReportRows, StoreError> {
        let stretches = stretches.to_vec();
        self.look(move |tx| report_rows(tx, span, &stretches, part, now)).await
    }
}

fn report_rows(tx: &mut Tx<'_>, span: TimeSpan, stretches: &[Stretch], part: Part, now: i64) -> Result<ReportRows, StoreError> {
    let mut rows = ReportRows::default();
    for stretch in stretches {
        rows.money.extend(money(tx, *stretch, part)?);
        rows.orders.extend(orders(tx, *stretch, part)?);
    }
    Ok(ReportRows {
        times: times(tx, span, part)?,
        declines: declined::declines(tx, span, part)?,
        unfinished: unfinished::unfinished(tx, part, now)?,
        ..rows
    })
}

fn money(tx: &mut Tx<'_>, Stretch { span, ahead_s }: Stretch, part: Part) -> Result<Vec<MoneyRow>, StoreError> {
    let bound = Bound::of(part);
    tx.all(
        "SELECT (posted_at + ?7) / 86400 AS day, kind, currency, method, market, count(*) AS count, sum(amount_minor) AS minor
         FROM movements WHERE posted_at >= ?1 AND posted_at < ?2 AND (CAST(?3 AS TEXT) IS NULL OR currency = ?3)
             AND (CAST(?4 AS TEXT) IS NULL OR coalesce(method, 'unknown') = ?4)
             AND (CAST(?5 AS TEXT) IS NULL OR market = ?5 OR (kind = 'payout' AND currency = ?6))
         GROUP BY 1, 2, 3, 4, 5",
        params![span.from, span.before, bound.currency, bound.method, bound.market, bound.payouts_in, ahead_s],
    )
}

/// Orders by what the registry keeps beside each: an index holds it all.
fn orders(tx: &mut Tx<'_>, Stretch { span, ahead_s }: Stretch, part: Part) -> Result<Vec<OrdersRow>, StoreError> {
    let bound = Bound::of(part);
    tx.all(
        "SELECT (placed_at + ?6) / 86400 AS day, status, currency, nullif(method, '') AS method, market, count(*) AS orders
         FROM orders
         WHERE placed_at >= ?1 AND placed_at < ?2 AND (CAST(?3 AS TEXT) IS NULL OR currency = ?3)
             AND (CAST(?4 AS TEXT) IS NULL OR method = CASE ?4 WHEN 'unknown' THEN '' ELSE ?4 END) AND (CAST(?5 AS TEXT) IS NULL OR market = ?5)
         GROUP BY 1, 2, 3, 4, 5",
        params![span.from, span.before, bound.currency, bound.method, bound.market, ahead_s],
    )
}

/// From an order's placing to the posting of the first sale that paid it.
fn times(tx: &mut Tx<'_>, span: TimeSpan, part: Part) -> Result<Vec<TimeToPay>, StoreError> {
    let bound = Bound::of(part);
    let rows: Vec<(Currency, i64, u64)> = tx.all(
        "SELECT currency, CASE WHEN paid_at < placed_at THEN 0 ELSE paid_at - placed_at END, count(*) FROM orders
         WHERE placed_at >= ?1 AND placed_at < ?2 AND paid_at IS NOT NULL AND (CAST(?3 AS TEXT) IS NULL OR currency = ?3)
             AND (CAST(?4 AS TEXT) IS NULL OR method = CASE ?4 WHEN 'unknown' THEN '' ELSE ?4 END) AND (CAST(?5 AS TEXT) IS NULL OR market = ?5)
         GROUP BY 1, 2",
        params![span.from, span.before, bound.currency, bound.method, bound.market],
    )?;
    Ok(rows.into_iter().map(|(currency, seconds, orders)| TimeToPay { currency, seconds, orders }).collect())
}
