//! The Payment Page in a frame: what its page is given, and who may frame the shop.

use serde_json::Value;

use crate::kit::{Customer, Page, TestShop};

async fn at_checkout(shop: &TestShop) -> Customer {
    let customer = shop.customer();
    customer.shops_in("BE").await;
    customer.puts_in_cart("flax-twine", 1).await;
    customer
}

/// What the page's own script asks instead of sending the form.
async fn asks_for_json(customer: &Customer, path: &str, fields: &'static str) -> Page {
    let asked = customer.asks(|client, shop| {
        let request = client.post(format!("{shop}{path}")).header("accept", "application/json");
        request.header("content-type", "application/x-www-form-urlencoded").body(fields)
    });
    asked.await
}

fn rule<'a>(page: &'a Page, name: &str) -> &'a str {
    let policy = page.header("content-security-policy");
    policy.split("; ").find_map(|rule| rule.strip_prefix(name)).unwrap_or_default().trim()
}

#[tokio::test]
async fn only_a_checkout_that_embeds_names_the_payment_page_for_scripts_and_frames() {
    for (opening, framed) in [("redirect", false), ("iframe", true), ("popup", true)] {
        let shop = TestShop::start_with(&[("PAYMENT_PAGE_OPENING", opening)]).await;
        let page = at_checkout(&shop).await.opens("/checkout").await;
        let origin = &shop.sandbox.address;
        assert_eq!(page.attribute("data-opening"), framed.then(|| opening.to_owned()));
        assert_eq!(page.attribute("data-payment-page"), framed.then(|| origin.clone()));
        assert_eq!(rule(&page, "frame-src"), if framed { format!("'self' {origin}") } else { String::new() });
        assert_eq!(rule(&page, "connect-src").contains(origin), framed);
        assert_eq!(page.header("permissions-policy").contains(&format!("payment=(self \"{origin}\")")), framed);
        assert_eq!(rule(&page, "form-action"), format!("'self' {origin}"));
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin-allow-popups");
        assert_eq!(page.header("cross-origin-embedder-policy"), "");
        assert!(!shop.customer().opens("/").await.header("content-security-policy").contains(origin));
    }
}

#[tokio::test]
async fn an_unknown_opening_is_named_before_the_shop_starts() {
    let shop = TestShop::start().await;
    let mut settings = shop.settings.clone();
    settings.insert("PAYMENT_PAGE_OPENING".to_owned(), "window".to_owned());
    let refused = storefront::config::settings::Config::from_settings(settings).err().expect("a refusal").to_string();
    assert!(refused.contains("PAYMENT_PAGE_OPENING: not redirect, iframe or popup"), "{refused}");
}

#[tokio::test]
async fn an_address_chooses_the_opening_with_the_sandbox_and_not_with_a_real_platform() {
    let shop = TestShop::start().await;
    let customer = at_checkout(&shop).await;
    let page = customer.opens("/checkout?opening=popup").await;
    assert_eq!(page.attribute("data-opening").as_deref(), Some("popup"));
    assert!(page.body.contains("action=\"/checkout?opening=popup\""), "a form with a mistake comes back the same way");
    let again = customer.posts("/checkout?opening=popup", &[("payment_method", "cash")]).await;
    assert_eq!((again.status, again.attribute("data-opening").as_deref()), (422, Some("popup")));
    assert_eq!(customer.opens("/checkout?opening=window").await.attribute("data-opening"), None);

    let live = [("PAYMENT_PAGE_URL", "https://pay.example"), ("PROJECT_ID", "7"), ("PROJECT_SECRET", "not the sandbox's")];
    let shop = TestShop::start_with(&live).await;
    let page = at_checkout(&shop).await.opens("/checkout?opening=popup").await;
    assert_eq!((page.status, page.attribute("data-opening")), (200, None));
}

#[tokio::test]
async fn the_payment_page_is_found_below_whatever_address_is_set() {
    for (set, base) in [
        ("http://localhost:3001/", "http://localhost:3001"),
        ("http://localhost:3001/pay/", "http://localhost:3001/pay"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ] {
        let shop = TestShop::start_with(&[("PAYMENT_PAGE_URL", set), ("PAYMENT_PAGE_OPENING", "iframe")]).await;
        let customer = at_checkout(&shop).await;
        let page = customer.opens("/checkout").await;
        assert_eq!(page.attribute("data-payment-page").as_deref(), Some(base));
        let origin = base.strip_suffix("/pay").unwrap_or(base);
        assert_eq!(rule(&page, "frame-src"), format!("'self' {origin}"));
        let purchase = customer.checks_out("bancontact", "", "Peeters").await;
        assert!(purchase.address.starts_with(&format!("{base}/payment?")), "{}", purchase.address);
    }
}

#[tokio::test]
async fn a_script_that_asks_for_json_gets_the_same_payment_as_the_form() {
    let shop = TestShop::start_with(&[("PAYMENT_PAGE_OPENING", "iframe")]).await;
    let customer = at_checkout(&shop).await;
    let fields = "payment_method=bancontact&last_name=Peeters";
    let first: Value = serde_json::from_str(&asks_for_json(&customer, "/checkout", fields).await.body).expect("JSON");
    let form = customer.posts("/checkout", &[("payment_method", "bancontact"), ("last_name", "Peeters")]).await.purchase();
    assert_eq!(first["parameters"]["payment_id"], form.payment_id());
    assert_eq!(first["address"], form.address);
    assert_eq!(first["order"], form.order_path());
    assert_eq!(first["parameters"], serde_json::to_value(&form.parameters).expect("JSON"), "signature included");
    assert_eq!(shop.orders().await.len(), 1);

    let again = asks_for_json(&customer, &format!("{}/pay", form.order_path()), fields).await;
    let again: Value = serde_json::from_str(&again.body).expect("JSON");
    assert_eq!(again["parameters"]["payment_id"], form.payment_id());
}

#[tokio::test]
async fn a_refused_checkout_is_a_page_even_for_a_script_that_asks_for_json() {
    let shop = TestShop::start_with(&[("PAYMENT_PAGE_OPENING", "iframe")]).await;
    let customer = at_checkout(&shop).await;
    let refused = asks_for_json(&customer, "/checkout", "payment_method=bancontact").await;
    assert_eq!(refused.status, 422);
    assert!(refused.header("content-type").starts_with("text/html"));
    let foreign = customer.asks(|client, shop| {
        client.post(format!("{shop}/checkout")).header("accept", "application/json").header("sec-fetch-site", "cross-site")
    });
    assert_eq!(foreign.await.status, 403);
}

#[tokio::test]
async fn only_an_order_may_be_framed_by_shop_and_payment_page_and_a_framed_one_only_leads_out() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("BE", "flax-twine", "bancontact").await;
    let order = purchase.order_path();
    for destination in ["document", "iframe", "frame", "embed", "object"] {
        let opened = customer.asks(|client, shop| client.get(format!("{shop}{order}")).header("sec-fetch-dest", destination));
        let page = opened.await;
        assert_eq!(rule(&page, "frame-ancestors"), format!("'self' {}", shop.sandbox.address), "{destination}");
        let framed = destination != "document";
        assert_eq!(page.body.contains("target=\"_top\""), framed, "{destination}");
        assert_eq!(page.body.contains("<form"), !framed, "{destination}");
        assert_eq!(page.body.contains("flax twine"), !framed, "{destination}: nothing of the order");
        assert_eq!(page.attribute("data-payment-status").is_some(), !framed, "{destination}");
    }
    let pay = customer.opens(&format!("{order}/pay")).await;
    assert_eq!(rule(&pay, "frame-ancestors"), "'none'");
}

#[tokio::test]
async fn the_order_page_tells_its_own_customer_that_the_cart_has_changed_and_nobody_else() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("BE", "flax-twine", "bancontact").await;
    let told = |page: &Page| page.body.contains("cart-differs");
    assert!(!told(&customer.opens(&purchase.order_path()).await));
    customer.puts_in_cart("jeju-green-tea", 1).await;
    assert!(told(&customer.opens(&purchase.order_path()).await));
    assert!(!told(&shop.order_page(&purchase).await));
}
