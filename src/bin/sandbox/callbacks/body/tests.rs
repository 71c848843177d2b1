//! Bodies against the platform's published samples, and against their signatures.

use crate::{
    payments::{
        fields::Fields,
        operation::OperationType,
        payment::{NewPayment, PaymentType},
        verdict::{self, Verdict},
    },
    running::clock::Clock,
};
use storefront::{
    platform::{Method, PaymentStatus},
    protocol::{callback::VerifiedCallback, signed::signature::Key},
};

use super::*;

use Method::{Bancontact, PayMaya, Payco};
use OperationType::{Payout, Refund, Sale};

/// The platform's published samples, `tests/callbacks/NAME.json`, copied as they are; a comma too many was taken out of Bancontact's decline.
const SAMPLES: [(Method, OperationType, Verdict, &str); 12] = [
    (Payco, Sale, verdict::SUCCESS, "payco_sale_success"),
    (Payco, Sale, verdict::GENERAL_DECLINE, "payco_sale_decline"),
    (PayMaya, Sale, verdict::SUCCESS, "paymaya_sale_success"),
    (PayMaya, Sale, verdict::LIMIT_BROKEN, "paymaya_sale_decline"),
    (Bancontact, Sale, verdict::SUCCESS, "bancontact_sale_success"),
    (Bancontact, Sale, verdict::LIMIT_BROKEN, "bancontact_sale_decline"),
    (Payco, Refund, verdict::SUCCESS, "payco_refund_success"),
    (Payco, Refund, verdict::GENERAL_DECLINE, "payco_refund_decline"),
    (Bancontact, Refund, verdict::SUCCESS, "bancontact_refund_success"),
    (Bancontact, Refund, verdict::REFUND_ABOVE_PAID, "bancontact_refund_decline"),
    (PayMaya, Payout, verdict::SUCCESS, "paymaya_payout_success"),
    (PayMaya, Payout, verdict::GENERAL_DECLINE, "paymaya_payout_decline"),
];

/// A payment of 1000 and its newest operation; a declined refund leaves it paid.
fn told(method: Method, operation_type: OperationType, verdict: Verdict) -> (Payment, Operation) {
    let now = Clock::with_offset(0).now();
    let new = NewPayment {
        payment_id: "ABC123".to_owned(),
        payment_type: if operation_type == Payout { PaymentType::Payout } else { PaymentType::Purchase },
        method,
        amount: 1000,
        currency: method.rules().currency,
        fields: Fields::of([
            ("customer_id", Some("customer1")),
            ("customer_last_name", Some("Johnson")),
            ("customer_account_number", Some("09123456789")),
        ]),
        gate_origin: None,
    };
    let mut payment = Payment::begin(new, 3000, now);
    payment.status = PaymentStatus::new(match (operation_type, verdict) {
        (Refund, verdict::SUCCESS) => verdict::REFUNDED,
        (Refund, _) => verdict::SUCCESS.status,
        _ => verdict.status,
    });
    let operation = Operation {
        id: 123,
        status: verdict.status.to_owned(),
        code: verdict.code.to_owned(),
        message: verdict.message.to_owned(),
        description: (operation_type == Refund).then(|| "refund".to_owned()),
        ..Operation::begin(operation_type, 1000, method.rules().currency, now)
    };
    (payment, operation)
}

fn settings() -> Settings {
    let key = |secret: &str| Key::new(&secret.to_owned().into()).unwrap();
    Settings {
        project_id: 3000,
        key: key("now"),
        previous_key: key("before"),
        forged_key: key("forged"),
        data_api_token: "token".to_owned().into(),
        data_api_key: key("data"),
        callback_url: "http://127.0.0.1:3000/callbacks".parse().unwrap(),
    }
}

fn body(faults: &Faults) -> String {
    let (payment, operation) = told(Payco, Sale, verdict::SUCCESS);
    signed_body(Subject { payment: &payment, operation: &operation, refunded: 0 }, faults, &settings()).unwrap()
}

/// Names and kinds of all members in their order, a line each.
fn shape(value: &Json, path: &str) -> String {
    match value {
        Json::Object(members) => members.iter().map(|(name, value)| shape(value, &format!("{path}/{name}"))).collect(),
        Json::Integer(_) => format!("{path} integer\n"),
        Json::Text(_) => format!("{path} text\n"),
        _ => format!("{path} other\n"),
    }
}

#[test]
fn every_body_has_the_shape_of_the_platforms_sample() {
    for (method, operation_type, verdict, name) in SAMPLES {
        let sample = std::fs::read_to_string(format!("{}/tests/callbacks/{name}.json", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let (payment, operation) = told(method, operation_type, verdict);
        let subject = Subject { payment: &payment, operation: &operation, refunded: 0 };
        let ours = signed_body(subject, &Faults::default(), &settings()).unwrap();
        let [ours, sample] = [&ours, &sample].map(|text| shape(&Json::parse_object(text.as_bytes()).unwrap(), ""));
        assert_eq!(ours, sample, "{method:?} {operation_type:?} {verdict:?}");
    }
}

#[test]
fn a_body_verifies_with_the_key_it_was_signed_with_and_no_other() {
    let verifies = |fault, key: Key| {
        let body = body(&Faults { signature: fault, ..Faults::default() });
        VerifiedCallback::verify(body.as_bytes(), &[key]).is_ok()
    };
    assert!(verifies(SignatureFault::Valid, settings().key));
    assert!(verifies(SignatureFault::PreviousKey, settings().previous_key));
    for fault in [SignatureFault::PreviousKey, SignatureFault::Forged, SignatureFault::Truncated, SignatureFault::Missing] {
        assert!(!verifies(fault, settings().key), "{fault:?}");
    }
}

#[test]
fn a_faulty_sum_is_signed_like_a_right_one() {
    let body = body(&Faults { amount: Some(7), currency: Some("EUR".to_owned()), ..Faults::default() });
    let callback = VerifiedCallback::verify(body.as_bytes(), &[settings().key]).unwrap();
    let sums = [callback.payment_sum().unwrap(), callback.operation_sum().unwrap()];
    assert!(sums.iter().all(|sum| sum.amount == 7 && sum.currency == "EUR"));
}

#[test]
fn a_full_refund_leaves_nothing_of_a_payco_payment_and_all_of_a_bancontact_one() {
    for (method, left) in [(Payco, 0), (Bancontact, 1000)] {
        let (payment, operation) = told(method, Refund, verdict::SUCCESS);
        let subject = Subject { payment: &payment, operation: &operation, refunded: 1000 };
        let body = signed_body(subject, &Faults::default(), &settings()).unwrap();
        let callback = VerifiedCallback::verify(body.as_bytes(), &[settings().key]).unwrap();
        assert_eq!(callback.payment_sum().unwrap().amount, left, "{method:?}");
        assert_eq!(callback.operation_sum().unwrap().amount, 1000);
    }
}

#[test]
fn only_a_payment_through_gate_tells_where_to_send_the_customer() {
    for (method, body) in [(Payco, r#"{"order":""#), (PayMaya, "{}"), (Bancontact, "[]")] {
        let (payment, operation) = told(method, Sale, verdict::AWAITING_REDIRECT);
        let text = |payment: &Payment| {
            let subject = Subject { payment, operation: &operation, refunded: 0 };
            signed_body(subject, &Faults::default(), &settings()).unwrap()
        };
        assert!(!text(&payment).contains("redirect_data"));
        let by_gate = text(&Payment { gate_origin: Some("http://localhost:1".to_owned()), ..payment.clone() });
        assert!(by_gate.contains(&format!(r#""redirect_data":{{"body":{body}"#)), "{by_gate}");
        assert!(by_gate.contains(&format!("http://localhost:1{}", payment.provider_address())), "{by_gate}");
    }
}
