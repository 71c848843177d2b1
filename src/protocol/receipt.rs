//! `receipt_data`: what is paid for, line by line. JSON in Base64, so nothing in it can forge a parameter.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

/// What a payment is for. Tax is left out: the shop's prices include it.
#[derive(Debug, Clone, Serialize)]
pub struct Receipt {
    pub positions: Vec<Position>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Position {
    pub quantity: u32,
    /// Minor units of the payment's currency, for the whole position: the positions add up to the payment
    /// (careful reading: whether the platform means one piece is not published).
    pub amount: u64,
    pub description: String,
}

/// The most positions that the platform accepts.
const MOST_POSITIONS: usize = 300;
/// The most characters: a longer receipt would make an address that not every server accepts. The parameter is optional.
const LONGEST: usize = 4096;

impl Receipt {
    /// The value of the parameter. `None`: there are no positions, or too many, or the value is too long.
    pub fn encoded(&self) -> Option<String> {
        let fits = (1..=MOST_POSITIONS).contains(&self.positions.len());
        let json = serde_json::to_vec(self).ok().filter(|_| fits)?;
        Some(STANDARD.encode(json)).filter(|text| text.len() <= LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(positions: usize) -> Receipt {
        let position = Position { quantity: 2, amount: 700, description: "Tea; green".to_owned() };
        Receipt { positions: vec![position; positions] }
    }

    #[test]
    fn a_receipt_is_json_in_base64() {
        let text = receipt(1).encoded().unwrap();
        let json = String::from_utf8(STANDARD.decode(&text).unwrap()).unwrap();
        assert_eq!(json, r#"{"positions":[{"quantity":2,"amount":700,"description":"Tea; green"}]}"#);
        assert!(!text.contains(';'));
    }

    #[test]
    fn a_receipt_that_does_not_fit_is_left_out() {
        assert!(receipt(40).encoded().is_some());
        assert_eq!(receipt(301).encoded(), None);
        assert_eq!(receipt(200).encoded(), None);
        assert_eq!(receipt(0).encoded(), None);
    }
}
