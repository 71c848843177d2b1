//! Amounts as people read them: `18,000 KRW`, `12.50 EUR`.

use iso_currency::Currency;

/// Minor units in major units, thousands apart, with the currency's code.
pub fn formatted(minor: u64, currency: Currency) -> String {
    let digits = usize::from(currency.exponent().unwrap_or(0));
    let text = format!("{minor:0>width$}", width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    let point = if digits == 0 { "" } else { "." };
    format!("{}{point}{fraction} {}", grouped(whole), currency.code())
}

fn grouped(whole: &str) -> String {
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_currency_has_its_own_digits() {
        assert_eq!(formatted(18_000, Currency::KRW), "18,000 KRW");
        assert_eq!(formatted(5, Currency::EUR), "0.05 EUR");
        assert_eq!(formatted(1_500_000, Currency::PHP), "15,000.00 PHP");
        assert_eq!(formatted(999, Currency::KRW), "999 KRW");
    }
}
