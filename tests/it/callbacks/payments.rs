//! Callbacks about a sale: each takes effect once, in whatever order and number they arrive.

use futures::future::join_all;
use serde_json::json;
use storefront::protocol::sandbox::PROJECT_SECRET;

use crate::kit::{Callback, TestShop, signature_of, signed};

#[tokio::test]
async fn a_success_pays_the_order_and_its_repetition_changes_nothing() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let success = Callback::sale(&purchase, "success").signed();
    for _ in 0..3 {
        assert_eq!(shop.receives(success.clone()).await, 200);
        assert_eq!(shop.status_of(&purchase).await, "success");
    }
    let kept = shop.kept_callbacks().await;
    assert_eq!((kept.len(), kept[0].deliveries, kept[0].verdict.as_str()), (1, 3, "applied"));
    assert!(shop.folder.database_holds(&success), "kept byte for byte");
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_copies_at_once_have_one_effect() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let success = Callback::sale(&purchase, "success").signed();
    let answers = join_all((0..200).map(|_| shop.receives(success.clone()))).await;
    assert_eq!(answers, vec![200; 200]);
    let kept = shop.kept_callbacks().await;
    assert_eq!((kept.len(), kept[0].deliveries, kept[0].verdict.as_str()), (1, 200, "applied"));
    assert_eq!(shop.status_of(&purchase).await, "success");
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_different_successes_at_once_have_one_effect() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let told =
        |number: usize| Callback::sale(&purchase, "success").with("/operation/request_id", json!(format!("r{number}"))).signed();
    let answers = join_all((0..200).map(|number| shop.receives(told(number)))).await;
    assert_eq!(answers, vec![200; 200]);
    let kept = shop.kept_callbacks().await;
    assert_eq!(kept.len(), 200, "all are kept");
    assert_eq!(shop.status_of(&purchase).await, "success");
    assert_eq!(shop.open_cases(), [], "and none is taken for a second payment");
}

#[tokio::test]
async fn every_order_of_arrival_ends_paid() {
    let shop = TestShop::start().await;
    let told = ["processing", "awaiting redirect result", "decline", "success"];
    for order in permutations(&told) {
        let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
        for status in &order {
            assert_eq!(shop.receives(Callback::sale(&purchase, status).signed()).await, 200, "{order:?}");
        }
        assert_eq!(shop.status_of(&purchase).await, "success", "{order:?}");
    }
    assert_eq!(shop.open_cases(), []);
}

pub fn permutations<'a>(all: &[&'a str]) -> Vec<Vec<&'a str>> {
    if all.is_empty() {
        return vec![Vec::new()];
    }
    let beginning_with = |first: usize| {
        let mut rest = all.to_vec();
        let status = rest.remove(first);
        permutations(&rest).into_iter().map(move |rest| [vec![status], rest].concat())
    };
    (0..all.len()).flat_map(beginning_with).collect()
}

#[tokio::test]
async fn a_callback_with_a_wrong_signature_changes_nothing() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let callback = Callback::sale(&purchase, "success");
    let right = signature_of(&callback.0.to_string(), PROJECT_SECRET);
    let with = |signature: serde_json::Value| callback.clone().with("/signature", signature).0.to_string();
    let other_alphabet = right.replace('+', "-").replace('/', "_");
    for (name, body) in [
        ("none", callback.0.to_string()),
        ("null", with(json!(null))),
        ("empty", with(json!(""))),
        ("one letter", with(json!("A"))),
        ("a prefix", with(json!(right[..44].to_owned()))),
        ("without padding", with(json!(right.trim_end_matches('=')))),
        ("longer", with(json!(format!("{right}AAAA")))),
        ("twice", with(json!(format!("{right}{right}")))),
        ("spaces around", with(json!(format!(" {right} ")))),
        ("a list", with(json!([right]))),
        ("a number", with(json!(1))),
        ("of another key", callback.signed_with("another key")),
        ("of another status", with(json!(signature_of(&Callback::sale(&purchase, "decline").0.to_string(), PROJECT_SECRET)))),
        ("in the payment", callback.clone().with("/payment/signature", json!(right)).0.to_string()),
        ("swapped case", with(json!(right.chars().map(swapped).collect::<String>()))),
    ] {
        assert_eq!(shop.receives(body).await, 400, "{name}");
    }
    if other_alphabet != right {
        assert_eq!(shop.receives(with(json!(other_alphabet))).await, 400, "the alphabet of addresses");
    }
    assert_eq!(shop.status_of(&purchase).await, "none");
    assert!(shop.kept_callbacks().await.is_empty());
    assert_eq!(shop.receives(with(json!(right))).await, 200, "the right one");
}

fn swapped(c: char) -> char {
    if c.is_ascii_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() }
}

#[tokio::test]
async fn a_signature_may_stand_in_general() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let callback = Callback::sale(&purchase, "success").without("/project_id");
    let callback = callback.with("/general", json!({ "project_id": 3000, "payment_id": purchase.payment_id() }));
    let signature = signature_of(&callback.0.to_string(), PROJECT_SECRET);
    assert_eq!(shop.receives(callback.with("/general/signature", json!(signature)).0.to_string()).await, 200);
    assert_eq!(shop.status_of(&purchase).await, "success");
}

#[tokio::test]
async fn spelling_that_changes_no_value_changes_no_signature() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let pretty =
        serde_json::to_string_pretty(&Callback::sale(&purchase, "success").0).expect("JSON").replace("success", "succes\\u0073");
    assert_eq!(shop.receives(format!(" {}\r\n", signed(&pretty, PROJECT_SECRET))).await, 200);
    assert_eq!(shop.status_of(&purchase).await, "success");
}

#[tokio::test]
async fn the_previous_key_is_accepted_while_keys_are_rotated() {
    let rotating = [("PROJECT_SECRET", "the new key"), ("PROJECT_SECRET_PREVIOUS", "the old key")];
    let shop = TestShop::start_with(&rotating).await;
    let customer = shop.customer();
    let asked = customer
        .asks(|client, _| client.put(format!("{}/control/faults", shop.sandbox.address)).body(r#"{"signature": "previous_key"}"#));
    assert_eq!(asked.await.status, 200);
    let purchase = customer.buys("KR", "payco-wallet", "approve").await;
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").signed_with("an older key")).await, 400);
}

#[tokio::test]
async fn a_status_nobody_knows_is_shown_as_it_came_and_proves_nothing() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    assert_eq!(shop.receives(Callback::sale(&purchase, "awaiting the tide").signed()).await, 200);
    assert_eq!(shop.status_of(&purchase).await, "awaiting the tide");
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").signed()).await, 200);
    assert_eq!(shop.status_of(&purchase).await, "success");
}
