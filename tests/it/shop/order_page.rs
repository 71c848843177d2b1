//! `/orders/{token}`: opened by GET or POST, in any browser; the state comes from the store, never from the address.

use std::time::Duration;

use serde_json::json;

use crate::kit::{Callback, Page, Purchase, TestShop};

#[tokio::test]
async fn the_order_page_opens_by_get_and_by_post_from_another_site_without_cookies() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let stranger = shop.customer();
    assert_eq!(stranger.opens(&purchase.order_path()).await.status, 200);
    let posted = stranger.asks(|client, address| {
        let request = client.post(format!("{address}{}", purchase.order_path()));
        request.header("sec-fetch-site", "cross-site").header("origin", "null").body("status=success&payment_id=x")
    });
    let page = posted.await;
    assert_eq!((page.status, page.attribute("data-payment-status").as_deref()), (200, Some("none")));
}

#[tokio::test]
async fn an_address_that_claims_success_shows_what_the_store_knows() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let claims = "?status=success&payment_status=success&result=success&payment_id=x&data-payment-status=success";
    let page = shop.customer().opens(&format!("{}{claims}", purchase.order_path())).await;
    assert_eq!(page.attribute("data-payment-status").as_deref(), Some("none"));
    assert!(shop.kept_callbacks().await.is_empty());
}

#[tokio::test]
async fn an_order_opens_only_by_its_own_token() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let page = shop.order_page(&purchase).await;
    let number = page.attribute("data-order-id").expect("a number");
    let path = purchase.order_path();
    let token = path.strip_prefix("/orders/").expect("a token");
    assert!(token.len() >= 22, "128 bits");
    let other = format!("{}{}", &token[..21], if token.ends_with('A') { 'B' } else { 'A' });
    for wrong in [number.as_str(), purchase.payment_id(), "1", &other, &token[..21], &token.to_lowercase(), "%00", "..%2f", "'"] {
        if wrong == token {
            continue;
        }
        for rest in ["", "/pay", "/events"] {
            assert_eq!(shop.customer().opens(&format!("/orders/{wrong}{rest}")).await.status, 404, "{wrong}{rest}");
        }
    }
}

#[tokio::test]
async fn the_order_page_tells_nobody_the_customers_email_or_name() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(purchase.parameter("customer_last_name"), "Peeters");
    for path in [purchase.order_path(), format!("{}/pay", purchase.order_path())] {
        let page = shop.customer().opens(&path).await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("Peeters") && !page.body.contains("maria@example.com"), "{path}");
    }
}

#[tokio::test]
async fn every_state_has_words_of_its_own() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let mut headings = Vec::new();
    for told in [
        &[][..],
        &["processing"],
        &["decline"],
        &["expired"],
        &["success"],
        &["success", "partially refunded"],
        &["success", "refunded"],
    ] {
        let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
        for status in told {
            let callback = match *status {
                "partially refunded" => Callback::refund(&purchase, status, "success", 1),
                "refunded" => Callback::refund(&purchase, status, "success", purchase.amount()),
                status => Callback::sale(&purchase, status),
            };
            assert_eq!(shop.receives(callback.signed()).await, 200);
        }
        let page = shop.order_page(&purchase).await;
        assert_eq!(page.attribute("data-payment-status").as_deref(), Some(*told.last().unwrap_or(&"none")));
        headings.push(page.heading());
    }
    let mut different = headings.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), headings.len(), "{headings:?}");
}

#[tokio::test]
async fn a_payment_that_a_person_must_look_at_is_neither_called_paid_nor_offered_again() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("BE", "flax-twine", "bancontact").await;
    let pay = format!("{}/pay", purchase.order_path());
    let offers = |page: &Page| page.body.contains(&format!("action=\"{pay}\""));
    assert!(offers(&shop.order_page(&purchase).await));
    let doubtful = Callback::sale(&purchase, "success").with("/payment/sum/amount", json!(1));
    assert_eq!(shop.receives(doubtful.signed()).await, 200);
    let page = shop.order_page(&purchase).await;
    assert_eq!(page.heading(), "Your payment is being checked");
    assert!(page.body.contains("do not pay again") && !offers(&page), "{}", page.body);
    let heard = customer.listens(&format!("{}/events", purchase.order_path()), "in_doubt").await;
    assert!(heard.contains("\"status\":\"none\""), "{heard}");
    for answer in [customer.opens(&pay).await, customer.posts(&pay, &[("payment_method", "bancontact")]).await] {
        assert_eq!((answer.status, answer.location()), (303, Some(purchase.order_path().as_str())));
    }
    shop.command(&["cases", "dismiss", &shop.open_cases()[0].id, "--reason", "nothing was taken"], "");
    assert!(offers(&shop.order_page(&purchase).await), "nobody looks any more");
}

#[tokio::test]
async fn what_went_back_of_a_payment_and_what_remains_paid_is_told() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("BE", "bancontact").await;
    let paid = purchase.amount();
    let part = ["refund", purchase.payment_id(), "--amount", "150", "--currency", "EUR", "--reason", "came broken"];
    assert_eq!(shop.command(&part, "").code, 0);
    let page = shop.customer().sees(&purchase.order_path(), "partially refunded").await;
    let euro = |minor: u64| format!("€{}.{:02}", minor / 100, minor % 100);
    let (_, parts) = page.body.split_once("Given back to you").expect("what went back");
    let (back, kept) = parts.split_once("Remains paid").expect("what remains");
    assert!(back.contains(&euro(150)) && kept.contains(&euro(paid - 150)), "{parts}");
}

#[tokio::test]
async fn an_order_nobody_paid_expires_and_can_still_be_paid() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let waiting = shop.order_page(&purchase).await;
    shop.time_passes(Duration::from_secs(24 * 60 * 60 + 1));
    let expired = shop.order_page(&purchase).await;
    assert_ne!(expired.heading(), waiting.heading());
    let again = shop.customer().posts(&format!("{}/pay", purchase.order_path()), &[("payment_method", "payco-wallet")]).await;
    assert_ne!(again.purchase().payment_id(), purchase.payment_id());
    assert_eq!(shop.receives(Callback::sale(&purchase, "success").signed()).await, 200, "the platform's word still counts");
    assert_eq!(shop.status_of(&purchase).await, "success");
}

#[tokio::test]
async fn events_tell_the_present_state_at_once_and_each_change() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let address = format!("{}{}/events", shop.address, purchase.order_path());
    let mut stream = reqwest::Client::builder().no_proxy().build().expect("a client").get(address).send().await.expect("a stream");
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let mut heard = String::new();
    for status in ["none", "processing", "success"] {
        if status != "none" {
            assert_eq!(shop.receives(Callback::sale(&purchase, status).signed()).await, 200);
        }
        let event = event(&purchase, status);
        let listening = async {
            while !heard.contains(&event) {
                heard += &String::from_utf8_lossy(&stream.chunk().await.expect("bytes").expect("more to come"));
            }
        };
        tokio::time::timeout(Duration::from_secs(30), listening).await.expect(status);
    }
    assert!(heard.starts_with(&event(&purchase, "none")), "{heard}");
}

fn event(purchase: &Purchase, status: &str) -> String {
    let data = serde_json::json!({ "status": status, "payment_id": purchase.payment_id() });
    format!("event: status\ndata: {data}\n\n")
}
