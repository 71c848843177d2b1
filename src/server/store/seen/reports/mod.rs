//! What reports are made of, by the days of the merchant's time zone.
//!
//! The rows of each figure are in [`declined`], [`unfinished`] and [`movements`], found by the same conditions; [`part`] says them.

use crate::{
    domain::{
        books::MoneyKind,
        day::TimeSpan,
        orders::standing::OrderStanding,
        report::{Declines, MarketMethod, Moved, Part, TimeToPay, Unfinished},
    },
    platform::PaymentStatus,
    server::store::{
        database::{Store, StoreError},
        engine::{Tx, params, row},
        seen::reports::part::{Bound, Stretch, currency, place},
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

row! {
    struct Group {
        day: i64,
        /// Of money its kind, of orders the telling attempt's status.
        what: Option<String>,
        currency: String,
        method: Option<String>,
        market: Option<String>,
        count: i64,
        minor: i64,
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
    let groups: Vec<Group> = tx.all("SELECT (posted_at + ?7) / 86400 AS day, kind AS what, currency, method, market, count(*) AS count, sum(amount_minor) AS minor
         FROM movements WHERE posted_at >= ?1 AND posted_at < ?2 AND (?3 IS NULL OR currency = ?3)
             AND (?4 IS NULL OR coalesce(method, 'unknown') = ?4)
             AND (?5 IS NULL OR market = ?5 OR (kind = 'payout' AND currency = ?6))
         GROUP BY 1, 2, 3, 4, 5", params![span.from, span.before, bound.currency, bound.method, bound.market, bound.payouts_in, ahead_s])?;
    let row = |group: Group| {
        let kind = group.what.as_deref().and_then(MoneyKind::from_name).ok_or(StoreError::Inconsistent("posting"))?;
        let place = place(Some(kind), &group.currency, group.method.as_deref(), group.market.as_deref())?;
        let moved = Moved { count: group.count.unsigned_abs(), minor: group.minor.into() };
        Ok(MoneyRow { day: group.day, kind, place, moved })
    };
    groups.into_iter().map(row).collect()
}

/// Orders by what the registry keeps beside each: an index holds it all.
fn orders(tx: &mut Tx<'_>, Stretch { span, ahead_s }: Stretch, part: Part) -> Result<Vec<OrdersRow>, StoreError> {
    let bound = Bound::of(part);
    let groups: Vec<Group> = tx.all("SELECT (placed_at + ?6) / 86400 AS day, status AS what, currency, nullif(method, '') AS method, market, count(*) AS count, 0 AS minor
         FROM orders
         WHERE placed_at >= ?1 AND placed_at < ?2 AND (?3 IS NULL OR currency = ?3)
             AND (?4 IS NULL OR method = iif(?4 = 'unknown', '', ?4)) AND (?5 IS NULL OR market = ?5)
         GROUP BY 1, 2, 3, 4, 5", params![span.from, span.before, bound.currency, bound.method, bound.market, ahead_s])?;
    let row = |group: Group| {
        let outcome = OrderStanding::of_status(group.what.map(PaymentStatus::new).as_ref());
        let place = place(None, &group.currency, group.method.as_deref(), group.market.as_deref())?;
        Ok(OrdersRow { day: group.day, place, outcome, orders: group.count.unsigned_abs() })
    };
    groups.into_iter().map(row).collect()
}

/// From an order's placing to the posting of the first sale that paid it.
fn times(tx: &mut Tx<'_>, span: TimeSpan, part: Part) -> Result<Vec<TimeToPay>, StoreError> {
    let bound = Bound::of(part);
    let rows: Vec<(String, i64, i64)> = tx.all(
        "SELECT currency, max(0, paid_at - placed_at), count(*) FROM orders
         WHERE placed_at >= ?1 AND placed_at < ?2 AND paid_at IS NOT NULL AND (?3 IS NULL OR currency = ?3)
             AND (?4 IS NULL OR method = iif(?4 = 'unknown', '', ?4)) AND (?5 IS NULL OR market = ?5)
         GROUP BY 1, 2",
        params![span.from, span.before, bound.currency, bound.method, bound.market],
    )?;
    let time = |(code, seconds, orders): (String, i64, i64)| {
        Ok(TimeToPay { currency: currency(&code)?, seconds, orders: orders.unsigned_abs() })
    };
    rows.into_iter().map(time).collect()
}
