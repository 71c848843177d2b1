//! `receipt_data`: what a payment is for, position by position. JSON in Base64.
//!
//! Careful reading: a position needs its amount, all else may be missing; unknown names are ignored.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::Number;

use crate::running::limits::MOST_POSITIONS;

/// What a payment is for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Receipt {
    pub positions: Vec<Position>,
    /// Minor units.
    #[serde(rename = "total_tax_amount")]
    _total_tax_amount: Option<u64>,
    /// Percent.
    #[serde(rename = "common_tax")]
    _common_tax: Option<Number>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Position {
    /// Perhaps a fraction. `None`: plugins leave it out.
    pub quantity: Option<Number>,
    /// Minor units of the payment's currency.
    pub amount: u64,
    #[serde(default)]
    pub description: String,
    /// Percent.
    #[serde(rename = "tax")]
    _tax: Option<Number>,
    /// Minor units.
    #[serde(rename = "tax_amount")]
    _tax_amount: Option<u64>,
}

impl Receipt {
    /// Reads the parameter, or says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let json = STANDARD.decode(text).map_err(|_| "JSON in Base64, with padding".to_owned())?;
        let receipt: Self = serde_json::from_slice(&json).map_err(|error| format!("other JSON in Base64: {error}"))?;
        match receipt.positions.len() {
            1..=MOST_POSITIONS => Ok(receipt),
            count => Err(format!("1 to {MOST_POSITIONS} positions, not {count}")),
        }
    }

    /// Whether the positions add up to these minor units. It is not published whether a position's `amount` is that of one
    /// piece or of all pieces: both are accepted.
    pub fn is_over(&self, amount: u64) -> bool {
        let whole = self.positions.iter().try_fold(0_u64, |sum, position| sum.checked_add(position.amount));
        let pieces = self
            .positions
            .iter()
            .try_fold(0_u64, |sum, position| position.amount_of_all().and_then(|amount| sum.checked_add(amount)));
        [whole, pieces].contains(&Some(amount))
    }
}

impl Position {
    /// Minor units, if `amount` is that of one piece. `None`: too large a number.
    fn amount_of_all(&self) -> Option<u64> {
        let Some(quantity) = &self.quantity else { return Some(self.amount) };
        match quantity.as_u64() {
            Some(pieces) => self.amount.checked_mul(pieces),
            // Only a remark to the developer depends on it.
            None => quantity.as_f64().map(|quantity| (self.amount as f64 * quantity).round() as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(json: &str) -> Result<Receipt, String> {
        Receipt::parse(&STANDARD.encode(json))
    }

    #[test]
    fn positions_may_tell_the_price_of_a_piece_or_of_all() {
        let receipt =
            parsed(r#"{"positions":[{"quantity":2,"amount":700,"description":"Tea"},{"quantity":1,"amount":5}]}"#).unwrap();
        assert_eq!(receipt.positions[0].description, "Tea");
        assert!(receipt.is_over(705) && receipt.is_over(1405));
        assert!(!receipt.is_over(1410));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(Receipt::parse("{}").unwrap_err().contains("Base64"));
        assert!(parsed("{}").unwrap_err().contains("positions"));
        assert!(parsed(r#"{"positions":[]}"#).unwrap_err().contains("not 0"));
        assert!(parsed(r#"{"positions":[{"quantity":1,"amount":1.5}]}"#).unwrap_err().contains("1.5"));
        assert!(parsed(r#"{"positions":[{"quantity":1}]}"#).unwrap_err().contains("amount"));
        assert!(parsed(r#"{"positions":[{"quantity":1,"amount":1,"tax":7.5}]}"#).is_ok());
        let many = vec![r#"{"quantity":1,"amount":1}"#; 301].join(",");
        assert!(parsed(&format!(r#"{{"positions":[{many}]}}"#)).unwrap_err().contains("301"));
    }

    #[test]
    fn a_sum_too_large_to_count_is_not_the_payment() {
        let most = u64::MAX;
        assert!(
            !parsed(&format!(r#"{{"positions":[{{"quantity":2,"amount":{most}}},{{"quantity":1,"amount":1}}]}}"#))
                .unwrap()
                .is_over(0)
        );
    }
}
