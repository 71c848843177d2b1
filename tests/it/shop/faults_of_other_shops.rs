//! Ten faults known from other shops, each as the promise that it does not occur here. (Nine and ten are about frames and popups
//! and are tested in the browser.)

use futures::future::{join_all, join3};
use serde_json::{Value, json};

use crate::kit::{Callback, Customer, TestShop};

/// 1. Callback and return race.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callback_and_return_at_the_same_moment_make_one_paid_order() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    for _ in 0..5 {
        let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
        let path = purchase.order_path();
        let told = |number: usize| Callback::sale(&purchase, "success").with("/operation/id", json!(number)).signed();
        let callbacks = join_all((0..10).map(|number| shop.receives(told(number))));
        let gets = join_all((0..5).map(|_| customer.opens(&path)));
        let posts = join_all((0..5).map(|_| customer.posts(&path, &[("status", "success")])));
        let (answers, gets, posts) = join3(callbacks, gets, posts).await;
        assert_eq!(answers, vec![200; 10]);
        assert!(gets.iter().chain(&posts).all(|page| page.status == 200));
        assert_eq!(shop.status_of(&purchase).await, "success");
    }
    assert_eq!(shop.open_cases(), []);
}

/// 2. Callback before the order exists.
#[tokio::test]
async fn the_order_is_stored_before_anybody_can_pay_it() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.shops_in("KR").await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    // The answer that leads to the Payment Page is all that happened so far.
    let purchase = customer.checks_out("payco-wallet", "", "").await;
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").signed()).await, 200);
    assert_eq!(shop.open_cases(), []);
    assert_eq!(shop.status_of(&purchase).await, "success");
}

/// 2. … and what is about no order of ours is kept, not lost behind a 200.
#[tokio::test]
async fn a_callback_about_an_unknown_payment_is_kept_for_a_person() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let stray = Callback::sale(&purchase, "success").with("/payment/id", json!("of-the-old-shop")).signed();
    assert_eq!(shop.receives(stray.clone()).await, 200);
    assert_eq!(shop.open_cases()[0].payment_id, "of-the-old-shop");
    assert!(shop.folder.database_holds(&stray));
}

/// 3. Tab closed, no return.
#[tokio::test]
async fn a_customer_who_closes_the_tab_has_a_paid_order() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let provider = customer.confirms(&purchase).await;
    customer.posts(&provider, &[("decision", "approve")]).await;
    drop(customer);
    shop.customer().sees(&purchase.order_path(), "success").await;
}

/// 4. Late success after refusal.
#[tokio::test]
async fn a_success_after_a_decline_settles_the_order() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    sandbox_does(&shop, &customer, json!({ "late_success": true })).await;
    let first = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    customer.answers_with(&first, "decline").await;
    customer.sees(&first.order_path(), "decline").await;
    // Meanwhile the customer begins anew.
    let second = customer.posts(&format!("{}/pay", first.order_path()), &[("payment_method", "")]).await.purchase();
    sandbox_clock_moves(&shop, &customer, 60).await;
    let page = customer.sees(&first.order_path(), "success").await;
    assert_eq!(page.attribute("data-payment-id").as_deref(), Some(first.payment_id()));
    assert_eq!(shop.open_cases(), []);
    // Paid is paid: there is no way to pay it again by accident.
    let again = customer.posts(&format!("{}/pay", second.order_path()), &[("payment_method", "")]).await;
    assert_eq!(again.location(), Some(first.order_path().as_str()));
}

/// 5. Events out of order downgrade a paid order.
#[tokio::test]
async fn nothing_that_arrives_late_or_twice_takes_a_payment_back() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    sandbox_does(&shop, &customer, json!({ "shuffle": true, "duplicate": 2 })).await;
    let mut purchases = Vec::new();
    for _ in 0..4 {
        let customer = shop.customer();
        let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
        customer.answers_with(&purchase, "approve").await;
        purchases.push(purchase);
    }
    sandbox_clock_moves(&shop, &customer, 12 * 24 * 60 * 60).await;
    for purchase in &purchases {
        let address = format!("{}/control/payments/{}/callbacks", shop.sandbox.address, purchase.payment_id());
        let sent = customer.posts(&address, &[]).await;
        let sent: Value = serde_json::from_str(&sent.body).expect("JSON");
        let attempts = sent["callbacks"].as_array().into_iter().flatten().flat_map(|callback| callback["attempts"].as_array());
        assert!(attempts.flatten().all(|attempt| attempt["http_status"] == 200), "{sent}");
        assert_eq!(shop.status_of(purchase).await, "success");
    }
    assert_eq!(shop.open_cases(), []);
}

/// 6. Money of currencies without cents a hundredfold.
#[tokio::test]
async fn an_amount_is_the_same_from_price_to_callback_in_every_currency() {
    let shop = TestShop::start().await;
    for (market, product, price, minor, currency) in [
        ("KR", "jeju-green-tea", "₩18,000", 18_000, "KRW"),
        ("PH", "tablea-cacao", "₱320.00", 32_000, "PHP"),
        ("BE", "flax-twine", "€3.50", 350, "EUR"),
    ] {
        let customer = shop.customer();
        customer.shops_in(market).await;
        assert!(customer.opens(&format!("/products/{product}")).await.body.contains(price), "{price}");
        let purchase = customer.orders(market, product, "").await;
        assert_eq!((purchase.amount(), purchase.currency()), (minor, currency));
        let confirm = [("_method", method_of(market)), ("_email", "maria@example.com"), ("_last_name", "Peeters")];
        customer.confirms_with(&purchase, &confirm).await;
        let address = format!("{}/control/payments/{}", shop.sandbox.address, purchase.payment_id());
        let payment: Value = serde_json::from_str(&customer.opens(&address).await.body).expect("JSON");
        assert_eq!((payment["amount"].as_u64(), payment["currency"].as_str()), (Some(minor), Some(currency)));
        let told: Value = serde_json::from_str(payment["callbacks"][0]["body"].as_str().expect("a body")).expect("JSON");
        assert_eq!(told["payment"]["sum"], json!({ "amount": minor, "currency": currency }));
        assert!(customer.opens(&purchase.order_path()).await.body.contains(price), "{price} on the order's page");
    }
}

fn method_of(market: &str) -> &'static str {
    match market {
        "KR" => "payco-wallet",
        "PH" => "paymaya-wallet",
        _ => "bancontact",
    }
}

/// 7. Browser Back empties the cart.
#[tokio::test]
async fn whoever_comes_back_without_paying_finds_the_cart_as_it_was() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let holds = async |words: &str| customer.opens("/cart").await.body.contains(words);
    assert!(holds("Jeju green tea").await, "after leaving for the Payment Page");
    let again = customer.checks_out("payco-wallet", "", "").await;
    assert_eq!(again.payment_id(), purchase.payment_id(), "Back and Pay once more is the same payment");
    customer.answers_with(&purchase, "decline").await;
    customer.sees(&purchase.order_path(), "decline").await;
    assert!(holds("Jeju green tea").await, "after a decline");
    let second = customer.posts(&format!("{}/pay", purchase.order_path()), &[("payment_method", "payco-wallet")]).await.purchase();
    customer.answers_with(&second, "approve").await;
    customer.sees(&purchase.order_path(), "success").await;
    assert!(!holds("Jeju green tea").await, "after it was paid");
}

/// 8. The bank's app comes back in another browser.
#[tokio::test]
async fn the_result_is_there_in_any_browser_without_a_cookie() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("BE", "flax-twine", "bancontact").await;
    let result = customer.answers_with(&purchase, "approve").await;
    let back = purchase.parameter("merchant_success_url");
    assert!(result.body.contains(back), "the way back is offered");
    let other = shop.customer();
    let page = other.sees(back, "success").await;
    assert!(page.body.contains("flax-twine"));
    assert_eq!(other.posts(back, &[("anything", "success")]).await.status, 200);
}

async fn sandbox_does(shop: &TestShop, customer: &Customer, faults: Value) {
    let address = format!("{}/control/faults", shop.sandbox.address);
    assert_eq!(customer.asks(|client, _| client.put(address).body(faults.to_string())).await.status, 200);
}

async fn sandbox_clock_moves(shop: &TestShop, customer: &Customer, seconds: u64) {
    let body = json!({ "advance_s": seconds }).to_string().into_bytes();
    let moved = customer.sends(&format!("{}/control/clock", shop.sandbox.address), "application/json", body).await;
    assert_eq!(moved.status, 200);
}
