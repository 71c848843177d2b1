//! Which orders are wanted, in which order, and from where on. It lives in the address alone.

use crate::domain::{
    day::Day,
    money::{Currency, Money, MoneyError, digits_after_point},
    orders::standing::OrderStanding,
    report::PaidWith,
    shop::market::Market,
    text::fields::Fields,
};

/// The fields of the form, as addresses name them; and those of links to further pages.
pub const ORDER_FIELDS: &[&str] = &["state", "method", "market", "currency", "from", "to", "min", "max", "q", "sort"];
pub const ORDER_LINKS: &[&str] = &["after", "before"];

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    pub states: Option<States>,
    /// Of the attempt that tells, or not known yet.
    pub method: Option<PaidWith>,
    pub market: Option<Market>,
    pub currency: Option<Currency>,
    /// Days in the merchant's time zone, both included.
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// Both included, in [`Self::currency`].
    pub min: Option<Money>,
    pub max: Option<Money>,
    /// The beginning of a number, payment id, e-mail address or customer id; case does not matter.
    pub text: Option<String>,
    /// By amount only with a currency.
    pub sort: Sort,
    pub place: ListPosition,
}

/// States that are wanted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    One(OrderStanding),
    /// Money was taken, whatever was given back since.
    EverPaid,
    /// Some of the money went back, or all of it.
    GivenBack,
}

named! {
    #[derive(Default)]
    pub enum Sort {
        #[default]
        Newest = "newest",
        Oldest = "oldest",
        Largest = "largest",
        Smallest = "smallest",
    }
}

/// Where a page begins. It is the key of a row, so orders that arrive meanwhile do not shift the pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ListPosition {
    #[default]
    First,
    After(OrderListKey),
    Before(OrderListKey),
}

/// A row's place: what is sorted by (Unix seconds, or minor units), then the order's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderListKey {
    pub value: i64,
    pub id: i64,
}

impl States {
    pub fn all() -> impl Iterator<Item = Self> {
        OrderStanding::ALL.into_iter().map(States::One).chain([States::EverPaid, States::GivenBack])
    }

    /// As in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            States::One(state) => state.name(),
            States::EverPaid => "ever-paid",
            States::GivenBack => "given-back",
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            States::One(state) => state.words(),
            States::EverPaid => "Ever paid",
            States::GivenBack => "Ever refunded",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|states| states.name() == name)
    }

    pub fn each(self) -> impl Iterator<Item = OrderStanding> {
        OrderStanding::ALL.into_iter().filter(move |state| match self {
            States::One(one) => *state == one,
            States::EverPaid => state.was_paid(),
            States::GivenBack => state.was_given_back(),
        })
    }
}

impl Sort {
    pub const fn words(self) -> &'static str {
        match self {
            Sort::Newest => "Newest first",
            Sort::Oldest => "Oldest first",
            Sort::Largest => "Largest first",
            Sort::Smallest => "Smallest first",
        }
    }

    /// Amounts of two currencies have no order.
    pub const fn is_by_amount(self) -> bool {
        matches!(self, Sort::Largest | Sort::Smallest)
    }

    pub const fn is_descending(self) -> bool {
        matches!(self, Sort::Newest | Sort::Largest)
    }
}

impl OrderListKey {
    /// Reads `1760000000-42`.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let (value, id) = text.split_once('-')?;
        Some(Self { value: number(value)?, id: number(id)? })
    }
}

impl std::fmt::Display for OrderListKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.value, self.id)
    }
}

impl OrderFilter {
    /// The same orders from the beginning.
    pub fn from_the_first(&self) -> Self {
        self.at(ListPosition::First)
    }

    pub fn at(&self, place: ListPosition) -> Self {
        Self { place, ..self.clone() }
    }

    /// All orders.
    pub fn is_open(&self) -> bool {
        let Self { states, method, market, currency, from, to, min, max, text, sort: _, place: _ } = self;
        (states, method, market, currency, from, to, min, max, text)
            == (&None, &None, &None, &None, &None, &None, &None, &None, &None)
    }

    /// Reads what was given. `None`: something cannot be read, and is told in the fields.
    pub fn read(fields: &mut Fields) -> Option<Self> {
        let market = fields.one_of("market", Market::from_code);
        let sort = fields.one_of("sort", Sort::from_name).unwrap_or_default();
        // A market has one currency: it need not be chosen, too.
        let is_about_amounts = sort.is_by_amount() || ["min", "max"].iter().any(|name| !fields.value(name).trim().is_empty());
        if let Some(market) = market.filter(|_| is_about_amounts) {
            fields.or_usual("currency", market.currency().code());
        }
        let currency = fields.one_of("currency", Currency::from_code);
        let (from, to) = fields.days();
        let (min, max) = (fields.read("min", |text| amount(text, currency)), fields.read("max", |text| amount(text, currency)));
        if min.zip(max).is_some_and(|(min, max)| max.minor() < min.minor()) {
            fields.refuse("max", "This is less than the least amount");
        }
        if sort.is_by_amount() && currency.is_none() {
            fields.refuse("sort", "Choose a currency: amounts of two currencies have no order");
        }
        let place = match (fields.row("after", OrderListKey::parse), fields.row("before", OrderListKey::parse)) {
            (None, None) => ListPosition::First,
            (Some(key), None) => ListPosition::After(key),
            (None, Some(key)) => ListPosition::Before(key),
            (Some(_), Some(_)) => {
                fields.refuse("before", "a page is after one row or before one, not both");
                ListPosition::First
            }
        };
        let filter = Self {
            states: fields.one_of("state", States::from_name),
            method: fields.one_of("method", PaidWith::from_code),
            market,
            currency,
            from,
            to,
            min,
            max,
            text: fields.id("q"),
            sort,
            place,
        };
        (!fields.is_refused()).then_some(filter)
    }

    /// As it is written into an address; what is not asked for is left out.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let amount = |money: Money| money.to_string().split(' ').next().unwrap_or_default().to_owned();
        let (after, before) = match self.place {
            ListPosition::First => (None, None),
            ListPosition::After(key) => (Some(key.to_string()), None),
            ListPosition::Before(key) => (None, Some(key.to_string())),
        };
        let pairs = [
            ("state", self.states.map(|states| states.name().to_owned())),
            ("method", self.method.map(|method| method.code().to_owned())),
            ("market", self.market.map(|market| market.code().to_owned())),
            ("currency", self.currency.map(|currency| currency.code().to_owned())),
            ("from", self.from.map(|day| day.to_string())),
            ("to", self.to.map(|day| day.to_string())),
            ("min", self.min.map(amount)),
            ("max", self.max.map(amount)),
            ("q", self.text.clone()),
            ("sort", (self.sort != Sort::default()).then(|| self.sort.name().to_owned())),
            ("after", after),
            ("before", before),
        ];
        pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// Major units in the currency's own digits: `12.50`, or `12` for 12.00.
fn amount(text: &str, currency: Option<Currency>) -> Result<Money, String> {
    let currency = currency.ok_or("Choose a currency: an amount is of one")?;
    Money::parse_typed(text, currency).map_err(|error| match error {
        MoneyError::TooLarge => format!("{text:?} is more than any order can be"),
        _ => {
            let digits = digits_after_point(currency);
            format!("{text:?} is no amount of {}, which has {digits} digits after the point", currency.code())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Method;

    fn fields(query: &[(&str, &str)]) -> Fields {
        Fields::of(ORDER_FIELDS, ORDER_LINKS, query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    fn read(query: &[(&str, &str)]) -> Option<OrderFilter> {
        OrderFilter::read(&mut fields(query))
    }

    /// The fields of something that cannot be read.
    fn refused(query: &[(&str, &str)]) -> Fields {
        let mut fields = fields(query);
        assert_eq!(OrderFilter::read(&mut fields), None, "{query:?}");
        fields
    }

    #[test]
    fn a_filter_reads_back_what_it_writes() {
        let money = |minor| Some(Money::from_minor(minor, Currency::EUR).unwrap());
        let whole = OrderFilter {
            states: Some(States::One(OrderStanding::PartiallyRefunded)),
            method: Some(PaidWith::Method(Method::Bancontact)),
            market: Some(Market::Belgium),
            currency: Some(Currency::EUR),
            from: "2026-03-08".parse().ok(),
            to: "2026-03-09".parse().ok(),
            min: money(5),
            max: money(1_250),
            text: Some("a&b=c+d %41 é".to_owned()),
            sort: Sort::Largest,
            place: ListPosition::After(OrderListKey { value: 1_250, id: 42 }),
        };
        let states = States::all().map(|states| OrderFilter { states: Some(states), ..OrderFilter::default() });
        let methods = Method::ALL.into_iter().map(PaidWith::Method).chain([PaidWith::NotTold]);
        let methods = methods.map(|method| OrderFilter { method: Some(method), ..OrderFilter::default() });
        let markets = Market::ALL.map(|market| OrderFilter { market: Some(market), ..OrderFilter::default() });
        let sorts = Sort::ALL.map(|sort| OrderFilter { sort, currency: Some(Currency::KRW), ..OrderFilter::default() });
        let back = OrderFilter { place: ListPosition::Before(OrderListKey { value: 0, id: i64::MAX }), ..OrderFilter::default() };
        let filters = [whole, back, OrderFilter::default()].into_iter().chain(states).chain(methods).chain(markets).chain(sorts);
        for filter in filters {
            let pairs = filter.pairs().into_iter().map(|(name, value)| (name.to_owned(), value));
            assert_eq!(OrderFilter::read(&mut Fields::of(ORDER_FIELDS, ORDER_LINKS, pairs)), Some(filter));
        }
        assert!(OrderFilter::default().pairs().is_empty() && OrderFilter::default().is_open());
    }

    #[test]
    fn ever_paid_is_paid_and_what_was_refunded_since() {
        let paid = read(&[("state", "ever-paid")]).unwrap().states.unwrap();
        assert_eq!(
            paid.each().collect::<Vec<_>>(),
            [OrderStanding::Paid, OrderStanding::PartiallyRefunded, OrderStanding::Refunded]
        );
        for state in OrderStanding::ALL {
            assert_eq!(States::One(state).each().collect::<Vec<_>>(), [state]);
        }
    }

    #[test]
    fn an_empty_form_asks_for_all_orders() {
        let empty: Vec<_> = ORDER_FIELDS.iter().chain(ORDER_LINKS).map(|name| (*name, " ")).collect();
        assert_eq!(read(&empty), Some(OrderFilter::default()));
        assert_eq!(read(&[("q", "\u{200B}\u{A0}")]), Some(OrderFilter::default()));
    }

    #[test]
    fn what_cannot_be_read_is_told_at_its_field() {
        for (name, value) in [
            ("state", "Paid"),
            ("state", "ever paid"),
            ("method", "cash"),
            ("method", "Unknown"),
            ("market", "kr"),
            ("currency", "EURO"),
            ("from", "2026-02-30"),
            ("to", "yesterday"),
            ("min", "12"),
            ("q", "a\u{0}b"),
            ("sort", "largest"),
        ] {
            let fields = refused(&[(name, value)]);
            let told: Vec<_> = ORDER_FIELDS.iter().filter(|field| fields.problem(field).is_some()).collect();
            assert!(told == [&name] && fields.others().is_empty(), "{name}: {fields:?}");
        }
        for query in [
            &[("after", "1")][..],
            &[("after", "1-2"), ("before", "1-2")],
            &[("before", "-1-2")],
            &[("page", "2")],
            &[("state", "paid"), ("state", "paid")],
        ] {
            assert_eq!(refused(query).others().len(), 1, "{query:?}");
        }
    }

    #[test]
    fn amounts_have_their_currencys_digits() {
        let least = |currency, min| read(&[("currency", currency), ("min", min)]).map(|filter| filter.min.unwrap().minor());
        assert_eq!(least("EUR", "12"), Some(1_200));
        assert_eq!(least("EUR", "12.50"), Some(1_250));
        assert_eq!(least("EUR", "12,50"), Some(1_250));
        assert_eq!(least("KRW", "12"), Some(12));
        for (currency, bad) in
            [("EUR", "12.5"), ("KRW", "12.00"), ("EUR", "1e3"), ("EUR", "-1"), ("EUR", "1,000"), ("EUR", "99999999999999999999")]
        {
            assert!(refused(&[("currency", currency), ("min", bad)]).problem("min").is_some(), "{bad}");
        }
        for query in [&[("market", "BE"), ("sort", "largest")][..], &[("market", "BE"), ("min", "12.50")]] {
            assert_eq!(read(query).unwrap().currency, Some(Currency::EUR), "a market has one currency");
        }
        assert_eq!(read(&[("market", "BE")]).unwrap().currency, None);
        let upside_down = refused(&[("currency", "EUR"), ("min", "2"), ("max", "1"), ("from", "2026-01-02"), ("to", "2026-01-01")]);
        assert!(upside_down.problem("max").is_some() && upside_down.problem("to").is_some());
    }
}
