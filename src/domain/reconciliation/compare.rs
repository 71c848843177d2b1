//! Compares the shop's books with the platform's register, payment by payment.

use std::collections::{BTreeMap, BTreeSet};

use super::{ComparedKind, Difference, DifferenceKind, Known, Registered, Side};
use crate::domain::day::TimeSpan;
use crate::{domain::transfers::progress::Outcome, platform::method::LONGEST_LIMIT_TIME_S};

/// What each side knows of one payment.
#[derive(Default)]
struct Payment<'a> {
    shop: Vec<&'a Known>,
    register: Vec<&'a Registered>,
}

/// Whether a refund of the shop and a row of the register are the same refund.
type Way<'a> = &'a dyn Fn(&Known, &Registered) -> bool;

/// All differences in what began within the interval on either side. Both lists must reach beyond the interval, because an
/// operation begins at different moments on the two sides, and what a list lacks counts as missing.
pub fn compare(shop: &[Known], register: &[Registered], interval: TimeSpan, now: i64) -> Vec<Difference> {
    // The platform compares payment ids without case.
    let mut payments: BTreeMap<String, Payment> = BTreeMap::new();
    for known in shop {
        payments.entry(known.payment_id.to_ascii_lowercase()).or_default().shop.push(known);
    }
    for row in register {
        payments.entry(row.payment_id.to_ascii_lowercase()).or_default().register.push(row);
    }
    let comparison = Comparison { interval, now };
    payments.into_values().flat_map(|payment| comparison.payment(payment)).collect()
}

struct Comparison {
    interval: TimeSpan,
    now: i64,
}

impl Comparison {
    fn payment(&self, payment: Payment) -> Vec<Difference> {
        let (rows, mut differences) = self.each_once(&payment.register);
        for movement in [ComparedKind::Sale, ComparedKind::Payout] {
            let known: Vec<_> = payment.shop.iter().copied().filter(|known| known.movement == movement).collect();
            let rows: Vec<_> = rows.iter().copied().filter(|row| row.movement == movement).collect();
            match known.first() {
                Some(known) => differences.extend(self.tries(known, &rows)),
                None => differences.extend(rows.iter().filter_map(|row| self.extra(row))),
            }
        }
        let of_refunds: Vec<_> = payment.shop.iter().copied().filter(|known| known.movement == ComparedKind::Refund).collect();
        let refunds: Vec<_> = rows.iter().copied().filter(|row| row.movement == ComparedKind::Refund).collect();
        differences.extend(self.refunds(of_refunds, refunds));
        let others = rows.iter().filter(|row| row.movement == ComparedKind::Other);
        differences.extend(others.filter_map(|row| self.extra(row)));
        differences
    }

    /// The rows without repetitions, oldest first, and a difference for each row that was repeated.
    fn each_once<'a>(&self, register: &[&'a Registered]) -> (Vec<&'a Registered>, Vec<Difference>) {
        let mut numbers = BTreeSet::new();
        let (mut rows, again): (Vec<_>, Vec<_>) = register.iter().copied().partition(|row| numbers.insert(&row.operation_id));
        // Operation ids grow: a shorter one is older.
        rows.sort_by_key(|row| (row.at, row.operation_id.len(), &row.operation_id));
        let mut told = BTreeSet::new();
        let again = again.into_iter().filter(|row| self.interval.contains(row.at) && told.insert(&row.operation_id));
        (rows, again.map(|row| difference(DifferenceKind::Duplicate, None, row)).collect())
    }

    /// Compares a sale or payout with all its tries in the register.
    fn tries(&self, known: &Known, rows: &[&Registered]) -> Vec<Difference> {
        let mut paid = rows.iter().filter(|row| row.state == Outcome::Succeeded);
        let Some(telling) = paid.next().or(rows.last()) else { return self.missing(known).into_iter().collect() };
        let mut differences: Vec<_> = rows.iter().filter_map(|row| self.sum(known, row)).collect();
        differences.extend(self.state(known, telling));
        let again = paid.filter(|row| self.concerns(known, row));
        differences.extend(again.map(|row| difference(DifferenceKind::Duplicate, Some(known), row)));
        differences
    }

    /// Pairs refunds by the platform's id, then by the shop's name, then by the amount if neither is known.
    fn refunds(&self, mut known: Vec<&Known>, mut rows: Vec<&Registered>) -> Vec<Difference> {
        let same_number = |known: &Known, row: &Registered| known.operation_id.as_ref() == Some(&row.operation_id);
        let same_name = |known: &Known, row: &Registered| row.name.is_some() && known.name == row.name;
        let same_sum =
            |known: &Known, row: &Registered| known.operation_id.is_none() && row.name.is_none() && known.amount == row.amount;
        let ways: [Way; 3] = [&same_number, &same_name, &same_sum];
        let mut differences = Vec::new();
        for is_same in ways {
            rows.retain(|row| {
                let Some(place) = known.iter().position(|known| is_same(known, row)) else { return true };
                let known = known.remove(place);
                differences.extend(self.sum(known, row));
                differences.extend(self.state(known, row));
                false
            });
        }
        differences.extend(known.into_iter().filter_map(|known| self.missing(known)));
        differences.extend(rows.into_iter().filter_map(|row| self.extra(row)));
        differences
    }

    fn missing(&self, known: &Known) -> Option<Difference> {
        // A Payment Page closed without paying is not in the register; a refund or payout that was sent must be.
        let overdue =
            known.movement != ComparedKind::Sale && known.state == Outcome::UnderWay && self.is_over(known.at, known.limit_s);
        (self.interval.contains(known.at) && (known.was_told || overdue)).then(|| Difference {
            kind: DifferenceKind::Missing,
            movement: known.movement,
            payment_id: known.payment_id.clone(),
            operation_id: known.operation_id.clone(),
            shop: Some(Side { amount: known.amount, state: known.state }),
            register: None,
        })
    }

    fn extra(&self, row: &Registered) -> Option<Difference> {
        let tells = match row.state {
            Outcome::Succeeded => true,
            Outcome::UnderWay => self.is_over(row.at, LONGEST_LIMIT_TIME_S),
            // A declined refund that was made elsewhere moved nothing; a payment that the shop never sent is suspicious even so.
            Outcome::Declined => matches!(row.movement, ComparedKind::Sale | ComparedKind::Payout),
        };
        (tells && self.interval.contains(row.at)).then(|| difference(DifferenceKind::Extra, None, row))
    }

    fn sum(&self, known: &Known, row: &Registered) -> Option<Difference> {
        let kind = if known.amount.currency() != row.amount.currency() {
            DifferenceKind::Currency
        } else if known.amount != row.amount {
            DifferenceKind::Amount
        } else {
            return None;
        };
        self.concerns(known, row).then(|| difference(kind, Some(known), row))
    }

    fn state(&self, known: &Known, row: &Registered) -> Option<Difference> {
        let differs = match (known.state, row.state) {
            (_, Outcome::UnderWay) => self.is_over(row.at, known.limit_s),
            // A sale that is open here and declined there was abandoned by its customer.
            (Outcome::UnderWay, Outcome::Declined) => known.movement != ComparedKind::Sale,
            (shop, register) => shop != register,
        };
        (differs && self.concerns(known, row)).then(|| difference(DifferenceKind::Status, Some(known), row))
    }

    fn concerns(&self, known: &Known, row: &Registered) -> bool {
        self.interval.contains(known.at) || self.interval.contains(row.at)
    }

    fn is_over(&self, at: i64, limit_s: i64) -> bool {
        self.now > at.saturating_add(limit_s)
    }
}

fn difference(kind: DifferenceKind, known: Option<&Known>, row: &Registered) -> Difference {
    Difference {
        kind,
        movement: row.movement,
        payment_id: row.payment_id.clone(),
        operation_id: Some(row.operation_id.clone()),
        shop: known.map(|known| Side { amount: known.amount, state: known.state }),
        register: Some(Side { amount: row.amount, state: row.state }),
    }
}
