//! The figures of some days. Sums of different currencies are never added.
//!
//! - money is counted on the day it moved, according to the books;
//! - orders are counted on the day they were placed, as they stand now;
//! - declined attempts are counted on the day they began;
//! - what has not ended is counted as it stands now, whatever the days.

mod figures;
mod filter;
mod place;

use std::collections::BTreeMap;

pub use super::day::{Day, NotADay};
pub use figures::{Figures, Moved, Orders, Rate};
pub use filter::{MOST_DAYS, Part, REPORT_FIELDS, ReportFilter};
pub use place::{MarketMethod, PaidWith};

use super::money::Currency;

/// The figures that a filter selects, by day and by currency, method and market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub filter: ReportFilter,
    pub cells: BTreeMap<(Day, MarketMethod), Figures>,
    pub times: Vec<TimeToPay>,
    pub declines: Vec<Declines>,
    pub unfinished: Vec<Unfinished>,
}

/// How many orders of one currency took this long from being placed to being paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeToPay {
    pub currency: Currency,
    pub seconds: i64,
    pub orders: u64,
}

/// How many attempts of one currency the platform declined for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declines {
    pub currency: Currency,
    /// The platform's code. `None`: it named none.
    pub code: Option<String>,
    pub attempts: u64,
}

named! {
    /// What can be unfinished.
    #[derive(PartialOrd, Ord)]
    pub enum WaitingFigures {
        /// A payment that began, according to the platform, and is neither paid nor declined.
        Payment = "payment",
        Refund = "refund",
        Payout = "payout",
    }
}

/// How much of one kind and currency has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfinished {
    pub waiting: WaitingFigures,
    pub currency: Currency,
    /// It should have ended by now.
    pub is_stuck: bool,
    pub moved: Moved,
}

/// All figures of one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrencyReport {
    pub currency: Currency,
    pub total: Figures,
    /// Every day of the filter, also those on which nothing happened.
    pub by_day: Vec<(Day, Figures)>,
    /// By method and market.
    pub by_place: Vec<(MarketMethod, Figures)>,
    /// Seconds within which half, and nine in ten, of the paid orders were paid. `None`: no order was paid.
    pub half_paid_within: Option<i64>,
    pub most_paid_within: Option<i64>,
    /// Codes and numbers of attempts, most frequent first.
    pub declines: Vec<(Option<String>, u64)>,
    /// For each kind: what is under way, then what is stuck.
    pub unfinished: Vec<(WaitingFigures, Moved, Moved)>,
}

impl Report {
    /// The currencies that have figures, in the order of their codes.
    pub fn currencies(&self) -> Vec<Currency> {
        let cells = self.cells.keys().map(|(_, place)| place.currency);
        let declines = self.declines.iter().map(|declines| declines.currency);
        let unfinished = self.unfinished.iter().map(|unfinished| unfinished.currency);
        let all: BTreeMap<&str, Currency> =
            cells.chain(declines).chain(unfinished).map(|currency| (currency.code(), currency)).collect();
        all.into_values().collect()
    }

    pub fn by_currency(&self) -> Vec<CurrencyReport> {
        self.currencies().into_iter().map(|currency| self.of(currency)).collect()
    }

    fn of(&self, currency: Currency) -> CurrencyReport {
        let mut total = Figures::default();
        let mut by_day: BTreeMap<Day, Figures> = self.filter.days().map(|day| (day, Figures::default())).collect();
        let mut by_place: BTreeMap<MarketMethod, Figures> = BTreeMap::new();
        for ((day, place), figures) in self.cells.iter().filter(|((_, place), _)| place.currency == currency) {
            total.take_in(figures);
            by_day.entry(*day).or_default().take_in(figures);
            by_place.entry(*place).or_default().take_in(figures);
        }
        let mut times: Vec<(i64, u64)> =
            self.times.iter().filter(|time| time.currency == currency).map(|time| (time.seconds, time.orders)).collect();
        times.sort_unstable();
        let mut declines: Vec<_> =
            self.declines.iter().filter(|one| one.currency == currency).map(|one| (one.code.clone(), one.attempts)).collect();
        declines.sort_by(|(code, attempts), (other, more)| more.cmp(attempts).then(code.cmp(other)));
        CurrencyReport {
            currency,
            total,
            by_day: by_day.into_iter().collect(),
            by_place: by_place.into_iter().collect(),
            half_paid_within: within(&times, 500),
            most_paid_within: within(&times, 900),
            declines,
            unfinished: WaitingFigures::ALL
                .into_iter()
                .map(|waiting| (waiting, self.waits(currency, waiting, false), self.waits(currency, waiting, true)))
                .collect(),
        }
    }

    fn waits(&self, currency: Currency, waiting: WaitingFigures, is_stuck: bool) -> Moved {
        let mut sum = Moved::default();
        let those = self.unfinished.iter().filter(|one| (one.waiting, one.currency, one.is_stuck) == (waiting, currency, is_stuck));
        those.for_each(|one| sum.take_in(one.moved));
        sum
    }
}

/// The time (seconds) within which `permille` of the orders were paid, by nearest rank. `times` are sorted, each with its orders.
fn within(times: &[(i64, u64)], permille: u64) -> Option<i64> {
    let all: u64 = times.iter().map(|(_, orders)| orders).sum();
    let rank = all.saturating_mul(permille).div_ceil(1000);
    let mut counted = 0;
    times.iter().find_map(|(seconds, orders)| {
        counted += orders;
        (counted >= rank).then_some(*seconds)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::shop::market::Market, platform::Method};

    #[test]
    fn half_and_nine_in_ten_are_the_nearest_ranks() {
        assert_eq!(within(&[], 500), None);
        assert_eq!(within(&[(7, 1)], 500), Some(7));
        assert_eq!(within(&[(1, 1), (2, 1), (3, 1), (4, 1)], 500), Some(2));
        assert_eq!(within(&[(1, 9), (100, 1)], 900), Some(1));
        assert_eq!(within(&[(1, 8), (100, 2)], 900), Some(100));
    }

    #[test]
    fn every_sum_stays_in_its_currency_and_equals_its_parts() {
        let filter = ReportFilter { from: "2026-11-01".parse().unwrap(), to: "2026-11-03".parse().unwrap(), part: Part::default() };
        let euro =
            MarketMethod { currency: Currency::EUR, method: PaidWith::Method(Method::Bancontact), market: Some(Market::Belgium) };
        let unknown = MarketMethod { method: PaidWith::NotTold, ..euro };
        let won = MarketMethod { currency: Currency::KRW, method: PaidWith::Method(Method::Payco), market: Some(Market::Korea) };
        let sold = |minor| Figures { sales: Moved { count: 1, minor }, ..Figures::default() };
        let days: Vec<Day> = filter.days().collect();
        let cells = [
            ((days[0], euro), sold(100)),
            ((days[2], euro), sold(20)),
            ((days[2], unknown), sold(3)),
            ((days[0], won), sold(5000)),
        ];
        let report = Report { filter, cells: cells.into_iter().collect(), times: vec![], declines: vec![], unfinished: vec![] };
        let by_currency = report.by_currency();
        let sums: Vec<_> = by_currency.iter().map(|one| (one.currency.code(), one.total.sales.minor)).collect();
        assert_eq!(sums, [("EUR", 123), ("KRW", 5000)]);
        for one in by_currency {
            assert_eq!(one.by_day.len(), 3);
            assert_eq!(one.by_day.iter().map(|(_, figures)| figures.sales.minor).sum::<i128>(), one.total.sales.minor);
            assert_eq!(one.by_place.iter().map(|(_, figures)| figures.sales.minor).sum::<i128>(), one.total.sales.minor);
        }
    }
}
