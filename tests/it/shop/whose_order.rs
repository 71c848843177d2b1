//! Whoever holds an order's link may pay it; what the customer told is used only in the browser that ordered.

use crate::kit::{Customer, Purchase, TestShop, eventually};

const EMAIL: &str = "maria@example.com";

/// An order with all that a customer may tell.
async fn ordered(shop: &TestShop) -> (Customer, Purchase, String) {
    let customer = shop.customer();
    customer.shops_in("BE").await;
    customer.puts_in_cart("flax-twine", 1).await;
    let hidden = customer.opens("/checkout").await.inputs();
    let form = hidden.iter().filter(|(name, _)| name == "cart" || name == "total");
    let typed = [("payment_method", "bancontact"), ("email", EMAIL), ("last_name", "Peeters"), ("phone", "+32470123456")];
    let form: Vec<_> = form.map(|(name, value)| (name.as_str(), value.as_str())).chain(typed).collect();
    let purchase = customer.posts("/checkout", &form).await.purchase();
    let pay = format!("{}/pay", purchase.order_path());
    (customer, purchase, pay)
}

fn told(purchase: &Purchase) -> [&str; 3] {
    ["customer_email", "customer_last_name", "customer_phone"].map(|name| purchase.parameter(name))
}

#[tokio::test]
async fn a_stranger_with_the_link_pays_and_learns_nothing_of_the_customer() {
    let shop = TestShop::start().await;
    let (_, _, pay) = ordered(&shop).await;
    let stranger = shop.customer();
    let page = stranger.opens(&pay).await;
    assert_eq!(page.status, 200);
    let asked = stranger.posts(&pay, &[("payment_method", "bancontact")]).await;
    assert_eq!(asked.status, 422, "the last name that Bancontact needs is not taken from the customer");
    let purchase = stranger.posts(&pay, &[("payment_method", "")]).await.purchase();
    assert_eq!(told(&purchase), ["", "", ""]);
    let json = stranger.asks(|client, shop| {
        let request = client.post(format!("{shop}{pay}")).header("accept", "application/json");
        request.header("content-type", "application/x-www-form-urlencoded").body("payment_method=")
    });
    let json = json.await;
    assert_eq!(json.status, 200);
    for secret in [EMAIL, "Peeters", "470123456"] {
        assert!(!json.body.contains(secret), "{secret}: {}", json.body);
    }
}

#[tokio::test]
async fn what_a_stranger_types_is_used_for_that_try_and_changes_nothing() {
    let shop = TestShop::start().await;
    let (customer, _, pay) = ordered(&shop).await;
    let typed =
        [("payment_method", "bancontact"), ("email", "other@example.com"), ("last_name", "Janssens"), ("phone", "+32470999999")];
    let strange = shop.customer().posts(&pay, &typed).await.purchase();
    assert_eq!(strange.parameter("customer_last_name"), "Janssens");
    assert_eq!(strange.parameter("customer_phone"), "32470999999");
    let again = customer.posts(&pay, &[("payment_method", "")]).await.purchase();
    assert_eq!((again.parameter("customer_last_name"), again.parameter("customer_email")), ("Peeters", EMAIL));
}

#[tokio::test]
async fn the_browser_that_ordered_pays_again_with_one_click_and_may_change_what_it_told() {
    let shop = TestShop::start().await;
    let (customer, first, pay) = ordered(&shop).await;
    let again = customer.posts(&pay, &[("payment_method", "bancontact")]).await.purchase();
    assert_eq!(told(&again), told(&first));
    // Other orders after it do not take the first away.
    for _ in 0..3 {
        customer.orders("BE", "flax-twine", "bancontact").await;
    }
    customer.posts(&pay, &[("payment_method", "bancontact"), ("last_name", "Willems")]).await;
    let changed = customer.posts(&pay, &[("payment_method", "bancontact")]).await.purchase();
    assert_eq!(changed.parameter("customer_last_name"), "Willems");
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_and_proves_nothing_about_other_orders() {
    let shop = TestShop::start_with(&[("PUBLIC_URL", "https://shop.example")]).await;
    let customer = shop.customer();
    customer.shops_in("KR").await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    let paid = customer.presses_pay("payco-wallet", EMAIL, "").await;
    let mut cookies = paid.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().expect("text").to_owned());
    let cookie = cookies.find(|cookie| cookie.starts_with("__Host-ordered=")).expect("a cookie of its own");
    for needed in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure"] {
        assert!(cookie.split("; ").any(|part| part == needed), "{needed}: {cookie}");
    }
    let token = paid.purchase().order_path().trim_start_matches("/orders/").to_owned();
    assert!(!cookie.contains(&token), "it is no second link");

    let (_, _, pay) = ordered(&shop).await;
    let value = cookie.split(';').next().unwrap_or_default().to_owned();
    let stranger = shop.customer();
    let strange = stranger.asks(|client, shop| {
        let request = client.post(format!("{shop}{pay}")).header("cookie", value);
        request.header("content-type", "application/x-www-form-urlencoded").body("payment_method=")
    });
    assert_eq!(told(&strange.await.purchase()), ["", "", ""]);
}

#[tokio::test]
async fn a_last_name_that_a_stranger_gives_at_the_bank_s_request_is_not_kept() {
    let shop = TestShop::start_with(&[("PAYMENT_PATH", "gate")]).await;
    let customer = shop.customer();
    customer.shops_in("BE").await;
    customer.puts_in_cart("flax-twine", 1).await;
    let waiting = customer.presses_pay("bancontact", "", "").await.location().expect("the page that waits").to_owned();
    let stranger = shop.customer();
    eventually("the bank asks for the last name", async || {
        stranger.opens(&waiting).await.body.contains("name=\"last_name\"").then_some(())
    })
    .await;
    assert_eq!(stranger.posts(&waiting, &[("last_name", "Janssens")]).await.status, 303);
    let order = shop.orders().await.pop().expect("an order");
    assert_eq!(shop.fact(&order, "Last name").await, "not given");
}
