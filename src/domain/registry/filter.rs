//! Which orders are wanted, in which order, and from where on. It lives in the address alone.

use super::{Field, OrderState};
use crate::domain::{
    day::Day,
    money::{Currency, Money},
    report::PaidWith,
    shop::market::Market,
};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    pub states: Option<States>,
    /// Of the attempt that tells; also those that were not told yet.
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
    One(OrderState),
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

/// Where a page begins: paging goes by the key of a row, so orders that arrive meanwhile move nothing.
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
        OrderState::ALL.into_iter().map(States::One).chain([States::EverPaid, States::GivenBack])
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
            States::EverPaid => "Paid, refunded since or not",
            States::GivenBack => "Refunded, wholly or in part",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|states| states.name() == name)
    }

    pub fn each(self) -> impl Iterator<Item = OrderState> {
        OrderState::ALL.into_iter().filter(move |state| match self {
            States::One(one) => *state == one,
            States::EverPaid => state.was_paid(),
            States::GivenBack => state.was_paid() && *state != OrderState::Paid,
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

    /// As it is written into an address; what is not asked for is left out.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let amount = |money: Money| money.to_string().split(' ').next().unwrap_or_default().to_owned();
        let place = |wanted: Field| match self.place {
            ListPosition::After(key) if wanted == Field::After => Some(key.to_string()),
            ListPosition::Before(key) if wanted == Field::Before => Some(key.to_string()),
            _ => None,
        };
        let value = |field: Field| match field {
            Field::State => self.states.map(|states| states.name().to_owned()),
            Field::Method => self.method.map(|method| method.code().to_owned()),
            Field::Market => self.market.map(|market| market.code().to_owned()),
            Field::Currency => self.currency.map(|currency| currency.code().to_owned()),
            Field::From => self.from.map(|day| day.to_string()),
            Field::To => self.to.map(|day| day.to_string()),
            Field::Min => self.min.map(amount),
            Field::Max => self.max.map(amount),
            Field::Text => self.text.clone(),
            Field::Sort => (self.sort != Sort::default()).then(|| self.sort.name().to_owned()),
            Field::After | Field::Before => place(field),
        };
        Field::ALL.into_iter().filter_map(|field| Some((field.name(), value(field)?))).collect()
    }
}
