//! Without any callback every order still ends right, because the platform is asked.

use std::time::Duration;

use serde_json::json;

use crate::kit::{
    Callback, Purchase, TestShop, eventually,
    merchant::{PAYCO, refund, refund_path, signed_in_general, with},
};

const WAYS: [(&str, &str); 3] = [("KR", "payco-wallet"), ("PH", "paymaya-wallet"), ("BE", "bancontact")];

/// A shop that hears nothing by itself.
async fn deaf_shop(changed: &[(&str, &str)]) -> TestShop {
    let shop = TestShop::start_with(changed).await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    shop
}

/// Lets time pass until the order tells this.
async fn comes_to(shop: &TestShop, purchase: &Purchase, status: &str) {
    let mut told = String::new();
    for _ in 0..400 {
        told = shop.status_of(purchase).await;
        if told == status {
            return;
        }
        shop.time_passes(Duration::from_secs(5));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} is still {told}, not {status}", purchase.payment_id());
}

#[tokio::test]
async fn without_any_callback_every_payment_ends_as_it_did() {
    let shop = deaf_shop(&[]).await;
    for (market, method) in WAYS {
        for (decision, status) in [("approve", "success"), ("decline", "decline"), ("cancel", "decline")] {
            let customer = shop.customer();
            let purchase = customer.orders(market, "jeju-green-tea", method).await;
            customer.answers_with(&purchase, decision).await;
            comes_to(&shop, &purchase, status).await;
        }
    }
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test]
async fn a_customer_who_never_comes_back_is_asked_about_at_the_methods_base_time() {
    let shop = deaf_shop(&[]).await;
    let customer = shop.customer();
    let purchase = customer.orders("PH", "jeju-green-tea", "paymaya-wallet").await;
    customer.answers_with(&purchase, "approve").await;
    shop.time_passes(Duration::from_secs(30 * 60));
    // Looked at where looking moves nothing: opening the order's page would be coming back.
    eventually("the platform's answer in the journal", async || {
        shop.kept_callbacks().await.iter().any(|kept| kept.verdict == "applied").then_some(())
    })
    .await;
    assert_eq!(shop.status_of(&purchase).await, "success");
}

#[tokio::test]
async fn a_payment_page_that_was_closed_is_no_decline() {
    let shop = deaf_shop(&[("STATUS_AFTER_S", "1")]).await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    customer.opens(&purchase.address).await;
    for _ in 0..20 {
        assert_eq!(shop.status_of(&purchase).await, "none");
        shop.time_passes(Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let counted = shop.figures().await;
    let asked = counted.lines().find(|line| line.starts_with("status_requests_total") && line.contains("not found"));
    assert!(asked.is_some(), "the platform was asked: {counted}");
    customer.answers_with(&purchase, "approve").await;
    comes_to(&shop, &purchase, "success").await;
}

#[tokio::test]
async fn what_the_platform_tells_when_asked_must_match_like_a_callback() {
    let shop = TestShop::start_with(&[("STATUS_AFTER_S", "1")]).await;
    shop.platform_misbehaves(json!({ "drop": 1, "amount": 1 })).await;
    let customer = shop.customer();
    let purchase = customer.orders("BE", "jeju-green-tea", "bancontact").await;
    customer.answers_with(&purchase, "approve").await;
    shop.status_of(&purchase).await;
    eventually("the wrong amount waits for a person", async || {
        shop.time_passes(Duration::from_secs(5));
        (!shop.open_cases().is_empty()).then_some(())
    })
    .await;
    assert_ne!(shop.status_of(&purchase).await, "success");
    // Told again and again, it is one case.
    shop.time_passes(Duration::from_secs(3600));
    assert_eq!(shop.open_kinds(), ["wrong amount"]);

    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    comes_to(&shop, &purchase, "success").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declined_refund_and_a_whole_one_made_elsewhere_are_learnt_from_one_answer() {
    let shop = TestShop::start_with(&[("STATUS_AFTER_S", "1")]).await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    for (description, end) in [("decline this", "decline"), ("sent back", "success")] {
        let asked = with(&refund(purchase.payment_id(), None), "/payment/description", json!(description));
        let address = format!("{}{}", shop.sandbox.address, refund_path(PAYCO));
        let page = shop.customer().sends(&address, "application/json", signed_in_general(&asked).into_bytes()).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let last = format!("refund {end} {}", purchase.amount());
        eventually(&last, async || (shop.platform_has(purchase.payment_id()).await.last() == Some(&last)).then_some(())).await;
    }
    // All that comes through is a late word about the sale.
    let called = Callback::sale(&purchase, "refunded")
        .with("/operation/status", json!("success"))
        .with("/operation/date", json!(shop.now().strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()));
    assert_eq!(shop.receives(called.signed()).await, 200);
    let total = format!("{} KRW", purchase.amount());
    eventually("the refund in the books", async || {
        shop.time_passes(Duration::from_secs(60));
        let said = shop.command(&["books"], "").stdout;
        said.contains(&format!("taken {total}  refunded {total}")).then_some(())
    })
    .await;
    assert_eq!(shop.status_of(&purchase).await, "refunded");
    assert_eq!(shop.open_cases(), [], "nothing of it is odd");
}
