//! Gate's requests: one function for each, with members named as in the platform's documents of each method.

use serde_json::{Value, json};

use crate::{
    platform::Method,
    protocol::signed::{
        document::{SignaturePlace, Unwritable, signed},
        signature::Key,
    },
};

/// A request, ready to be signed.
#[derive(Debug, Clone, PartialEq)]
pub struct GateRequest {
    path: &'static str,
    body: Value,
}

/// Which payment of which project.
#[derive(Debug, Clone, Copy)]
pub struct General<'a> {
    pub project_id: u64,
    pub payment_id: &'a str,
    /// Where callbacks go. `None`: where the project's settings say.
    pub callback_url: Option<&'a str>,
}

/// Minor units and a currency code.
#[derive(Debug, Clone, Copy)]
pub struct GateSum<'a> {
    pub amount: u64,
    pub currency: &'a str,
}

/// Who pays. What a method does not ask for is not sent.
#[derive(Debug, Clone, Copy)]
pub struct Customer<'a> {
    pub id: &'a str,
    pub ip_address: &'a str,
    pub email: Option<&'a str>,
    pub last_name: Option<&'a str>,
}

#[derive(Debug, Clone, Copy)]
pub struct RefundRequest<'a> {
    pub description: &'a str,
    /// `None`: all that is left.
    pub sum: Option<GateSum<'a>>,
    /// The shop's own name of this refund; the platform accepts each name only once.
    pub merchant_refund_id: Option<&'a str>,
    pub ip_address: &'a str,
}

#[derive(Debug, Clone, Copy)]
pub struct PayoutRequest<'a> {
    pub customer_id: &'a str,
    pub ip_address: &'a str,
    pub sum: GateSum<'a>,
    /// 11 digits that begin with 09.
    pub account: &'a str,
    pub full_name: &'a str,
}

const STATUS: &str = "/v2/payment/status";
const CLARIFICATION: &str = "/v2/payment/clarification";

impl GateRequest {
    /// A direct sale. `back`: where the customer returns to, whatever happened.
    pub fn sale(method: Method, general: General, sum: GateSum, customer: Customer, back: &str) -> Self {
        let rules = method.rules();
        let mut who = json!({ "id": customer.id, "ip_address": customer.ip_address });
        if let Some(email) = customer.email.filter(|_| rules.needs_email) {
            who["email"] = email.into();
        }
        if let Some(last_name) = customer.last_name.filter(|_| rules.needs_last_name) {
            who["last_name"] = last_name.into();
        }
        let return_url: Value = rules.gate.return_urls.iter().map(|name| ((*name).to_owned(), Value::from(back))).collect();
        let body = json!({ "general": general.json(), "payment": sum.json(), "customer": who, "return_url": return_url });
        Self { path: rules.gate.sale, body }
    }

    /// `None`: the method has no refunds.
    pub fn refund(method: Method, general: General, refund: RefundRequest) -> Option<Self> {
        let gate = &method.rules().gate;
        let mut payment = refund.sum.map_or_else(|| json!({}), GateSum::json);
        payment["description"] = refund.description.into();
        if let Some(id) = refund.merchant_refund_id {
            payment["merchant_refund_id"] = id.into();
        }
        let mut body = json!({ "general": general.json(), "payment": payment });
        if gate.refund_needs_ip {
            body["customer"] = json!({ "ip_address": refund.ip_address });
        }
        Some(Self { path: gate.refund?, body })
    }

    /// `None`: the method has no payouts.
    pub fn payout(method: Method, general: General, payout: PayoutRequest) -> Option<Self> {
        let path = method.rules().gate.payout.as_ref()?.path;
        let body = json!({
            "general": general.json(),
            "customer": { "id": payout.customer_id, "ip_address": payout.ip_address },
            "payment": payout.sum.json(),
            "account": { "number": payout.account, "customer_name": payout.full_name },
        });
        Some(Self { path, body })
    }

    /// Asks for the status of a payment. It moves no money, so it may be repeated.
    pub fn status(project_id: u64, payment_id: &str) -> Self {
        let general = General { project_id, payment_id, callback_url: None };
        Self { path: STATUS, body: json!({ "general": general.json() }) }
    }

    /// Sends the last name that a payment waits for. Careful reading: `additional_data` mirrors the fields that were asked for.
    pub fn clarification(project_id: u64, payment_id: &str, last_name: &str) -> Self {
        let general = General { project_id, payment_id, callback_url: None };
        let additional_data = json!({ "customer": { "last_name": last_name } });
        Self { path: CLARIFICATION, body: json!({ "general": general.json(), "additional_data": additional_data }) }
    }

    /// The path below Gate's address.
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// The text to send, with the signature over all of it in `general.signature`.
    pub fn signed(&self, key: &Key) -> Result<String, Unwritable> {
        signed(self.body.clone(), SignaturePlace::General, key)
    }
}

impl General<'_> {
    fn json(self) -> Value {
        let mut general = json!({ "project_id": self.project_id, "payment_id": self.payment_id });
        if let Some(url) = self.callback_url {
            general["merchant_callback_url"] = url.into();
        }
        general
    }
}

impl GateSum<'_> {
    fn json(self) -> Value {
        json!({ "amount": self.amount, "currency": self.currency })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn general(project_id: u64, payment_id: &str) -> General<'_> {
        General { project_id, payment_id, callback_url: None }
    }

    /// The platform's published request with our own signature in place of the shortened one.
    fn assert_like(sample: &str, path: &str, request: GateRequest) {
        let sample: Value = serde_json::from_str(sample).unwrap();
        assert_eq!((request.path, request.body), (path, sample));
    }

    #[test]
    fn a_sale_is_what_the_samples_show() {
        let customer = Customer { id: "customer123", ip_address: "192.0.2.0", email: Some("a@b.example"), last_name: Some("Kim") };
        let sum = GateSum { amount: 1000, currency: "KRW" };
        assert_like(
            r#"{"general":{"project_id":210,"payment_id":"test_payment"},"payment":{"amount":1000,"currency":"KRW"},
                "customer":{"id":"customer123","ip_address":"192.0.2.0"},
                "return_url":{"decline":"http://example.com/o","success":"http://example.com/o","return":"http://example.com/o"}}"#,
            "/v2/payment/wallet/payco/sale",
            GateRequest::sale(Method::Payco, general(210, "test_payment"), sum, customer, "http://example.com/o"),
        );
        let customer = Customer { id: "123", ip_address: "1.1.1.1", email: Some("test_customer@example.com"), last_name: None };
        let sum = GateSum { amount: 1000, currency: "PHP" };
        assert_like(
            r#"{"general":{"project_id":580,"payment_id":"test_paymaya_sale"},"payment":{"amount":1000,"currency":"PHP"},
                "customer":{"email":"test_customer@example.com","ip_address":"1.1.1.1","id":"123"},
                "return_url":{"success":"http://example.com/success"}}"#,
            "/v2/payment/wallet/paymaya/sale",
            GateRequest::sale(Method::PayMaya, general(580, "test_paymaya_sale"), sum, customer, "http://example.com/success"),
        );
        let customer = Customer { id: "123", ip_address: "1.1.1.1", email: None, last_name: Some("Johnson") };
        let sum = GateSum { amount: 1000, currency: "EUR" };
        assert_like(
            r#"{"general":{"project_id":211,"payment_id":"payment_id"},"payment":{"amount":1000,"currency":"EUR"},
                "customer":{"last_name":"Johnson","id":"123","ip_address":"1.1.1.1"},"return_url":{"return":"http://example.com/return"}}"#,
            "/v2/payment/bancontact/sale",
            GateRequest::sale(Method::Bancontact, general(211, "payment_id"), sum, customer, "http://example.com/return"),
        );
    }

    #[test]
    fn a_refund_is_what_the_samples_show() {
        let sum = |currency| Some(GateSum { amount: 1000, currency });
        let refund = RefundRequest { description: "test refund", sum: sum("KRW"), merchant_refund_id: None, ip_address: "1.1.1.1" };
        assert_like(
            r#"{"general":{"project_id":210,"payment_id":"test_payment"},
                "payment":{"description":"test refund","amount":1000,"currency":"KRW"}}"#,
            "/v2/payment/wallet/payco/refund",
            GateRequest::refund(Method::Payco, general(210, "test_payment"), refund).unwrap(),
        );
        let refund = RefundRequest { description: "refund", sum: sum("EUR"), ..refund };
        assert_like(
            r#"{"general":{"project_id":211,"payment_id":"refund_02"},
                "payment":{"amount":1000,"currency":"EUR","description":"refund"},"customer":{"ip_address":"1.1.1.1"}}"#,
            "/v2/payment/bancontact/refund",
            GateRequest::refund(Method::Bancontact, general(211, "refund_02"), refund).unwrap(),
        );
        assert_eq!(GateRequest::refund(Method::PayMaya, general(580, "a"), refund), None);
    }

    #[test]
    fn a_payout_is_what_the_sample_shows() {
        let sum = GateSum { amount: 1000, currency: "PHP" };
        let payout =
            PayoutRequest { customer_id: "111232323", ip_address: "1.1.1.1", sum, account: "09123456789", full_name: "John Doe" };
        assert_like(
            r#"{"general":{"project_id":603,"payment_id":"1000003"},"customer":{"id":"111232323","ip_address":"1.1.1.1"},
                "payment":{"amount":1000,"currency":"PHP"},"account":{"number":"09123456789","customer_name":"John Doe"}}"#,
            "/v2/payment/wallet/paymaya/payout",
            GateRequest::payout(Method::PayMaya, general(603, "1000003"), payout).unwrap(),
        );
        assert_eq!(GateRequest::payout(Method::Payco, general(603, "a"), payout), None);
    }
}
