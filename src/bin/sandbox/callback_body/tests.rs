//! Bodies against the platform's published samples, and against their signatures.

use iso_currency::Currency;
use storefront::{
    platform::PaymentStatus,
    protocol::{callback::VerifiedCallback, signature::Key},
};

use super::*;
use crate::{
    clock::Clock,
    verdict::{self, Verdict},
};

/// The platform's published samples, copied as they are; a comma too many was taken out of Bancontact's decline.
const SAMPLES: [(Method, Verdict, &str); 6] = [
    (Method::Payco, verdict::SUCCESS, include_str!("samples/payco_success.json")),
    (Method::Payco, verdict::GENERAL_DECLINE, include_str!("samples/payco_decline.json")),
    (Method::PayMaya, verdict::SUCCESS, include_str!("samples/paymaya_success.json")),
    (Method::PayMaya, verdict::LIMIT_BROKEN, include_str!("samples/paymaya_decline.json")),
    (Method::Bancontact, verdict::SUCCESS, include_str!("samples/bancontact_success.json")),
    (Method::Bancontact, verdict::LIMIT_BROKEN, include_str!("samples/bancontact_decline.json")),
];

fn sale(method: Method, verdict: Verdict) -> (Payment, Operation) {
    let now = Clock::with_offset(0).now();
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let payment = Payment {
        id: 1,
        key: "key".to_owned(),
        project_id: 3000,
        payment_id: "ABC123".to_owned(),
        method,
        amount: 1000,
        currency: method.rules().currency,
        status: PaymentStatus::new(verdict.status),
        fields: vec![field("customer_id", "customer1"), field("customer_last_name", "Johnson")],
        changed_at: now,
        tries_until: None,
    };
    let operation = Operation {
        id: 123,
        operation_type: "sale".to_owned(),
        status: verdict.status.to_owned(),
        amount: 1000,
        currency: Currency::EUR,
        code: verdict.code.to_owned(),
        message: verdict.message.to_owned(),
        request_id: "46d13cf0".to_owned(),
        provider_payment_id: "RF6XIZSW".to_owned(),
        created_at: now,
        changed_at: now,
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
        callback_url: "http://127.0.0.1:3000/callbacks".parse().unwrap(),
    }
}

fn body(faults: &Faults) -> String {
    let (payment, operation) = sale(Method::Payco, verdict::SUCCESS);
    signed_body(&payment, &operation, faults, &settings()).unwrap()
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
    for (method, verdict, sample) in SAMPLES {
        let (payment, operation) = sale(method, verdict);
        let ours = signed_body(&payment, &operation, &Faults::default(), &settings()).unwrap();
        let [ours, sample] = [&ours, sample].map(|text| shape(&Json::parse_object(text.as_bytes()).unwrap(), ""));
        assert_eq!(ours, sample, "{method:?} {verdict:?}");
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
