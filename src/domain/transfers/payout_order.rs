//! An order to pay out: the account, its owner's name, the amount and the reference.

use std::fmt;

use crate::{
    domain::{
        money::{Currency, Money},
        text::{Hidden, NotALine, id, line},
    },
    platform::Method,
};

/// A payout that an operator orders. Whether the customer may get it is checked when it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutOrder {
    pub customer_id: String,
    pub account: Account,
    pub full_name: FullName,
    pub amount: PayoutAmount,
}

/// 11 digits that begin with 09.
#[derive(Clone, PartialEq, Eq)]
pub struct Account(String);

/// The account owner's name, 1 to 255 characters that may be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct FullName(String);

/// An amount that its method pays out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayoutAmount {
    money: Money,
    method: Method,
}

/// The name of a refund or payout: 1 to 255 ASCII characters, because the platform compares names without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference(String);

/// Why a payout is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPayable {
    #[error("{0} has no payouts")]
    NoPayouts(&'static str),
    #[error("an account has 11 digits and begins with 09")]
    NoAccount,
    #[error("a full name has 1 to 255 characters; this one {0}")]
    NoName(#[from] NotALine),
    #[error("a reference has 1 to 255 letters, digits and signs of ASCII, no semicolon")]
    NoReference,
    #[error("the reference {0}")]
    HiddenInReference(Hidden),
    #[error("a payout is of {0} to {1}")]
    OutsideLimits(Money, Money),
    #[error("it pays out in {}", .0.code())]
    OtherCurrency(Currency),
    #[error("the shop knows no customer of this id")]
    UnknownCustomer,
    #[error("this customer has paid nothing by {0}; the platform pays out only to those who have")]
    NoPurchase(&'static str),
    #[error("the customer's address is not known; pay out in the platform's Dashboard")]
    NoAddress,
}

impl Account {
    pub fn parse(text: &str) -> Result<Self, NotPayable> {
        let text = id(text).map_err(|_| NotPayable::NoAccount)?;
        let fits = text.len() == 11 && text.starts_with("09") && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { Ok(Self(text.to_owned())) } else { Err(NotPayable::NoAccount) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FullName {
    /// Keeps only what is visible.
    pub fn parse(text: &str) -> Result<Self, NotALine> {
        line(text, 255).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PayoutAmount {
    pub fn new(money: Money, method: Method) -> Result<Self, NotPayable> {
        let rules = method.rules();
        let payout = rules.gate.payout.as_ref().ok_or(NotPayable::NoPayouts(rules.name))?;
        if money.currency() != rules.currency {
            return Err(NotPayable::OtherCurrency(rules.currency));
        }
        if (payout.minimum..=payout.maximum).contains(&money.minor()) {
            return Ok(Self { money, method });
        }
        let limit = |minor| Money::from_minor(minor, rules.currency).unwrap_or(money);
        Err(NotPayable::OutsideLimits(limit(payout.minimum), limit(payout.maximum)))
    }

    pub fn money(self) -> Money {
        self.money
    }

    pub fn method(self) -> Method {
        self.method
    }
}

impl Reference {
    pub fn parse(text: &str) -> Result<Self, NotPayable> {
        let text = id(text).map_err(NotPayable::HiddenInReference)?;
        let fits = (1..=255).contains(&text.len()) && text.is_ascii() && !text.contains(';');
        if fits { Ok(Self(text.to_owned())) } else { Err(NotPayable::NoReference) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Redacted, so that personal data does not reach a log by accident.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Account([redacted])")
    }
}

impl fmt::Debug for FullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FullName([redacted])")
    }
}
