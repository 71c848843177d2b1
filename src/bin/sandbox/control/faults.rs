//! What the sandbox does wrong when asked to, so that a shop can be tried on bad days.
//! Members left out are at rest; unknown members and values are refused by name.

use std::time::Duration;

use iso_currency::Currency;
use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::control::json_object::{self, NotThatObject};

/// Faults of callbacks made from now on, and of Gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Share of callbacks that are never sent, 0 to 1.
    pub drop: Number,
    /// Further copies of each callback.
    pub duplicate: u8,
    /// A payment's callbacks are held until it is final, then sent in random order.
    pub shuffle: bool,
    /// Milliseconds before the first try.
    pub delay_ms: u32,
    pub signature: SignatureFault,
    /// Replaces the amounts in `payment.sum` and the operation's sums; minor units.
    pub amount: Option<u64>,
    /// Replaces the currencies there.
    pub currency: Option<String>,
    /// A decline is followed by a success.
    pub late_success: bool,
    /// A declined payment may be tried again on the Payment Page.
    pub try_again: bool,
    pub gate: GateFault,
    /// Refunds and payouts stay `processing` as long as this is set; what waited is decided right after.
    pub operations_pending: bool,
}

/// What is wrong with the signature of a callback.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureFault {
    #[default]
    Valid,
    /// Well-formed, made with a key nobody knows.
    Forged,
    /// Only its first half.
    Truncated,
    Missing,
    /// Made with `PROJECT_SECRET_PREVIOUS`.
    PreviousKey,
}

/// How Gate fails to answer, each time after the operation was accepted.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateFault {
    #[default]
    Ok,
    Timeout,
    Reset,
    HalfJson,
    #[serde(rename = "html_502")]
    Html502,
    TooManyRequests,
}

/// Why faults are not taken on.
#[derive(Debug, thiserror::Error)]
pub enum Unacceptable {
    #[error(transparent)]
    OtherObject(#[from] NotThatObject),
    #[error("drop: {0} is not a share from 0 to 1")]
    BeyondShare(Number),
    #[error("currency: {0:?} is not an ISO 4217 code")]
    UnknownCurrency(String),
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            drop: Number::from_f64(0.0).unwrap_or_else(|| Number::from(0)),
            duplicate: 0,
            shuffle: false,
            delay_ms: 0,
            signature: SignatureFault::Valid,
            amount: None,
            currency: None,
            late_success: false,
            try_again: false,
            gate: GateFault::Ok,
            operations_pending: false,
        }
    }
}

impl Faults {
    /// Reads faults and checks their values.
    pub fn parse(json: &[u8]) -> Result<Self, Unacceptable> {
        let faults: Self = json_object::read(json)?;
        if !faults.drop.as_f64().is_some_and(|share| (0.0..=1.0).contains(&share)) {
            return Err(Unacceptable::BeyondShare(faults.drop));
        }
        match faults.currency {
            Some(code) if Currency::from_code(&code).is_none() => Err(Unacceptable::UnknownCurrency(code)),
            _ => Ok(faults),
        }
    }

    /// Time before the first try of a callback.
    pub fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_left_out_are_at_rest() {
        assert_eq!(Faults::parse(b"{}").unwrap(), Faults::default());
        let faults = Faults::parse(br#"{"drop": 1, "signature": "previous_key", "gate": "html_502"}"#).unwrap();
        assert_eq!(faults.signature, SignatureFault::PreviousKey);
        assert_eq!(faults.gate, GateFault::Html502);
        assert_eq!(faults.duplicate, 0);
    }

    #[test]
    fn what_is_written_reads_back() {
        let faults = Faults::parse(br#"{"drop": 0.25, "duplicate": 2, "amount": 1, "currency": "EUR", "delay_ms": 50}"#).unwrap();
        assert_eq!(Faults::parse(&serde_json::to_vec(&faults).unwrap()).unwrap(), faults);
        let at_rest = serde_json::to_string(&Faults::default()).unwrap();
        assert_eq!(
            at_rest,
            r#"{"drop":0.0,"duplicate":0,"shuffle":false,"delay_ms":0,"signature":"valid","amount":null,"currency":null,"late_success":false,"try_again":false,"gate":"ok","operations_pending":false}"#
        );
    }

    #[test]
    fn unknown_members_and_values_are_named() {
        for (json, named) in [
            (r#"{"dorp": 1}"#, "dorp"),
            (r#"{"signature": "good"}"#, "good"),
            (r#"{"gate": "slow"}"#, "slow"),
            (r#"{"drop": 1.5}"#, "1.5"),
            (r#"{"currency": "XYZ"}"#, "XYZ"),
            (r#"{"duplicate": -1}"#, "-1"),
            (r#"{"amount": "5"}"#, "5"),
            (r#"{"drop": 1, "drop": 0}"#, "duplicate_member"),
            ("[1]", "not_an_object"),
            ("{", "not_json"),
        ] {
            let refusal = Faults::parse(json.as_bytes()).unwrap_err().to_string();
            assert!(refusal.contains(named), "{json}: {refusal}");
        }
    }
}
