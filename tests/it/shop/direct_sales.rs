//! Direct sales: the checkout sends the sale itself, once, and the customer goes straight to wallet or bank.

use std::time::Duration;

use serde_json::json;

use crate::kit::{
    Customer, Page, TestShop, eventually,
    gate_way::{GateWay, Money},
};

const WAYS: [(&str, &str); 3] = [("KR", "payco-wallet"), ("PH", "paymaya-wallet"), ("BE", "bancontact")];

async fn shop_with(more: &[(&str, &str)]) -> TestShop {
    TestShop::start_with(&[&[("PAYMENT_PATH", "gate")], more].concat()).await
}

/// Presses Pay; gives back the path of the page that waits for the platform.
async fn orders(customer: &Customer, market: &str, method: &str, last_name: &str) -> String {
    customer.shops_in(market).await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    let answer = customer.presses_pay(method, "maria@example.com", last_name).await;
    let path = answer.location().unwrap_or_else(|| panic!("led on: {}", answer.body)).to_owned();
    assert!(answer.status == 303 && path.ends_with("/continue"), "{path}");
    path
}

/// Where the page leads and, where that takes a form, what the form holds.
fn leads_to(page: &Page) -> Option<(String, Vec<(String, String)>)> {
    if let Some(url) = page.header("refresh").strip_prefix("0; url=") {
        return Some((url.to_owned(), Vec::new()));
    }
    let form = page.body.split("id=\"handover\" action=\"").nth(1)?;
    Some((form.split('"').next()?.to_owned(), page.inputs()))
}

/// At the wallet or bank: gives back where the customer is sent afterwards.
async fn decides(customer: &Customer, waiting: &str, decision: &str) -> String {
    let (url, fields) = eventually("the wallet's page", async || leads_to(&customer.opens(waiting).await)).await;
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = if fields.is_empty() { customer.opens(&url).await } else { customer.posts(&url, &fields).await };
    assert!(page.status == 200 && page.body.contains("Approve"), "{}", page.body);
    let decided = customer.posts(&url, &[("decision", decision)]).await;
    decided.location().expect("back to the shop").to_owned()
}

async fn payment_id(shop: &TestShop, order: &str) -> String {
    shop.customer().opens(order).await.attribute("data-payment-id").expect("a payment")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_method_is_paid_or_declined_and_the_customer_comes_back() {
    let shop = shop_with(&[]).await;
    for (market, method) in WAYS {
        for (decision, status) in [("approve", "success"), ("decline", "decline")] {
            let customer = shop.customer();
            let waiting = orders(&customer, market, method, "Peeters").await;
            let back = decides(&customer, &waiting, decision).await;
            assert_eq!(format!("{}{}", shop.address, waiting.trim_end_matches("/continue")), back);
            let page = customer.sees(&back, status).await;
            assert_eq!(shop.platform_has(&page.attribute("data-payment-id").expect("an id")).await.len(), 1);
        }
    }
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_last_name_is_asked_for_while_the_payment_waits() {
    let shop = shop_with(&[]).await;
    let customer = shop.customer();
    let waiting = orders(&customer, "BE", "bancontact", "").await;
    let asked = eventually("the question", async || {
        let page = customer.opens(&waiting).await;
        page.body.contains("name=\"last_name\"").then_some(page)
    })
    .await;
    assert_eq!(asked.heading(), "Your bank asks one more thing");
    for (bad, why) in [("", "Please"), (&*"x".repeat(101), "too long"), ("a;b", "A semicolon (;)")] {
        let refused = customer.posts(&waiting, &[("last_name", bad)]).await;
        assert!(refused.status == 422 && refused.body.contains(why), "{bad:?}: {}", refused.body);
    }
    assert_eq!(customer.posts(&waiting, &[("last_name", "Peeters")]).await.status, 303);
    let back = decides(&customer, &waiting, "approve").await;
    customer.sees(&back, "success").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_becomes_of_the_answer_one_sale_is_one_sale() {
    for fault in ["reset", "half_json", "html_502", "too_many_requests", "timeout"] {
        let shop = shop_with(&[("STATUS_AFTER_S", "1")]).await;
        shop.platform_misbehaves(json!({ "gate": fault, "drop": 1 })).await;
        let customer = shop.customer();
        let waiting = orders(&customer, "KR", "payco-wallet", "").await;
        let order = waiting.trim_end_matches("/continue").to_owned();
        let payment = payment_id(&shop, &order).await;
        eventually("the sale at the platform", async || (!shop.platform_has(&payment).await.is_empty()).then_some(())).await;
        for _ in 0..3 {
            customer.opens(&waiting).await; // impatience sends nothing twice
        }
        shop.platform_misbehaves(json!({ "drop": 1 })).await;
        eventually(&format!("the wallet's page after a {fault}"), async || {
            shop.time_passes(Duration::from_secs(2));
            leads_to(&customer.opens(&waiting).await).map(|_| ())
        })
        .await;
        let back = decides(&customer, &waiting, "approve").await;
        eventually("the paid order", async || {
            shop.time_passes(Duration::from_secs(5));
            (customer.opens(&back).await.attribute("data-payment-status")? == "success").then_some(())
        })
        .await;
        assert_eq!(shop.platform_has(&payment).await.len(), 1, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_becomes_of_the_answer_a_last_name_arrives() {
    for fault in ["reset", "half_json", "html_502", "too_many_requests", "timeout"] {
        let shop = shop_with(&[]).await;
        let customer = shop.customer();
        let waiting = orders(&customer, "BE", "bancontact", "").await;
        let payment = payment_id(&shop, waiting.trim_end_matches("/continue")).await;
        eventually("the question", async || customer.opens(&waiting).await.body.contains("name=\"last_name\"").then_some(())).await;
        shop.platform_misbehaves(json!({ "gate": fault })).await;
        assert_eq!(customer.posts(&waiting, &[("last_name", "Peeters")]).await.status, 303, "{fault}");
        shop.platform_misbehaves(json!({})).await;
        let back = decides(&customer, &waiting, "approve").await;
        customer.sees(&back, "success").await;
        assert_eq!(shop.platform_has(&payment).await.len(), 1, "{fault}");
    }
}

#[tokio::test]
async fn checkout_offers_no_choice_on_a_page_that_is_not_there() {
    let shop = shop_with(&[]).await;
    let customer = shop.customer();
    customer.shops_in("BE").await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    let page = customer.opens("/checkout?opening=iframe").await;
    assert!(page.body.contains("Bancontact") && !page.body.contains("Choose on the payment page"), "{}", page.body);
    assert_eq!(page.attribute("data-opening"), None);
    assert_eq!(customer.presses_pay("", "", "").await.status, 422);
    assert_eq!(customer.presses_pay("paymaya-wallet", "", "").await.status, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_that_cannot_be_reached_is_told_and_another_try_is_another_payment() {
    let shop = shop_with(&[("GATE_URL", "http://127.0.0.1:9")]).await;
    let customer = shop.customer();
    let waiting = orders(&customer, "KR", "payco-wallet", "").await;
    let order = waiting.trim_end_matches("/continue").to_owned();
    let page = customer.sees(&order, "decline").await;
    let again = customer.posts(&format!("{order}/pay"), &[("payment_method", "payco-wallet")]).await;
    assert!(again.location().is_some_and(|path| path.ends_with("/continue")), "{}", again.body);
    assert_ne!(payment_id(&shop, &order).await, page.attribute("data-payment-id").expect("an id"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_that_leads_to_the_wallet_needs_the_order_and_ends_with_it() {
    let shop = shop_with(&[]).await;
    let customer = shop.customer();
    assert_eq!(customer.opens("/orders/AAAAAAAAAAAAAAAAAAAAAA/continue").await.status, 404);
    let waiting = orders(&customer, "PH", "paymaya-wallet", "").await;
    let back = decides(&customer, &waiting, "approve").await;
    customer.sees(&back, "success").await;
    // Who goes back to it once the order is paid is led to the order.
    assert_eq!(customer.opens(&waiting).await.location().map(str::to_owned), back.strip_prefix(&shop.address).map(str::to_owned));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_who_pays_is_told_to_the_platform_by_their_own_address_and_name() {
    let way = GateWay::opens(Money::Passes).await;
    let shop = way.shop(&[("PAYMENT_PATH", "gate"), ("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let customer = Customer::from_address(&shop.address, "198.51.100.7");
    let waiting = orders(&customer, "BE", "bancontact", "Peeters").await;
    let back = decides(&customer, &waiting, "decline").await;
    customer.sees(&back, "decline").await;
    let pay = format!("{}/pay", waiting.trim_end_matches("/continue"));
    let stranger = Customer::from_address(&shop.address, "203.0.113.9");
    let nameless = stranger.posts(&pay, &[("payment_method", "bancontact")]).await;
    eventually("a second sale, or a question", async || (nameless.status == 422 || way.sales().len() == 2).then_some(())).await;
    if nameless.status == 422 {
        let typed = [("payment_method", "bancontact"), ("last_name", "Janssens")];
        assert_eq!(stranger.posts(&pay, &typed).await.status, 303);
    }
    eventually("a second sale", async || (way.sales().len() == 2).then_some(())).await;
    let told =
        |sale: &serde_json::Value| ["ip_address", "last_name"].map(|name| sale["customer"][name].as_str().map(str::to_owned));
    let sales = way.sales();
    assert_eq!(told(&sales[0]), [Some("198.51.100.7".to_owned()), Some("Peeters".to_owned())]);
    let [address, last_name] = told(&sales[1]);
    assert_eq!(address.as_deref(), Some("203.0.113.9"));
    assert_ne!(last_name.as_deref(), Some("Peeters"), "what the customer told is for the customer's own payments");
    assert!(!sales[1].to_string().contains("maria@example.com"));
}
