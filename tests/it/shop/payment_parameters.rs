//! What a payment tells the platform beyond its sum.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::kit::TestShop;

#[tokio::test]
async fn the_items_of_an_order_add_up_to_its_payment() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.shops_in("PH").await;
    customer.puts_in_cart("jeju-green-tea", 2).await;
    customer.puts_in_cart("flax-twine", 1).await;
    let purchase = customer.checks_out("paymaya-wallet", "maria@example.com", "").await;
    let json = STANDARD.decode(purchase.parameter("receipt_data")).expect("Base64");
    let receipt: Value = serde_json::from_slice(&json).expect("JSON");
    let positions = receipt["positions"].as_array().expect("positions");
    let told = |name: &str| positions.iter().map(|position| position[name].clone()).collect::<Vec<_>>();
    assert_eq!(told("description"), ["Jeju green tea", "Ball of flax twine"]);
    assert_eq!(told("quantity"), [2, 1]);
    assert_eq!(told("amount").iter().filter_map(Value::as_u64).sum::<u64>(), purchase.amount());
}

#[tokio::test]
async fn country_and_phone_are_told_and_the_phone_only_if_it_was_given() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let silent = customer.orders("PH", "jeju-green-tea", "paymaya-wallet").await;
    assert_eq!((silent.parameter("customer_country"), silent.parameter("customer_phone")), ("PH", ""));

    let again = format!("{}/pay", silent.order_path());
    let form = [("payment_method", ""), ("phone", "+63 917 123 4567")];
    let told = customer.posts(&again, &form).await.purchase();
    assert_eq!(told.parameter("customer_phone"), "639171234567");
    let known = customer.opens(&again).await;
    assert!(!known.body.contains("639171234567") && !known.body.contains("name=\"phone\""), "known, so neither asked nor shown");
    for bad in ["call me", "12", "+63 917;payment_amount:1"] {
        let refused = customer.posts(&again, &[("payment_method", ""), ("phone", bad)]).await;
        assert_eq!((refused.status, refused.location()), (422, None), "{bad}");
    }
}

#[tokio::test]
async fn a_payment_is_to_be_made_while_its_things_are_kept() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let best_before: jiff::Timestamp = purchase.parameter("best_before").parse().expect("a moment with an offset");
    let left = best_before.as_second() - shop.now().as_second();
    assert!((29 * 60..=30 * 60).contains(&left), "{left} s");
    let page = customer.opens(&purchase.order_path()).await;
    let seconds: i64 = page.attribute("data-seconds").expect("a countdown").parse().expect("seconds");
    assert!((29 * 60..=30 * 60).contains(&seconds), "{seconds} s");
    assert_eq!(purchase.parameter("language_code"), "en");
    assert!(purchase.parameter("payment_description").starts_with("Three Harbours "));
}

#[tokio::test]
async fn success_leads_back_by_itself_and_a_decline_does_not() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    assert_eq!(purchase.parameter("redirect_success_enabled"), "2");
    assert_eq!(purchase.parameter("redirect_fail_url"), "", "else trying again on the page would be off");
    for link in ["merchant_success", "merchant_fail", "merchant_return"] {
        assert!(purchase.parameter(&format!("{link}_url")).ends_with(&purchase.order_path()), "{link}");
        assert_eq!(purchase.parameter(&format!("{link}_redirect_mode")), "parent_page", "{link}");
    }
}
