//! The reference of the model: a plain count of what the platform told, without any of the shop's rules.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::kit::Purchase;

/// Money in minor units, by what it was told of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reference {
    /// What was ordered, paid or not: sum and currency by payment.
    ordered: BTreeMap<String, (u64, String)>,
    paid: BTreeSet<String>,
    /// By payment and the platform's number of the operation.
    refunds: BTreeMap<(String, String), u64>,
    /// In centavos, by payment.
    payouts: BTreeMap<String, u64>,
}

impl Reference {
    pub fn orders(&mut self, purchase: &Purchase) {
        let sum = (purchase.amount(), purchase.currency().to_owned());
        self.ordered.insert(purchase.payment_id().to_owned(), sum);
    }

    /// Takes in a callback, or an answer to a question.
    pub fn hears(&mut self, told: &Value) {
        let Some(payment_id) = told["payment"]["id"].as_str() else { return };
        let answered = told["operations"].as_array().map(Vec::as_slice).unwrap_or_default();
        for operation in answered.iter().chain(told.get("operation")).filter(|operation| operation["status"] == "success") {
            let amount = operation["sum_initial"]["amount"].as_u64().expect("minor units");
            match operation["type"].as_str() {
                Some("sale") => self.pays(payment_id),
                // What goes back had come.
                Some("refund") => {
                    self.pays(payment_id);
                    self.refunds.insert((payment_id.to_owned(), operation["id"].to_string()), amount);
                }
                Some("payout") => drop(self.payouts.insert(payment_id.to_owned(), amount)),
                other => panic!("nobody tells of {other:?}"),
            }
        }
    }

    pub fn pays(&mut self, payment_id: &str) {
        self.paid.insert(payment_id.to_owned());
    }

    pub fn is_paid(&self, payment_id: &str) -> bool {
        self.paid.contains(payment_id)
    }

    /// Minor units that went back of a payment.
    pub fn refunded(&self, payment_id: &str) -> u64 {
        self.refunds.iter().filter(|((of, _), _)| of == payment_id).map(|(_, amount)| amount).sum()
    }

    /// Of some payment more went back than had come.
    pub fn is_too_much(&self) -> bool {
        self.ordered.iter().any(|(payment_id, (sum, _))| self.refunded(payment_id) > *sum)
    }

    /// As `storefront books` writes it.
    pub fn lines(&self) -> Vec<String> {
        let mut sums: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
        for (payment_id, (sum, currency)) in self.ordered.iter().filter(|(payment_id, _)| self.is_paid(payment_id)) {
            let [taken, refunded, _] = sums.entry(currency).or_default();
            *taken += sum;
            *refunded += self.refunded(payment_id);
        }
        for amount in self.payouts.values() {
            sums.entry("PHP").or_default()[2] += amount;
        }
        let line = |(currency, sums): (&str, [u64; 3])| {
            let [taken, refunded, paid_out] = sums.map(|minor| in_words(minor, currency));
            format!("{currency}  taken {taken}  refunded {refunded}  paid out {paid_out}")
        };
        sums.into_iter().map(line).collect()
    }
}

/// `12.50 EUR`, `500 KRW`
fn in_words(minor: u64, currency: &str) -> String {
    match currency {
        "KRW" => format!("{minor} KRW"),
        _ => format!("{}.{:02} {currency}", minor / 100, minor % 100),
    }
}
