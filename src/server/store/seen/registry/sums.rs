//! What all orders of a filter come to, in each currency: from the totals of whole days, and the rows of the days that are cut.

use std::collections::BTreeMap;

use crate::{
    domain::{
        day::DaySpan,
        money::Currency,
        registry::{OrderFilter, Sums},
    },
    server::store::{
        columns::as_stored,
        database::StoreError,
        engine::{Sql, Tx, params},
        seen::registry::conditions::{
            DAY_S, KindOfOrders, MatchingOrders, from_kind, of_amount, of_days, of_kind, whole_days, with_text,
        },
    },
};

/// SQLite joins at most 500 queries into one.
const JOINED: usize = 250;

/// Up to so many orders are looked at one by one, kind by kind, rather than by amount.
pub const FEW: i64 = 100_000;

/// Sums of some orders of one kind: the kind's place in the list, how many, total, paid and refunded in minor units.
type Part = (i64, i64, i64, i64, i64);

const SUMS: &str = "count(*), coalesce(sum(total_minor), 0), coalesce(sum(paid_minor), 0), coalesce(sum(refunded_minor), 0)";

pub fn all(tx: &mut Tx<'_>, filter: &OrderFilter, span: DaySpan, found: &MatchingOrders) -> Result<Vec<Sums>, StoreError> {
    let mut sums = ByCurrency::default();
    match (&filter.text, filter.currency) {
        (Some(text), _) => of_text(tx, text, filter, span, &mut sums)?,
        // An amount is never without its currency.
        (None, Some(currency)) if filter.min.or(filter.max).is_some() => {
            of_amounts(tx, filter, currency, span, found, &mut sums)?;
        }
        (None, _) => of_all(tx, filter, span, found, &mut sums)?,
    }
    Ok(sums.0.into_values().filter(|sums| sums.orders > 0).collect())
}

/// Whatever the amount: whole days from their totals, and the days that are cut.
fn of_all(
    tx: &mut Tx<'_>,
    filter: &OrderFilter,
    span: DaySpan,
    found: &MatchingOrders,
    sums: &mut ByCurrency,
) -> Result<(), StoreError> {
    for kind in &found.kinds {
        sums.add(kind.currency, [kind.orders, kind.total, kind.paid, kind.refunded]);
    }
    for edge in edges(span) {
        kind_by_kind(tx, filter, edge, found, sums)?;
    }
    Ok(())
}

/// What of a span lies on no whole day (UTC).
fn edges(span: DaySpan) -> Vec<DaySpan> {
    let (first, end) = whole_days(span);
    if first > end {
        return vec![span];
    }
    let head = span.from.map(|from| DaySpan { from: Some(from), before: Some(first * DAY_S) });
    let tail = span.before.map(|before| DaySpan { from: Some(end * DAY_S), before: Some(before) });
    [head, tail].into_iter().flatten().filter(|edge| edge.from < edge.before).collect()
}

fn kind_by_kind(
    tx: &mut Tx<'_>,
    filter: &OrderFilter,
    span: DaySpan,
    found: &MatchingOrders,
    sums: &mut ByCurrency,
) -> Result<(), StoreError> {
    for (chunk, kinds) in found.kinds.chunks(JOINED).enumerate() {
        let mut query = Sql::new("");
        for (place, kind) in kinds.iter().enumerate() {
            query.push(if place > 0 { " UNION ALL " } else { "" });
            let place = i64::try_from(chunk * JOINED + place).unwrap_or(i64::MAX);
            query.push("SELECT ").push_bind(place);
            query.push(", ").push(SUMS);
            from_kind(&mut query, kind);
            of_days(&mut query, span);
            of_amount(&mut query, filter);
        }
        let parts: Vec<Part> = query.all(tx)?;
        for (place, orders, total, paid, refunded) in parts {
            let kind: Option<&KindOfOrders> = usize::try_from(place).ok().and_then(|place| found.kinds.get(place));
            if let Some(kind) = kind {
                sums.add(kind.currency, [orders, total, paid, refunded]);
            }
        }
    }
    Ok(())
}

fn of_amounts(
    tx: &mut Tx<'_>,
    filter: &OrderFilter,
    currency: Currency,
    span: DaySpan,
    found: &MatchingOrders,
    sums: &mut ByCurrency,
) -> Result<(), StoreError> {
    if found.at_most <= FEW {
        return kind_by_kind(tx, filter, span, found, sums);
    }
    let below = filter.min.map(|min| (" AND total_minor < ", as_stored(min)));
    let above = filter.max.map(|max| (" AND total_minor > ", as_stored(max)));
    let outside: Vec<(&str, i64)> = [below, above].into_iter().flatten().collect();
    if !is_less_than_half(tx, currency, &outside)? {
        let within = by_amount(tx, filter, span, |query| of_amount(query, filter))?;
        sums.add(currency, within);
        return Ok(());
    }
    let any_amount = OrderFilter { min: None, max: None, ..filter.clone() };
    of_all(tx, &any_amount, span, found, sums)?;
    for (comparison, bound) in outside {
        let other = by_amount(tx, filter, span, |query| {
            query.push(comparison).push_bind(bound);
        });
        sums.add(currency, other?.map(|sum| -sum));
    }
    Ok(())
}

/// Whether so few orders of the currency have these amounts that it is faster to take them off the sum of all.
fn is_less_than_half(tx: &mut Tx<'_>, currency: Currency, amounts: &[(&str, i64)]) -> Result<bool, StoreError> {
    let orders: i64 = tx.one("SELECT coalesce(sum(orders), 0) FROM order_totals WHERE currency = ?1", params![currency])?;
    let mut left = orders / 2;
    for (comparison, bound) in amounts {
        let mut query = Sql::new("SELECT count(*) FROM (SELECT 1 FROM orders INDEXED BY orders_by_amount WHERE currency = ");
        query.push_bind(currency.code()).push(comparison).push_bind(bound).push(" LIMIT ").push_bind(left + 1).push(") AS counted");
        let counted: i64 = query.one(tx)?;
        left -= counted;
        if left < 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How many; total, paid and refunded in minor units: of orders with such amounts.
fn by_amount(tx: &mut Tx<'_>, filter: &OrderFilter, span: DaySpan, amounts: impl Fn(&mut Sql)) -> Result<[i64; 4], StoreError> {
    let mut query = Sql::new("SELECT ");
    query.push(SUMS).push(" FROM orders INDEXED BY orders_by_amount WHERE state IS NOT NULL");
    amounts(&mut query);
    of_kind(&mut query, filter);
    of_days(&mut query, span);
    let (orders, total, paid, refunded) = query.one::<(i64, i64, i64, i64)>(tx)?;
    Ok([orders, total, paid, refunded])
}

fn of_text(tx: &mut Tx<'_>, text: &str, filter: &OrderFilter, span: DaySpan, sums: &mut ByCurrency) -> Result<(), StoreError> {
    let mut query = Sql::new("");
    with_text(&mut query, text);
    query.push("SELECT currency, ").push(SUMS);
    query.push(" FROM found CROSS JOIN orders ON orders.id = found.id WHERE state IS NOT NULL");
    of_kind(&mut query, filter);
    of_days(&mut query, span);
    of_amount(&mut query, filter);
    query.push(" GROUP BY currency");
    let parts: Vec<(Currency, i64, i64, i64, i64)> = query.all(tx)?;
    for (currency, orders, total, paid, refunded) in parts {
        sums.add(currency, [orders, total, paid, refunded]);
    }
    Ok(())
}

#[derive(Default)]
struct ByCurrency(BTreeMap<&'static str, Sums>);

impl ByCurrency {
    /// How many; total, paid and refunded in minor units of the currency.
    fn add(&mut self, currency: Currency, [orders, total, paid, refunded]: [i64; 4]) {
        let part = Sums { currency, orders, total, paid, refunded };
        self.0.entry(currency.code()).or_insert(Sums::none(currency)).add(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_days_and_edges_are_the_span_each_moment_once() {
        let moments = [-100_000, -86_400, -1, 0, 1, 32_400, 86_399, 86_400, 90_000, 172_800, 200_000, 400_000];
        for from in moments {
            for before in moments.into_iter().filter(|before| *before > from) {
                let span = DaySpan { from: Some(from), before: Some(before) };
                let (first, end) = whole_days(span);
                let mut seconds: i64 = edges(span).iter().map(|edge| edge.before.unwrap() - edge.from.unwrap()).sum();
                seconds += (end - first).max(0) * DAY_S;
                assert_eq!(seconds, before - from, "{span:?}");
            }
        }
    }
}
