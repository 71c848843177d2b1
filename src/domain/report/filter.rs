//! What a report is about: days of the merchant's, and perhaps one currency, method or market. It lives in the address.

use std::fmt;

use super::place::{MarketMethod, PaidWith};
use crate::domain::{day::Day, money::Currency, shop::market::Market, text::fields::Fields};

/// The fields of the form, as addresses name them.
pub const REPORT_FIELDS: &[&str] = &["from", "to", "currency", "method", "market"];

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

/// Days a page or download is about at most.
pub const MOST_DAYS: usize = 366;

impl ReportFilter {
    /// Reads what was given; days left out: this month until today. `None`: something cannot be read, and is told in the fields.
    pub fn read(fields: &mut Fields, today: Day) -> Option<Self> {
        let (from, to) = fields.days();
        let to = to.unwrap_or(today);
        let from = from.unwrap_or_else(|| to.first_of_month());
        match from.until(to).take(MOST_DAYS + 1).count() {
            0 if !fields.is_refused() => fields.refuse("to", "The last day is before the first"),
            days if days > MOST_DAYS => fields.refuse("to", format!("At most {MOST_DAYS} days at once")),
            _ => {}
        }
        let part = Part {
            currency: fields.one_of("currency", Currency::from_code),
            method: fields.one_of("method", PaidWith::from_code),
            market: fields.one_of("market", Market::from_code),
        };
        fields.or_usual("from", from);
        fields.or_usual("to", to);
        (!fields.is_refused()).then_some(Self { from, to, part })
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

    fn today() -> Day {
        "2026-11-26".parse().unwrap()
    }

    fn read(query: &str) -> Result<ReportFilter, Fields> {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut fields = Fields::of(REPORT_FIELDS, &[], pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        ReportFilter::read(&mut fields, today()).ok_or(fields)
    }

    #[test]
    fn a_filter_is_read_back_from_its_address() {
        for (given, written) in [
            ("from=2026-11-01&to=2026-11-30&currency=EUR&method=bancontact&market=BE", None),
            ("", Some("from=2026-11-01&to=2026-11-26")),
            ("to=2026-09-10", Some("from=2026-09-01&to=2026-09-10")),
        ] {
            assert_eq!(read(given).unwrap().to_string(), written.unwrap_or(given));
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_at_its_field() {
        let fields = read("from=1&to=2&currency=XYZ&method=card&market=ZZ").unwrap_err();
        assert!(REPORT_FIELDS.iter().all(|name| fields.problem(name).is_some()), "{fields:?}");
        for (from, to, why) in [
            ("2026-11-02", "2026-11-01", Some("The last day is before the first")),
            ("2026-12-02", "", Some("The last day is before the first")),
            ("2025-11-01", "2026-11-02", Some("At most 366 days at once")),
            ("1970-01-01", "9999-12-31", Some("At most 366 days at once")),
            ("2025-11-02", "2026-11-02", None),
        ] {
            let told = read(&format!("from={from}&to={to}")).err().and_then(|fields| fields.problem("to"));
            assert_eq!(told.as_deref(), why, "{from} {to}");
        }
    }
}
