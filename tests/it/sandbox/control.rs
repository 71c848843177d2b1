//! `/control`: questions in their order, refunds and payouts from the Dashboard, and what the platform ends when its time is over.

use serde_json::{Value, json};

use crate::kit::{
    Page,
    merchant::{BANCONTACT, Merchant, PAYCO, PAYMAYA, PAYOUT, json_of, payout, sale},
};

const HOUR: u64 = 60 * 60;

/// A post to `/control`.
async fn controls(merchant: &Merchant, path: &str, body: Value) -> Page {
    merchant.http.sends(&format!("/control/{path}"), "application/json", body.to_string().into_bytes()).await
}

async fn asked_about(merchant: &Merchant) -> Vec<String> {
    let questions = json_of(&merchant.http.opens("/control/questions").await);
    let questions = questions.as_array().expect("a list");
    let moments: Vec<_> = questions.iter().map(|asked| asked["at"].as_str().expect("a moment").to_owned()).collect();
    assert!(moments.is_sorted() && moments.iter().all(|moment| moment.parse::<jiff::Timestamp>().is_ok()), "{moments:?}");
    questions.iter().map(|asked| asked["payment_id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn every_question_about_a_payment_is_listed_in_its_order() {
    let merchant = Merchant::opens();
    assert!(asked_about(&merchant).await.is_empty());
    merchant.does(PAYCO, &sale(PAYCO, "a")).await;
    for payment_id in ["a", "unknown", "a"] {
        merchant.status(payment_id).await;
    }
    merchant.time_passes(HOUR).await;
    merchant.status("a").await;
    assert_eq!(asked_about(&merchant).await, ["a", "unknown", "a", "a"]);
    assert_eq!(controls(&merchant, "reset", json!({})).await.status, 200);
    assert!(asked_about(&merchant).await.is_empty());
}

#[tokio::test]
async fn somebody_at_the_dashboard_gives_money_back() {
    let merchant = Merchant::opens();
    merchant.pays(BANCONTACT, "a", "approve").await;
    merchant.sees_status("a", "success").await;
    let page = controls(&merchant, "payments/a/refund", json!({ "amount": 2000 })).await;
    assert_eq!((page.status, &json_of(&page)["operations"][1]["type"]), (200, &json!("refund")), "{}", page.body);
    let told = merchant.newest_callback("a", "partially refunded").await;
    assert_eq!((&told["operation"]["type"], &told["operation"]["status"]), (&json!("refund"), &json!("success")));
    assert_eq!(told["operation"]["sum_initial"], json!({ "amount": 2000, "currency": "EUR" }));
    assert_eq!(told["payment"].get("merchant_refund_id"), None, "no shop named it");
    let seen = merchant.seen("a").await;
    let callbacks = seen["callbacks"].as_array().expect("a list");
    assert_eq!(callbacks.last().expect("one")["url"], "http://127.0.0.1:1/callbacks", "told where the payment's callbacks go");
    controls(&merchant, "payments/a/refund", json!({})).await;
    assert_eq!(merchant.newest_callback("a", "refunded").await["operation"]["sum_initial"]["amount"], 3000, "what was left");
}

#[tokio::test]
async fn the_dashboard_refuses_what_the_platform_cannot_do() {
    let merchant = Merchant::opens();
    merchant.pays(PAYMAYA, "maya", "approve").await;
    merchant.pays(PAYCO, "declined", "decline").await;
    merchant.pays(PAYCO, "paid", "approve").await;
    for (path, body, status) in [
        ("payments/unknown/refund", json!({}), 404),
        ("payments/maya/refund", json!({}), 409),
        ("payments/declined/refund", json!({}), 409),
        ("payments/paid/refund", json!({ "amount": 0 }), 400),
        ("payments/paid/refund", json!({ "amuont": 1 }), 400),
        ("payouts", json!({ "payment_id": "paid", "customer_id": "c1", "amount": 1000 }), 409),
        ("payouts", json!({ "customer_id": "c1", "amount": 99 }), 400),
        ("payouts", json!({ "amount": 1000 }), 400),
    ] {
        let page = controls(&merchant, path, body.clone()).await;
        assert!(page.status == status && json_of(&page)["error"].is_string(), "{path} {body}: {} {}", page.status, page.body);
    }
    assert_eq!(merchant.seen("paid").await["operations"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn somebody_at_the_dashboard_pays_out() {
    let merchant = Merchant::opens();
    merchant.pays(PAYMAYA, "purchase", "approve").await;
    merchant.sees_status("purchase", "success").await;
    let body = json!({ "customer_id": "c1", "amount": 15_000, "callback_url": "http://127.0.0.1:1/elsewhere" });
    let page = controls(&merchant, "payouts", body).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let payment_id = json_of(&page)["payment_id"].as_str().expect("an id").to_owned();
    let told = merchant.newest_callback(&payment_id, "success").await;
    assert_eq!((&told["payment"]["type"], &told["operation"]["type"]), (&json!("payout"), &json!("payout")));
    assert_eq!((&told["customer"]["id"], &told["operation"]["sum_initial"]["amount"]), (&json!("c1"), &json!(15_000)));
    assert_eq!(merchant.seen(&payment_id).await["callbacks"][0]["url"], "http://127.0.0.1:1/elsewhere");
    let named = json!({ "payment_id": "by-hand", "customer_id": "stranger", "amount": 1000 });
    assert_eq!(controls(&merchant, "payouts", named).await.status, 200);
    assert_eq!(merchant.newest_callback("by-hand", "decline").await["operation"]["code"], "2606", "by the rules of every payout");
}

#[tokio::test]
async fn a_payout_that_stays_open_is_declined_after_two_days() {
    let merchant = Merchant::opens();
    merchant.pays(PAYMAYA, "purchase", "approve").await;
    merchant.sees_status("purchase", "success").await;
    merchant.faults(json!({ "operations_pending": true })).await;
    merchant.does(PAYOUT, &payout("out")).await;
    merchant.time_passes(47 * HOUR).await;
    assert_eq!(merchant.seen("out").await["operations"][0]["status"], "processing");
    merchant.time_passes(HOUR).await;
    let seen = merchant.seen("out").await;
    assert_eq!((&seen["operations"][0]["status"], &seen["operations"][0]["code"]), (&json!("decline"), &json!("20602")));
    merchant.newest_callback("out", "decline").await;
    merchant.faults(json!({})).await;
    merchant.time_passes(HOUR).await;
    assert_eq!(merchant.seen("out").await["status"], "decline", "the end stays the end");
}

#[tokio::test]
async fn a_sale_that_stays_open_is_declined_at_its_methods_limit_time() {
    let merchant = Merchant::opens();
    for (path, days) in [(PAYCO, 1), (PAYMAYA, 1), (BANCONTACT, 30)] {
        let id = path.replace('/', "-");
        merchant.does(path, &sale(path, &id)).await;
        merchant.time_passes((days * 24 - 1) * HOUR).await;
        assert_eq!(merchant.seen(&id).await["status"], "awaiting redirect result", "{path}");
        merchant.time_passes(HOUR).await;
        assert_eq!(merchant.newest_callback(&id, "decline").await["operation"]["code"], "20602", "{path}");
    }
}
