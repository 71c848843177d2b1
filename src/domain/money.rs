//! Money: minor units and their currency. No fractions of a minor unit exist here.

use std::fmt;

pub use iso_currency::Currency;

/// An amount in minor units (won, centavo, cent) of one currency. Never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: u64,
    currency: Currency,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MoneyError {
    #[error("{0} and {1} cannot be added")]
    CurrenciesDiffer(Currency, Currency),
    #[error("the amount is too large")]
    TooLarge,
    #[error("{0:?} is not an amount of {1}")]
    NotAnAmount(String, Currency),
}

impl Money {
    /// The platform's published upper bound of `payment_amount`, in minor units.
    pub const LARGEST_MINOR: u64 = 10_000_000_000_000;

    /// Minor units: 1250 EUR cents are 12.50. Error: more than [`Self::LARGEST_MINOR`].
    pub fn from_minor(minor: u64, currency: Currency) -> Result<Self, MoneyError> {
        if minor > Self::LARGEST_MINOR {
            return Err(MoneyError::TooLarge);
        }
        Ok(Self { minor, currency })
    }

    pub fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Reads an amount in major units as people write it in the catalogue: `18000`, `12.50`.
    /// It must have exactly the currency's digits after the point.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let wrong = || MoneyError::NotAnAmount(text.to_owned(), currency);
        let digits = digits_after_point(currency);
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || fraction.len() != digits || text.ends_with('.') || !all_digits(whole) || !all_digits(fraction) {
            return Err(wrong());
        }
        let minor = format!("{whole}{fraction}").parse().map_err(|_| wrong())?;
        Self::from_minor(minor, currency)
    }

    /// Reads an amount in major units as an operator types it: like [`Self::parse`], but also a whole number in any currency, and
    /// a comma instead of the point if the currency has two digits, because some keypads have no point.
    /// An amount that could be read in two ways (`1,250`, `12.5`) is an error.
    pub fn parse_typed(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (text, digits) = (text.trim(), digits_after_point(currency));
        let is_whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.split_once(',') {
            _ if is_whole && digits > 0 => Self::parse(&format!("{text}.{}", "0".repeat(digits)), currency),
            Some((whole, cents)) if digits == 2 && !whole.contains('.') => Self::parse(&format!("{whole}.{cents}"), currency),
            _ => Self::parse(text, currency),
        }
    }

    /// Major units without the currency: `12.50`. [`Self::parse`] reads it.
    pub fn major(self) -> String {
        let digits = digits_after_point(self.currency);
        let text = format!("{:0>width$}", self.minor, width = digits + 1);
        let (whole, fraction) = text.split_at(text.len() - digits);
        let point = if digits == 0 { "" } else { "." };
        format!("{whole}{point}{fraction}")
    }

    /// Minor units, as `payment_amount` and `sum.amount` on the wire.
    pub fn minor(self) -> u64 {
        self.minor
    }

    pub fn currency(self) -> Currency {
        self.currency
    }

    /// Errors: two currencies, too large.
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrenciesDiffer(self.currency, other.currency));
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::TooLarge)?;
        Self::from_minor(minor, self.currency)
    }

    /// Error: too large.
    pub fn times(self, quantity: u32) -> Result<Money, MoneyError> {
        let minor = self.minor.checked_mul(quantity.into()).ok_or(MoneyError::TooLarge)?;
        Self::from_minor(minor, self.currency)
    }
}

/// Digits after the decimal point: KRW 0, PHP and EUR 2, KWD 3.
pub fn digits_after_point(currency: Currency) -> usize {
    currency.exponent().unwrap_or(0).into()
}

/// Major units with a point, for logs and machines: `12.50 EUR`. Pages use `components::price`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.major(), self.currency.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_currency_reads_back_what_it_writes() {
        for currency in [Currency::KRW, Currency::PHP, Currency::EUR, Currency::KWD, Currency::JPY] {
            for minor in [0, 1, 9, 10, 99, 100, 101, 1_000, 123_456, Money::LARGEST_MINOR] {
                let money = Money::from_minor(minor, currency).unwrap();
                let written = money.to_string();
                let (amount, code) = written.split_once(' ').unwrap();
                assert_eq!(code, currency.code());
                assert_eq!(Money::parse(amount, currency), Ok(money), "{written}");
            }
        }
    }

    #[test]
    fn a_price_has_exactly_its_currencys_digits() {
        assert_eq!(Money::parse("12.50", Currency::EUR).unwrap().minor(), 1250);
        assert_eq!(Money::parse("18000", Currency::KRW).unwrap().minor(), 18000);
        for (text, currency) in [
            ("12.5", Currency::EUR),
            ("12", Currency::EUR),
            ("12.", Currency::KRW),
            ("12.00", Currency::KRW),
            ("-1", Currency::KRW),
            ("+1", Currency::KRW),
            ("", Currency::KRW),
            (".50", Currency::EUR),
            ("1e3", Currency::KRW),
            ("99999999999999999999", Currency::KRW),
        ] {
            assert!(Money::parse(text, currency).is_err(), "{text} {currency}");
        }
    }

    #[test]
    fn what_is_typed_has_the_currencys_digits_or_is_whole() {
        for (text, currency, minor) in [
            ("12.50", Currency::EUR, 1250),
            (" 12 ", Currency::EUR, 1200),
            ("0012", Currency::PHP, 1200),
            ("18000", Currency::KRW, 18_000),
            ("12,50", Currency::EUR, 1250),
        ] {
            assert_eq!(Money::parse_typed(text, currency).unwrap().minor(), minor, "{text}");
        }
        for text in [
            "12.5", "12,5", "1,250", "1,250.00", "1.250,00", "1,2,30", ",50", "1 250", "1'250", "1.250", "1e3", "+5", "-5", "",
            " ", ".", "٥", "€5", "0x10", "5.000",
        ] {
            assert!(Money::parse_typed(text, Currency::EUR).is_err(), "{text}");
        }
        for (text, currency) in
            [("12.00", Currency::KRW), ("12,00", Currency::KRW), ("1,250", Currency::KWD), ("1,25", Currency::KWD)]
        {
            assert!(Money::parse_typed(text, currency).is_err(), "{text} {currency}");
        }
        assert_eq!(Money::parse_typed("99999999999999", Currency::EUR), Err(MoneyError::TooLarge));
    }

    #[test]
    fn two_currencies_are_never_added() {
        let won = Money::from_minor(1, Currency::KRW).unwrap();
        let cent = Money::from_minor(1, Currency::EUR).unwrap();
        assert_eq!(won.plus(cent), Err(MoneyError::CurrenciesDiffer(Currency::KRW, Currency::EUR)));
    }

    #[test]
    fn sums_do_not_overflow() {
        let most = Money::from_minor(Money::LARGEST_MINOR, Currency::EUR).unwrap();
        assert_eq!(most.plus(most), Err(MoneyError::TooLarge));
        assert_eq!(most.times(u32::MAX), Err(MoneyError::TooLarge));
    }
}
