//! Stock: held for half an hour, and never sold twice without a case.

use std::time::Duration;

use crate::kit::{Callback, TestShop};

/// There are three of it.
const FEW: &str = "moon-jar";
const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);
const A_SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn no_more_goes_into_a_cart_than_there_is() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    assert_eq!(customer.posts("/cart", &[("product", FEW), ("quantity", "4")]).await.status, 422);
    customer.puts_in_cart(FEW, 2).await;
    assert_eq!(customer.posts("/cart", &[("product", FEW), ("quantity", "2")]).await.status, 422);
    customer.puts_in_cart(FEW, 1).await;
}

#[tokio::test]
async fn what_is_in_checkout_is_kept_for_half_an_hour_and_then_free_again() {
    let shop = TestShop::start().await;
    let (first, second) = (shop.customer(), shop.customer());
    for customer in [&first, &second] {
        customer.shops_in("KR").await;
        customer.puts_in_cart(FEW, 2).await;
    }
    first.checks_out("payco-wallet", "", "").await;
    let page = second.presses_pay("payco-wallet", "", "").await;
    assert_eq!(page.status, 422, "only one is left");
    assert!(page.body.contains("Small moon jar"), "it is named");
    shop.time_passes(HALF_AN_HOUR - A_SECOND);
    assert_eq!(second.presses_pay("payco-wallet", "", "").await.status, 422);
    shop.time_passes(A_SECOND);
    second.checks_out("payco-wallet", "", "").await;
}

#[tokio::test]
async fn nobody_keeps_things_for_longer_by_trying_to_pay_again() {
    let shop = TestShop::start().await;
    let (first, second, stranger) = (shop.customer(), shop.customer(), shop.customer());
    first.shops_in("KR").await;
    first.puts_in_cart(FEW, 3).await;
    let pay = format!("{}/pay", first.checks_out("payco-wallet", "", "").await.order_path());
    second.shops_in("KR").await;
    second.posts("/cart", &[("product", FEW), ("quantity", "3")]).await;
    shop.time_passes(HALF_AN_HOUR - A_SECOND);
    for whoever in [&first, &stranger] {
        let purchase = whoever.posts(&pay, &[("payment_method", "")]).await.purchase();
        let left = jiff::Timestamp::strptime("%Y-%m-%dT%H:%M:%S%:z", purchase.parameter("best_before")).expect("a moment");
        assert!(left > shop.now() + HALF_AN_HOUR / 6, "there is time to pay");
    }
    shop.time_passes(A_SECOND);
    stranger.posts(&pay, &[("payment_method", "payco-wallet")]).await.purchase();
    second.puts_in_cart(FEW, 3).await;
    second.checks_out("payco-wallet", "", "").await;
    let late = first.posts(&pay, &[("payment_method", "")]).await;
    assert!(late.status == 422 && late.body.contains("Small moon jar"), "what somebody else has now is gone: {}", late.status);
}

#[tokio::test]
async fn a_late_success_without_stock_pays_and_becomes_a_case() {
    let shop = TestShop::start().await;
    let (late, quick) = (shop.customer(), shop.customer());
    for customer in [&late, &quick] {
        customer.shops_in("KR").await;
        customer.puts_in_cart(FEW, 2).await;
    }
    let slow = late.checks_out("payco-wallet", "", "").await;
    shop.time_passes(HALF_AN_HOUR);
    let fast = quick.checks_out("payco-wallet", "", "").await;
    shop.receives(Callback::sale(&fast, "success").signed()).await;
    assert_eq!(shop.receives(Callback::sale(&slow, "success").signed()).await, 200);
    assert_eq!(shop.status_of(&slow).await, "success");
    assert_eq!(shop.open_kinds(), ["paid without stock"]);
}

#[tokio::test]
async fn a_late_success_with_stock_left_is_no_case() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", FEW, "payco-wallet").await;
    shop.time_passes(HALF_AN_HOUR * 4);
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").signed()).await, 200);
    assert_eq!(shop.status_of(&purchase).await, "success");
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test]
async fn a_late_success_does_not_count_its_own_order_as_sold() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.shops_in("KR").await;
    customer.puts_in_cart(FEW, 2).await;
    let purchase = customer.checks_out("payco-wallet", "", "").await;
    shop.time_passes(HALF_AN_HOUR * 4);
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").signed()).await, 200);
    assert!(shop.open_kinds().is_empty(), "two of three: one is left, and nobody was promised it");
}

#[tokio::test]
async fn two_orders_of_one_customer_do_not_share_the_last_things_in_silence() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.shops_in("KR").await;
    customer.puts_in_cart(FEW, 3).await;
    let first = customer.checks_out("payco-wallet", "", "").await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    let second = customer.checks_out("payco-wallet", "", "").await;
    for purchase in [&first, &second] {
        assert_eq!(shop.receives(Callback::sale(purchase, "success").signed()).await, 200);
    }
    assert_eq!(shop.open_kinds(), ["paid without stock"]);
}

#[tokio::test]
async fn what_was_paid_for_is_gone_for_good() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    customer.shops_in("KR").await;
    customer.puts_in_cart(FEW, 3).await;
    let purchase = customer.checks_out("payco-wallet", "", "").await;
    shop.receives(Callback::sale(&purchase, "success").signed()).await;
    shop.time_passes(HALF_AN_HOUR * 10);
    assert_eq!(shop.customer().posts("/cart", &[("product", FEW), ("quantity", "1")]).await.status, 422);
    assert!(shop.customer().opens(&format!("/products/{FEW}")).await.body.contains("Sold out"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_three_are_sold_to_three_of_ten_who_want_one() {
    let shop = TestShop::start().await;
    let customers: Vec<_> = (0..10).map(|_| shop.customer()).collect();
    for customer in &customers {
        customer.puts_in_cart(FEW, 1).await;
    }
    let pages = futures::future::join_all(customers.iter().map(|customer| customer.presses_pay("", "", ""))).await;
    let sold = pages.iter().filter(|page| page.status == 303).count();
    let refused = pages.iter().filter(|page| page.status == 422).count();
    assert_eq!((sold, refused), (3, 7));
}
