//! Money as people of a language write it: `₩18,000`, `€12.50`.

use fixed_decimal::Decimal;
use icu_decimal::DecimalFormatter;
use icu_locale_core::Locale as Language;
use leptos::prelude::*;
use leptos_i18n::Locale as _;

use crate::{
    domain::money::{Currency, Money, digits_after_point},
    i18n::Locale,
};

#[component]
pub fn Price(money: Money, locale: Locale) -> impl IntoView {
    view! { <span class="price">{in_words(money, locale)}</span> }
}

/// The amount with its currency's sign, grouped and pointed as the language does.
pub fn in_words(money: Money, locale: Locale) -> String {
    let amount = formatted(Decimal::from(money.minor()), digits_after_point(money.currency()), locale);
    format!("{}{amount}", sign(money.currency()))
}

/// The same for the back office, which speaks English.
pub fn in_english(money: Money) -> String {
    in_words(money, Locale::en)
}

/// A sum of many amounts, minor units of either sign: `−€12.50`.
pub fn sum_in_english(minor: impl Into<i128>, currency: Currency) -> String {
    let minor: i128 = minor.into();
    let amount = formatted(Decimal::from(minor.unsigned_abs()), digits_after_point(currency), Locale::en);
    let minus = if minor < 0 { "\u{2212}" } else { "" };
    format!("{minus}{}{amount}", sign(currency))
}

/// A count, grouped: `1,000,000`.
pub fn count_in_english(count: i64) -> String {
    formatted(Decimal::from(count), 0, Locale::en)
}

/// `1 row`, `2 rows`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn formatted(mut number: Decimal, digits: usize, locale: Locale) -> String {
    number.multiply_pow10(-i16::try_from(digits).unwrap_or(0));
    match formatter(locale) {
        Some(formatter) => formatter.format(&number).to_string(),
        None => number.to_string(),
    }
}

fn formatter(locale: Locale) -> Option<DecimalFormatter> {
    let language: Language = locale.as_str().parse().ok()?;
    DecimalFormatter::try_new(language.into(), Default::default()).ok()
}

/// The currency's own sign where one is well known, else its code.
fn sign(currency: Currency) -> String {
    match currency {
        Currency::KRW => "₩".to_owned(),
        Currency::PHP => "₱".to_owned(),
        Currency::EUR => "€".to_owned(),
        other => format!("{}\u{a0}", other.code()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_have_their_currencys_digits_and_the_languages_groups() {
        for (minor, currency, written) in [
            (18_000, Currency::KRW, "₩18,000"),
            (890_000, Currency::KRW, "₩890,000"),
            (78_000, Currency::PHP, "₱780.00"),
            (3_900_000, Currency::PHP, "₱39,000.00"),
            (80, Currency::EUR, "€0.80"),
            (1_234, Currency::KWD, "KWD\u{a0}1.234"),
        ] {
            let money = Money::from_minor(minor, currency).unwrap();
            assert_eq!(in_words(money, Locale::en), written);
            assert_eq!(in_words(money, Locale::ko), written);
            assert_eq!(sum_in_english(minor, currency), written);
        }
        assert_eq!(sum_in_english(-1_250, Currency::EUR), "\u{2212}€12.50");
        assert_eq!(count_in_english(1_000_000), "1,000,000");
        assert_eq!(sum_in_english(-12_345_678_901_234_567_i64, Currency::EUR), "\u{2212}€123,456,789,012,345.67");
    }
}
