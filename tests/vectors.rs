//! The platform's own answers: every vector is met to the letter, or refused by a class named here.

use std::fs;

use secrecy::SecretString;
use serde::{Deserialize, de::DeserializeOwned};
use storefront::protocol::{
    callback::{CallbackSum, VerifiedCallback},
    payment_page::{PaymentPageUrl, address, fields_of, signed},
    signed::{
        document::NamedProject,
        document_limits::Limits,
        json::Json,
        signature::{Key, string_to_sign},
    },
};

fn read<T: DeserializeOwned>(text: &str) -> Vec<T> {
    serde_json::from_str(text).expect("a list of vectors")
}

fn key(secret: &str) -> Key {
    Key::new(&SecretString::from(secret)).expect("a key")
}

#[derive(Deserialize)]
struct Signing {
    name: String,
    secret: String,
    params_json: String,
    string_to_sign: String,
    signature: String,
}

/// What is refused, and why. Everything else is equal to the reference.
const REFUSED: &[(&str, &str)] = &[
    ("official_js_flatten", "integer_member_name"),
    ("frame_mode_variants", "integer_member_name"),
    ("colon_digit_list", "duplicate_member"),
];

#[test]
fn every_signing_vector_is_met_to_the_letter_or_refused_by_name() {
    let vectors: Vec<Signing> = read(include_str!("vectors/signing.json"));
    assert!(vectors.len() > 80);
    for Signing { name, secret, params_json, string_to_sign: expected, signature } in vectors {
        // As `storefront sign` reads it: what was typed here may be larger than what strangers send.
        let outcome = Json::parse_within(&Limits::TYPED, params_json.as_bytes())
            .map_err(|error| error.to_string())
            .and_then(|read| string_to_sign(&read.object).map(|text| (read.object, text)).map_err(|error| error.to_string()));
        match (outcome, REFUSED.iter().find(|(refused, _)| *refused == name)) {
            (Ok((object, text)), None) => {
                assert_eq!(text, expected, "{name}");
                assert_eq!(key(&secret).sign(&object).as_deref(), Ok(signature.as_str()), "{name}");
            }
            (Err(class), Some((_, expected))) => assert_eq!(class, *expected, "{name}"),
            (outcome, _) => panic!("{name}: {outcome:?}"),
        }
    }
}

#[derive(Deserialize)]
struct Callback {
    name: String,
    secret: String,
    body: String,
    accept: bool,
}

#[test]
fn every_callback_vector_is_accepted_or_refused_as_the_official_sdks_do() {
    let vectors: Vec<Callback> = read(include_str!("vectors/callbacks.json"));
    assert!(vectors.len() > 30);
    for Callback { name, secret, body, accept } in vectors {
        let outcome = VerifiedCallback::verify(body.as_bytes(), &[key(&secret)]);
        assert_eq!(outcome.is_ok(), accept, "{name}: {outcome:?}");
    }
}

/// What the platform's published samples say, `tests/callbacks/NAME.json`: payment, its status, sum and method; operation, its
/// type, status, code and sum.
const SAMPLES: &[(&str, &str)] = &[
    ("bancontact_refund_decline", "refund_02 success 100000 EUR bancontact; 14153000003282 refund decline 3283 100000 EUR"),
    ("bancontact_refund_success", "refund_02 refunded 1000 EUR bancontact; 14153000003282 refund success 0 1000 EUR"),
    ("bancontact_sale_decline", "ECT_TEST_1562051806691810 decline 50 EUR bancontact; 37493000003351 sale decline 20101 50 EUR"),
    ("bancontact_sale_success", "ECT_TEST_1562051806691899 success 1000 EUR bancontact; 37493000003351 sale success 0 1000 EUR"),
    ("payco_refund_decline", "customer1 success 1000 KRW payco; 2345 refund decline 20000 1000 KRW"),
    ("payco_refund_success", "ABC123 refunded 0 KRW payco; 12345 refund success 0 1000 KRW"),
    ("payco_sale_decline", "ABC123 decline 1000 KRW payco; 12345 sale decline 20000 1000 KRW"),
    ("payco_sale_success", "ABC123 success 1000 KRW payco; 123 sale success 0 1000 KRW"),
    ("paymaya_payout_decline", "10615_110613_51729357 decline 1000 PHP PayMaya wallet; 592 payout decline 20000 1000 PHP"),
    ("paymaya_payout_success", "10615_110613_51729356 success 1000 PHP PayMaya wallet; 592 payout success 0 1000 PHP"),
    ("paymaya_sale_decline", "EPfa87-bcfc decline 200000000 PHP PayMaya wallet; 465 sale decline 20101 200000000 PHP"),
    ("paymaya_sale_decline_20000", "EPfa87-bcfc decline 200000000 PHP PayMaya wallet; 465 sale decline 20000 200000000 PHP"),
    ("paymaya_sale_success", "EP3bc1-5a65 success 1000 PHP PayMaya wallet; 590 sale success 0 1000 PHP"),
];

/// The text of an object with its signature as the last member. The samples' own signatures are shortened.
fn signed_anew(object: &str) -> String {
    let mut unsigned: serde_json::Value = serde_json::from_str(object).expect("JSON");
    unsigned.as_object_mut().expect("an object").remove("signature");
    let parsed = Json::parse_object(unsigned.to_string().as_bytes()).expect("an object");
    unsigned["signature"] = key("secret").sign(&parsed).expect("a signature").into();
    unsigned.to_string()
}

#[test]
fn every_sample_callback_of_the_documents_is_understood() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/callbacks");
    assert_eq!(fs::read_dir(folder).expect("samples").count(), SAMPLES.len());
    for (name, expected) in SAMPLES {
        let sample = fs::read_to_string(format!("{folder}/{name}.json")).expect(name);
        let callback = VerifiedCallback::verify(signed_anew(&sample).as_bytes(), &[key("secret")]).expect(name);
        let sum = |sum: Option<CallbackSum>| sum.map(|sum| format!("{} {}", sum.amount, sum.currency)).expect("a sum");
        let understood = format!(
            "{} {} {} {}; {} {} {} {} {}",
            callback.payment_id().expect("a payment"),
            callback.payment_status().expect("its status"),
            sum(callback.payment_sum()),
            callback.method().expect("a method"),
            callback.operation_id().expect("an operation"),
            callback.operation_type().expect("a type"),
            callback.operation_status().expect("a status"),
            callback.operation_code().expect("a code"),
            sum(callback.operation_sum()),
        );
        assert_eq!(understood, *expected, "{name}");
        assert!(callback.request_id().is_some() && callback.date().is_some(), "{name}");
        assert!(matches!(callback.project(), NamedProject::One(_)), "{name}");
    }
}

#[test]
fn every_class_of_refused_callbacks_has_a_name() {
    let deep = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(300_000));
    let list = |items: usize| format!("[{}]", vec!["0"; items].join(","));
    let nobodys = format!("\"signature\":\"{}==\"", "A".repeat(86));
    for (body, class) in [
        (String::new(), "not_json"),
        ("{\"a\":1".to_owned(), "not_json"),
        ("\u{feff}{}".to_owned(), "not_json"),
        ("[1]".to_owned(), "not_an_object"),
        ("{\"a\":1,\"a\":1}".to_owned(), "duplicate_member"),
        ("{\"a\":{\"b\":1,\"b\":2}}".to_owned(), "duplicate_member"),
        (deep(200), "too_deep"),
        (deep(11), "too_deep"),
        (deep(10), "signature_missing"),
        (long, "too_large"),
        (format!("{{\"{}\":0}}", "n".repeat(257)), "long_member_name"),
        (format!("{{\"{}\":0}}", "n".repeat(256)), "signature_missing"),
        (format!("{{\"a\":{}}}", list(1_000)), "too_many_members"),
        (format!("{{\"a\":{}}}", list(999)), "signature_missing"),
        (format!("{{\"{0}\":{{\"{0}\":{{\"{0}\":{{\"{0}\":{1}}}}}}}}}", "n".repeat(250), list(990)), "too_long_to_sign"),
        ("{\"a\":1e400,\"signature\":\"x\"}".to_owned(), "number_out_of_range"),
        ("{\"payment\":{\"id\":\"1\",\"status\":\"success\"}}".to_owned(), "signature_missing"),
        ("{\"payment\":{\"id\":\"1\",\"status\":\"success\"},\"signature\":\"x\"}".to_owned(), "signature_wrong"),
        (format!("{{\"a\":1,{nobodys}}}"), "signature_wrong"),
        (format!("{{\"1\":{{\"a\":1}},{nobodys}}}"), "integer_member_name"),
        (format!("{{\"\":{{\"a\":1}},{nobodys}}}"), "empty_member_name"),
        (signed_anew("{\"project_id\":1,\"payment_id\":\"1\",\"payment_amount\":1}"), "not_a_callback"),
    ] {
        let outcome = VerifiedCallback::verify(body.as_bytes(), &[key("secret")]);
        assert_eq!(outcome.map(|_| ()).map_err(|refused| refused.to_string()), Err(class.to_owned()), "{class}");
    }
}

#[derive(Deserialize)]
struct Address {
    name: String,
    secret: String,
    params_json: String,
    base: Option<String>,
    url: String,
}

#[test]
fn every_payment_page_address_is_met_to_the_letter_or_refused_by_name() {
    let refused = [("custom_base_query", "base"), ("float", "nested_or_unusual"), ("empty_array", "nested_or_unusual")];
    let vectors: Vec<Address> = read(include_str!("vectors/payment_page_urls.json"));
    assert!(vectors.len() > 8);
    for Address { name, secret, params_json, base, url } in vectors {
        let object = Json::parse_object(params_json.as_bytes()).expect(&name);
        let base = PaymentPageUrl::parse(base.as_deref().unwrap_or("https://paymentpage.ecommpay.com"));
        let outcome = match (base, fields_of(&object)) {
            (Ok(base), Some(fields)) => Ok(address(&base, &signed(fields, &key(&secret)).expect(&name))),
            (Err(_), _) => Err("base"),
            (_, None) => Err("nested_or_unusual"),
        };
        match refused.iter().find(|(refused, _)| *refused == name) {
            Some((_, class)) => assert_eq!(outcome, Err(*class), "{name}"),
            None => assert_eq!(outcome, Ok(url), "{name}"),
        }
    }
}
