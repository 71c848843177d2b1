//! What the platform's register holds and what the shop's books are compared with: money that moved, here or elsewhere, and
//! registers that tell it wrongly or slowly.

use secrecy::SecretString;
use serde_json::{Value, json};
use storefront::{
    platform::Method,
    protocol::{
        gate::request::{GateRequest, General, RefundRequest},
        sandbox,
        signed::signature::Key,
    },
};

use crate::kit::{Purchase, TestShop, eventually, signed};

pub async fn refunded(shop: &TestShop, purchase: &Purchase, amount: &str, reason: &str, end: &str) {
    let (id, name) = (purchase.payment_id(), format!("{} {reason}", purchase.payment_id()));
    let sum = ["--amount", amount, "--currency", purchase.currency()];
    let arguments = [&["refund", id, "--reason", reason, "--name", &name], &sum[..]].concat();
    eventually(&format!("a refund that is {end}"), async || shop.command(&arguments, "").stdout.contains(end).then_some(())).await;
}

/// Paid out to the customer of a purchase, as the shop knows.
pub async fn paid_out(shop: &TestShop, purchase: &Purchase, full_name: &str, reference: &str, end: &str) {
    let (customer, account) = (purchase.parameter("customer_id"), "09123456789");
    let whom = ["payout", "--customer", customer, "--account", account, "--name", full_name];
    let arguments = [&whom[..], &["--amount", "15000", "--reference", reference]].concat();
    eventually(&format!("a payout that is {end}"), async || shop.command(&arguments, "").stdout.contains(end).then_some(())).await;
}

/// The newest operation of a payment, by the platform's number.
pub async fn newest_operation(shop: &TestShop, payment_id: &str) -> Value {
    let page = shop.customer().opens(&format!("{}/control/payments/{payment_id}", shop.sandbox.address)).await;
    let payment: Value = serde_json::from_str(&page.body).expect("JSON");
    payment["operations"].as_array().and_then(|all| all.last()).expect("an operation")["id"].clone()
}

pub async fn register_tells(shop: &TestShop, wrong: Value) {
    let address = format!("{}/control/register", shop.sandbox.address);
    assert_eq!(shop.customer().asks(|client, _| client.put(address).body(wrong.to_string())).await.status, 200);
}

/// All of it, by somebody at the platform.
pub async fn refunded_elsewhere(shop: &TestShop, purchase: &Purchase) {
    let general = General { project_id: sandbox::PROJECT_ID, payment_id: purchase.payment_id(), callback_url: None };
    let wanted = RefundRequest { description: "sent back", sum: None, merchant_refund_id: None, ip_address: "192.0.2.1" };
    let request = GateRequest::refund(Method::Payco, general, wanted).expect("a method with refunds");
    let key = Key::new(&SecretString::from(sandbox::PROJECT_SECRET)).expect("a key");
    let address = format!("{}{}", shop.sandbox.address, request.path());
    let body = request.signed(&key).expect("something that can be signed").into_bytes();
    assert_eq!(shop.customer().sends(&address, "application/json", body).await.status, 200);
}

/// A register that gives one row of three, then keeps whoever asks for more waiting.
pub async fn slow_register() -> (String, tokio::sync::oneshot::Sender<()>) {
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    let released = std::sync::Arc::new(tokio::sync::Mutex::new(Some(released)));
    let app = axum::Router::new().fallback(move |body: String| {
        let released = released.clone();
        async move {
            let asked: Value = serde_json::from_str(&body).expect("JSON");
            if asked["offset"] != 0 {
                if let Some(wait) = released.lock().await.take() {
                    drop(wait.await);
                }
                return String::new();
            }
            let row = json!({
                "project_id": 3000, "operation_id": 1, "payment_id": "a", "operation_type": "sale", "operation_status": "success",
                "operation_created_at": "2026-01-01 10:00:00", "initial_amount": 100, "initial_currency": "EUR",
            });
            let secret = sandbox::DATA_API_SECRET;
            signed(&json!({ "operations": [row], "total": 3 }).to_string(), secret)
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, release)
}
