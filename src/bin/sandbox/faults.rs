//! Which faults the sandbox can play when it is asked to, so that a shop can be tried on bad days.
//! Members left out are at rest; unknown members and values are refused by name.

use std::time::Duration;

use iso_currency::Currency;
use serde::{Deserialize, Deserializer, Serialize, de::Error};

/// Faults of callbacks made from now on, and of Gate: `PUT /control/faults`.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Share of callbacks that are never sent, 0 to 1.
    #[serde(deserialize_with = "share")]
    pub drop: f64,
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
    #[serde(deserialize_with = "currency_code")]
    pub currency: Option<String>,
    /// A decline is followed by a success.
    pub late_success: bool,
    /// A declined payment may be tried again on the Payment Page.
    pub try_again: bool,
    pub gate: GateFault,
    /// Refunds and payouts stay `processing` as long as this is set; they are decided right after.
    pub operations_pending: bool,
}

named! {
    /// What is wrong with the signature of a callback.
    #[derive(Default, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum SignatureFault {
        #[default]
        Valid = "valid",
        /// Well-formed, made with a key nobody knows.
        Forged = "forged",
        /// Only its first half.
        Truncated = "truncated",
        Missing = "missing",
        /// Made with `PROJECT_SECRET_PREVIOUS`.
        PreviousKey = "previous_key",
    }
}

named! {
    /// How Gate fails to answer, each time after the operation was accepted.
    #[derive(Default, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum GateFault {
        #[default]
        Ok = "ok",
        Timeout = "timeout",
        Reset = "reset",
        HalfJson = "half_json",
        #[serde(rename = "html_502")]
        Html502 = "html_502",
        TooManyRequests = "too_many_requests",
    }
}

/// One thing that the Data API's register tells wrongly: `PUT /control/register` takes a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub enum Discrepancy {
    /// The operation is not listed.
    Missing { operation_id: i64 },
    /// Its amounts are one minor unit more.
    Amount { operation_id: i64 },
    /// Its currencies are another.
    Currency { operation_id: i64 },
    /// A success is told as a decline, anything else as a success.
    Status { operation_id: i64 },
    /// It is listed twice.
    Duplicate { operation_id: i64 },
    /// An operation is listed that nobody made: in the middle of the interval that is asked for.
    Extra,
}

impl Faults {
    /// Time before the first try of a callback.
    pub fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms.into())
    }
}

fn share<'de, D: Deserializer<'de>>(json: D) -> Result<f64, D::Error> {
    let share = f64::deserialize(json)?;
    let is_share = (0.0..=1.0).contains(&share);
    is_share.then_some(share).ok_or_else(|| D::Error::custom(format!("drop: {share} is not a share from 0 to 1")))
}

fn currency_code<'de, D: Deserializer<'de>>(json: D) -> Result<Option<String>, D::Error> {
    match Option::<String>::deserialize(json)? {
        Some(code) if Currency::from_code(&code).is_none() => {
            Err(D::Error::custom(format!("currency: {code:?} is not an ISO 4217 code")))
        }
        code => Ok(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(json: &str) -> Result<Faults, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn members_left_out_are_at_rest() {
        assert_eq!(parsed("{}").unwrap(), Faults::default());
        let faults = parsed(r#"{"drop": 1, "signature": "previous_key", "gate": "html_502"}"#).unwrap();
        assert_eq!(faults.signature, SignatureFault::PreviousKey);
        assert_eq!(faults.gate, GateFault::Html502);
        assert_eq!(faults.duplicate, 0);
    }

    #[test]
    fn what_is_written_reads_back() {
        let faults = parsed(r#"{"drop": 0.25, "duplicate": 2, "amount": 1, "currency": "EUR", "delay_ms": 50}"#).unwrap();
        assert_eq!(parsed(&serde_json::to_string(&faults).unwrap()).unwrap(), faults);
        let at_rest = serde_json::to_string(&Faults::default()).unwrap();
        assert_eq!(
            at_rest,
            r#"{"drop":0.0,"duplicate":0,"shuffle":false,"delay_ms":0,"signature":"valid","amount":null,"currency":null,"late_success":false,"try_again":false,"gate":"ok","operations_pending":false}"#
        );
    }

    #[test]
    fn the_panel_offers_each_fault_by_its_name_in_json() {
        assert_eq!(serde_json::json!(SignatureFault::ALL), serde_json::json!(SignatureFault::ALL.map(SignatureFault::name)));
        assert_eq!(serde_json::json!(GateFault::ALL), serde_json::json!(GateFault::ALL.map(GateFault::name)));
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
        ] {
            let refusal = parsed(json).unwrap_err();
            assert!(refusal.contains(named), "{json}: {refusal}");
        }
    }

    #[test]
    fn unknown_discrepancies_are_refused() {
        for unknown in [r#"{"change": "late"}"#, r#"{"change": "missing"}"#, r#"{"operation_id": 1}"#] {
            assert!(serde_json::from_str::<Discrepancy>(unknown).is_err(), "{unknown}");
        }
    }
}
