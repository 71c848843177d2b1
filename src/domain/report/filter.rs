//! What a report is about: days of the merchant's, and perhaps one currency, method or market. It lives in the address.

use std::fmt;

use super::place::{MarketMethod, PaidWith};
use crate::domain::{day::Day, money::Currency, shop::market::Market};

/// Days, both included, and what of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportFilter {
    pub from: Day,
    pub to: Day,
    pub part: Part,
}

/// `None` is everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    pub currency: Option<Currency>,
    pub method: Option<PaidWith>,
    pub market: Option<Market>,
}

/// A filter as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedDays {
    pub from: String,
    pub to: String,
    pub currency: String,
    pub method: String,
    pub market: String,
}

/// The first thing of each field that cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unreadable {
    pub from: Option<&'static str>,
    pub to: Option<&'static str>,
    pub currency: Option<&'static str>,
    pub method: Option<&'static str>,
    pub market: Option<&'static str>,
}

/// Days a page or download is about at most.
pub const MOST_DAYS: usize = 366;

impl ReportFilter {
    /// Reads what was typed. Days left out: this month until today.
    pub fn read(typed: &TypedDays, today: Day) -> Result<Self, Unreadable> {
        let mut unreadable = Unreadable::default();
        let day = |text: &str, default: Day| if text.is_empty() { Ok(default) } else { text.parse().map_err(|_| NO_DAY) };
        let to = day(&typed.to, today).map_err(|why| unreadable.to = Some(why)).ok();
        let first = to.map_or(today, Day::first_of_month);
        let from = day(&typed.from, first).map_err(|why| unreadable.from = Some(why)).ok();
        if let (Some(from), Some(to)) = (from, to) {
            let days = from.until(to).take(MOST_DAYS + 1).count();
            unreadable.to = match days {
                0 => Some("The last day is before the first"),
                days if days > MOST_DAYS => Some("At most 366 days at once"),
                _ => None,
            };
        }
        let currency = one(&typed.currency, Currency::from_code, "No currency such as EUR", &mut unreadable.currency);
        let method = one(&typed.method, PaidWith::from_code, "No method of this shop", &mut unreadable.method);
        let market = one(&typed.market, Market::from_code, "No market of this shop", &mut unreadable.market);
        match (from, to) {
            (Some(from), Some(to)) if unreadable == Unreadable::default() => {
                Ok(Self { from, to, part: Part { currency, method, market } })
            }
            _ => Err(unreadable),
        }
    }

    /// The same days of one currency.
    pub fn of_currency(self, currency: Currency) -> Self {
        Self { part: Part { currency: Some(currency), ..self.part }, ..self }
    }

    pub fn of_method(self, method: PaidWith) -> Self {
        Self { part: Part { method: Some(method), ..self.part }, ..self }
    }

    pub fn of_place(self, place: MarketMethod) -> Self {
        let part = Part { currency: Some(place.currency), method: Some(place.method), market: place.market };
        Self { part, ..self }
    }

    pub fn of_day(self, day: Day) -> Self {
        Self { from: day, to: day, ..self }
    }

    pub fn days(self) -> impl Iterator<Item = Day> {
        self.from.until(self.to)
    }

    /// As it would be typed.
    pub fn typed(self) -> TypedDays {
        let Part { currency, method, market } = self.part;
        TypedDays {
            from: self.from.to_string(),
            to: self.to.to_string(),
            currency: currency.map_or("", |currency| currency.code()).to_owned(),
            method: method.map_or("", PaidWith::code).to_owned(),
            market: market.map_or("", Market::code).to_owned(),
        }
    }
}

const NO_DAY: &str = "Not a day such as 2026-11-01";

fn one<T>(text: &str, read: impl Fn(&str) -> Option<T>, why: &'static str, unreadable: &mut Option<&'static str>) -> Option<T> {
    let found = read(text);
    if found.is_none() && !text.is_empty() {
        *unreadable = Some(why);
    }
    found
}

impl fmt::Display for Part {
    /// The part of an address's query that follows its days, each with its `&`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Part { currency, method, market } = self;
        let parts = [
            ("currency", currency.map(|currency| currency.code())),
            ("method", method.map(PaidWith::code)),
            ("market", market.map(Market::code)),
        ];
        parts.into_iter().try_for_each(|(name, value)| value.map_or(Ok(()), |value| write!(f, "&{name}={value}")))
    }
}

/// An address's query: `from=2026-11-01&to=2026-11-30&currency=EUR`.
impl fmt::Display for ReportFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from={}&to={}{}", self.from, self.to, self.part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(from: &str, to: &str) -> TypedDays {
        TypedDays { from: from.to_owned(), to: to.to_owned(), ..TypedDays::default() }
    }

    fn today() -> Day {
        "2026-11-26".parse().unwrap()
    }

    #[test]
    fn a_filter_is_read_back_from_its_address() {
        let asked = TypedDays {
            currency: "EUR".to_owned(),
            method: "bancontact".to_owned(),
            market: "BE".to_owned(),
            ..typed("2026-11-01", "2026-11-30")
        };
        let filter = ReportFilter::read(&asked, today()).unwrap();
        assert_eq!(filter.typed(), asked);
        assert_eq!(filter.to_string(), "from=2026-11-01&to=2026-11-30&currency=EUR&method=bancontact&market=BE");
        assert_eq!(ReportFilter::read(&TypedDays::default(), today()).unwrap().to_string(), "from=2026-11-01&to=2026-11-26");
        assert_eq!(ReportFilter::read(&typed("", "2026-09-10"), today()).unwrap().from.to_string(), "2026-09-01");
    }

    #[test]
    fn what_cannot_be_read_is_named_at_its_field() {
        let wrong = TypedDays { currency: "XYZ".to_owned(), method: "card".to_owned(), market: "ZZ".to_owned(), ..typed("1", "2") };
        let unreadable = ReportFilter::read(&wrong, today()).unwrap_err();
        assert!(unreadable.from.is_some() && unreadable.to.is_some() && unreadable.currency.is_some());
        assert!(unreadable.method.is_some() && unreadable.market.is_some());
        for (from, to, why) in [
            ("2026-11-02", "2026-11-01", Some("The last day is before the first")),
            ("2025-11-01", "2026-11-02", Some("At most 366 days at once")),
            ("1970-01-01", "9999-12-31", Some("At most 366 days at once")),
            ("2025-11-02", "2026-11-02", None),
        ] {
            assert_eq!(
                ReportFilter::read(&typed(from, to), today()).err().and_then(|unreadable| unreadable.to),
                why,
                "{from} {to}"
            );
        }
    }
}
