//! A declined try that the Payment Page lets the customer repeat stays the same payment, with its time and its end.

use std::time::Duration;

use serde_json::json;

use crate::kit::{Callback, Purchase, TestShop, eventually};

/// The platform's word that a try was declined and another one may follow within ten minutes.
fn another_try(shop: &TestShop, purchase: &Purchase) -> Callback {
    let now = shop.now().strftime("%Y-%m-%dT%H:%M:%S+0000").to_string();
    Callback::sale(purchase, "awaiting customer")
        .with("/operation/date", json!(now))
        .with("/operation/status", json!("decline"))
        .with("/operation/code", json!("20105"))
        .with("/payment/is_new_attempts_available", json!(true))
        .with("/payment/attempts_timeout", json!(600))
}

#[tokio::test]
async fn a_declined_try_that_may_be_repeated_goes_on_with_the_same_payment() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    assert_eq!(shop.receives(another_try(&shop, &purchase).signed()).await, 200);
    let page = shop.order_page(&purchase).await;
    assert_eq!(page.attribute("data-payment-status").as_deref(), Some("awaiting customer"));
    assert!(page.heading().contains("declined") && page.body.contains("Try again"), "{}", page.body);
    assert!(page.body.contains("not enough money"), "the reason is told");

    let again = customer.posts(&format!("{}/pay", purchase.order_path()), &[("payment_method", "payco-wallet")]).await;
    assert_eq!(again.purchase().payment_id(), purchase.payment_id());
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").signed()).await, 200);
    assert_eq!(shop.order_page(&purchase).await.heading(), "Paid. Thank you!");
}

#[tokio::test]
async fn when_the_time_for_another_try_is_over_nothing_is_promised() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    assert_eq!(shop.receives(another_try(&shop, &purchase).signed()).await, 200);
    shop.time_passes(Duration::from_secs(601));
    assert!(!shop.order_page(&purchase).await.body.contains("Try again"));
}

#[tokio::test]
async fn a_decline_that_may_be_repeated_is_told_so_whatever_the_payments_status_is() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let told = another_try(&shop, &purchase).with("/payment/status", json!("decline"));
    assert_eq!(shop.receives(told.signed()).await, 200);
    assert!(shop.order_page(&purchase).await.body.contains("Try again"));
    let again = customer.posts(&format!("{}/pay", purchase.order_path()), &[("payment_method", "payco-wallet")]).await;
    assert_eq!(again.purchase().payment_id(), purchase.payment_id());
}

#[tokio::test]
async fn another_way_from_the_shop_is_another_payment() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    assert_eq!(shop.receives(another_try(&shop, &purchase).signed()).await, 200);
    let other = customer.posts(&format!("{}/pay", purchase.order_path()), &[("payment_method", "")]).await.purchase();
    assert_ne!(other.payment_id(), purchase.payment_id());
    assert_eq!(shop.receives(Callback::sale(&other, "success").signed()).await, 200);
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").signed()).await, 200);
    eventually("the second payment waits for a person", async || (shop.open_kinds() == ["second payment"]).then_some(())).await;
}

#[tokio::test]
async fn changing_ones_mind_to_and_fro_makes_no_further_payments() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let first = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let pay = format!("{}/pay", first.order_path());
    let other = customer.posts(&pay, &[("payment_method", "")]).await.purchase();
    assert_ne!(other.payment_id(), first.payment_id());
    for _ in 0..3 {
        let again = customer.posts(&pay, &[("payment_method", "payco-wallet")]).await.purchase();
        assert_eq!(again.payment_id(), first.payment_id());
        let page = shop.order_page(&first).await;
        assert_eq!(
            page.attribute("data-payment-id").as_deref(),
            Some(first.payment_id()),
            "the page speaks of the one turned to last"
        );
        let again = customer.posts(&pay, &[("payment_method", "")]).await.purchase();
        assert_eq!(again.payment_id(), other.payment_id());
    }
    assert_eq!(shop.receives(Callback::sale(&first, "success").signed()).await, 200);
    assert_eq!(shop.order_page(&first).await.attribute("data-payment-id").as_deref(), Some(first.payment_id()));
}
