//! Requests of one address are limited: above the limit a page says when to come back, and others notice nothing.

use std::time::Duration;

use crate::kit::{Callback, Customer, Operator, Page, TestShop, eventually};

/// More than anybody may ask for at once.
const FLOOD: usize = 400;

async fn shop() -> TestShop {
    TestShop::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await
}

/// Posts a form from an address behind the trusted proxy.
async fn posts(customer: &Customer, path: &str, form: &str, from: &str) -> Page {
    customer
        .asks(|client, shop| {
            let request = client.post(format!("{shop}{path}")).header("x-forwarded-for", from);
            request.header("content-type", "application/x-www-form-urlencoded").body(form.to_owned())
        })
        .await
}

/// Posts from one address until it is told to wait.
async fn until_told_to_wait(customer: &Customer, path: &str, form: &str, from: &str) -> (usize, Page) {
    for number in 0..FLOOD {
        let page = posts(customer, path, form, from).await;
        if page.status == 429 {
            return (number, page);
        }
        assert!(page.status < 500, "{path}: {}", page.status);
    }
    panic!("{path}: {FLOOD} at once, and none was refused");
}

fn seconds_to_wait(page: &Page) -> u64 {
    page.header("retry-after").parse().expect("seconds")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_posts_too_often_is_told_when_to_come_back_and_nobody_else_is() {
    let shop = shop().await;
    let customer = shop.customer();
    let order = customer.orders("KR", "jeju-green-tea", "payco-wallet").await.order_path();
    for (path, form) in [
        ("/cart", "product=flax-twine&quantity=1"),
        ("/cart/lines", "product=flax-twine&quantity=1"),
        ("/checkout", "payment_method=cash"),
        (&format!("{order}/pay"), "payment_method=cash"),
        (&format!("{order}/continue"), "last_name=Peeters"),
        ("/admin/sign-in/code", "code=000000"),
    ] {
        let stranger = shop.customer();
        stranger.shops_in("KR").await;
        stranger.puts_in_cart("jeju-green-tea", 1).await;
        let (taken, page) = until_told_to_wait(&stranger, path, form, "198.51.100.1").await;
        assert!(taken >= 20, "{path}: only {taken} at once");
        assert!(page.header("content-type").starts_with("text/html") && !page.heading().is_empty(), "{path}: {}", page.body);
        let wait = seconds_to_wait(&page);
        assert!((1..=600).contains(&wait), "{path}: {wait} s");
        assert_ne!(posts(&stranger, path, form, "198.51.100.2").await.status, 429, "{path}: another address");
        assert_eq!(stranger.opens("/").await.status, 200);
        shop.time_passes(Duration::from_secs(wait));
        assert_ne!(posts(&stranger, path, form, "198.51.100.1").await.status, 429, "{path}: after waiting");
        shop.time_passes(Duration::from_secs(3600));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_of_version_6_counts_as_one_address() {
    let shop = shop().await;
    let customer = shop.customer();
    let mut told = 0;
    for number in 1..FLOOD {
        told = posts(&customer, "/cart", "product=unknown", &format!("2001:db8:0:7::{number:x}")).await.status;
        if told == 429 {
            break;
        }
    }
    assert_eq!(told, 429, "its last 64 bits are its owner's to choose");
    assert_eq!(posts(&customer, "/cart", "product=unknown", "2001:db8:0:8::1").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_callbacks_are_counted_and_true_ones_are_taken_from_any_address() {
    let shop = shop().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let customer = shop.customer();
    let (taken, page) = until_told_to_wait(&customer, "/callbacks", "{}", "198.51.100.1").await;
    assert!(taken >= 20, "only {taken} at once");
    assert!(seconds_to_wait(&page) > 0);
    let success = posts(&customer, "/callbacks", &Callback::sale(&purchase, "success").signed(), "198.51.100.1").await;
    assert_eq!(success.status, 200, "what verifies is taken whoever sends it");
    assert_eq!(posts(&customer, "/callbacks", "{}", "198.51.100.2").await.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_refused_callbacks_beyond_the_pace_nothing_is_written_down() {
    let shop = shop().await;
    let viewer = Operator::signs_in(&shop, "viewer").await;
    let customer = shop.customer();
    let (taken, _) = until_told_to_wait(&customer, "/callbacks", "{}", "198.51.100.1").await;
    for _ in 0..50 {
        assert_eq!(posts(&customer, "/callbacks", r#"{"of":"a flood"}"#, "198.51.100.1").await.status, 429);
    }
    assert_eq!(posts(&customer, "/callbacks", "no JSON", "198.51.100.2").await.status, 400);
    let page = eventually("the last one's record", async || {
        let page = viewer.sees("/admin/callbacks").await.body;
        page.contains("data-refused=\"not_json\"").then_some(page)
    })
    .await;
    let missing = page.matches("data-refused=\"signature_missing\"").count();
    assert_eq!(missing, 1, "the {taken} before, which were all alike, are one row, and the flood is none");
}
