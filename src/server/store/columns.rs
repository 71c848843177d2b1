//! How the shop's own types stand in columns: enums by their names, currencies, methods and markets by their codes, money in minor
//! units beside the column `currency`.

use crate::{
    domain::{
        batch::{BatchKind, BatchState, RowState},
        books::MoneyKind,
        case::CaseKind,
        money::{Currency, Money},
        orders::{history::Source, standing::OrderStanding},
        people::operator::Role,
        reconciliation::{ComparedKind, ComparisonOutcome, DifferenceKind},
        report::WaitingFigures,
        shop::{
            customer::{Email, LastName, Phone},
            market::Market,
        },
        transfers::{
            payout::{Account, FullName},
            progress::{Outcome, Progress},
        },
    },
    platform::{Method, PaymentStatus},
    server::store::{
        database::StoreError,
        engine::{Cell, FromColumn, Row, Value},
    },
};

/// Types that are kept as a text: how that text is read, and how it is written.
macro_rules! kept_as_text {
    ($($type:ident: $read:expr, $write:expr;)*) => { $(
        impl FromColumn for $type {
            fn from_column(value: Cell<'_>) -> Option<Self> {
                let read: fn(&str) -> Option<$type> = $read;
                read(value.as_text()?)
            }
        }
        impl<'a> From<&'a $type> for Value<'a> {
            fn from(value: &'a $type) -> Self {
                let write: fn(&'a $type) -> &'a str = $write;
                write(value).into()
            }
        }
        impl<'a> From<&'a Option<$type>> for Value<'a> {
            fn from(value: &'a Option<$type>) -> Self {
                value.as_ref().into()
            }
        }
    )* };
}

kept_as_text! {
    Email: Email::kept, Email::as_str;
    LastName: |text| LastName::parse(text).ok(), LastName::as_str;
    Phone: |text| Phone::parse(text).ok(), Phone::as_str;
    Account: |text| Account::parse(text).ok(), Account::as_str;
    FullName: |text| FullName::parse(text).ok(), FullName::as_str;
    PaymentStatus: |text| Some(PaymentStatus::new(text)), PaymentStatus::as_str;
    Currency: Currency::from_code, |currency| currency.code();
    Method: Method::from_code, |method| method.rules().code;
    Market: Market::from_code, |market| market.code();
    BatchKind: BatchKind::from_name, |kind| kind.name();
    BatchState: BatchState::from_name, |state| state.name();
    RowState: RowState::from_name, |state| state.name();
    MoneyKind: MoneyKind::from_name, |kind| kind.name();
    CaseKind: CaseKind::from_name, |kind| kind.name();
    Source: Source::from_name, |source| source.name();
    Role: Role::from_name, |role| role.name();
    ComparedKind: ComparedKind::from_name, |kind| kind.name();
    ComparisonOutcome: ComparisonOutcome::from_name, |outcome| outcome.name();
    DifferenceKind: DifferenceKind::from_name, |kind| kind.name();
    OrderStanding: OrderStanding::from_name, |state| state.name();
    WaitingFigures: WaitingFigures::from_name, |waiting| waiting.name();
    Progress: Progress::from_name, |progress| progress.name();
    Outcome: Outcome::from_name, |word| word.name();
}

/// Values of these are copied where they are used.
macro_rules! copied {
    ($($type:ident),*) => { $(
        impl From<$type> for Value<'_> {
            fn from(value: $type) -> Self {
                let text: &'static str = value.name();
                text.into()
            }
        }
    )* };
}
copied!(
    BatchKind,
    BatchState,
    CaseKind,
    ComparedKind,
    ComparisonOutcome,
    DifferenceKind,
    MoneyKind,
    Progress,
    Role,
    RowState,
    Source,
    WaitingFigures,
    Outcome
);

impl From<Currency> for Value<'_> {
    fn from(currency: Currency) -> Self {
        currency.code().into()
    }
}

impl From<Method> for Value<'_> {
    fn from(method: Method) -> Self {
        method.rules().code.into()
    }
}

impl From<Market> for Value<'_> {
    fn from(market: Market) -> Self {
        market.code().into()
    }
}

impl From<Money> for Value<'_> {
    fn from(money: Money) -> Self {
        Value::Integer(as_stored(money))
    }
}

impl Row<'_> {
    /// The money whose minor units stand in the column of this name.
    pub fn money(&self, name: &'static str) -> Result<Money, StoreError> {
        self.money_or_null(name)?.ok_or(StoreError::Inconsistent(name))
    }

    pub fn money_or_null(&self, name: &'static str) -> Result<Option<Money>, StoreError> {
        let Some(minor) = self.named(name)? else { return Ok(None) };
        money(minor, self.named("currency")?).map(Some).ok_or(StoreError::Inconsistent(name))
    }
}

/// `None`: fewer than none, or more than can be counted.
pub fn money(minor: i64, currency: Currency) -> Option<Money> {
    Money::from_minor(minor.try_into().ok()?, currency).ok()
}

/// Minor units as they are kept. [`Money`] never exceeds what fits.
pub fn as_stored(money: Money) -> i64 {
    money.minor().try_into().unwrap_or(i64::MAX)
}
