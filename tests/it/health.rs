//! For those who watch over the shop, and what happens while the database belongs to somebody else.

use futures::future::join4;

use crate::{journal::Lock, platform::Callback, test_shop::TestShop};

#[tokio::test]
async fn a_healthy_shop_is_alive_ready_and_counts() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(customer.opens(path).await.status, 200, "{path}");
    }
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    shop.receives(Callback::sale(&purchase, "success").signed()).await;
    shop.receives("{}").await;
    let metrics = customer.opens("/metrics").await;
    assert_eq!(metrics.status, 200);
    assert!(metrics.header("content-type").starts_with("text/plain"), "{}", metrics.header("content-type"));
    for outcome in ["applied", "refused"] {
        assert!(metrics.body.contains(&format!("callbacks_total{{outcome=\"{outcome}\"}}")), "{outcome}: {}", metrics.body);
    }
}

#[tokio::test]
async fn while_the_database_cannot_be_written_nothing_is_acknowledged_and_afterwards_nothing_was_lost() {
    let shop = TestShop::start().await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let success = Callback::sale(&purchase, "success").signed();
    let form = customer.opens("/checkout").await.inputs();
    let form: Vec<_> = form.iter().filter(|(name, _)| name == "cart" || name == "total").collect();
    let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain([("payment_method", "")]).collect();

    let lock = Lock::take(&shop.folder.path("shop.db")).await;
    let callback = shop.receives(success.clone());
    let (ready, callback, checkout, cart) = join4(
        customer.opens("/readyz"),
        callback,
        customer.posts("/checkout", &form),
        customer.posts("/cart", &[("product", "flax-twine"), ("quantity", "1")]),
    )
    .await;
    assert_eq!((ready.status, callback, checkout.status, cart.status), (503, 503, 503, 503));
    assert!(checkout.header("content-type").starts_with("text/html") && !checkout.heading().is_empty(), "a page of the shop");
    assert!(!checkout.header("retry-after").is_empty(), "says when to come back");
    assert_eq!(customer.opens("/healthz").await.status, 200, "alive all the same");
    assert_eq!(shop.status_of(&purchase).await, "none", "and still readable");
    lock.release().await;

    assert_eq!(customer.opens("/readyz").await.status, 200);
    assert_eq!(shop.receives(success).await, 200, "the platform sends again");
    assert_eq!(shop.status_of(&purchase).await, "success");
    let journal = shop.journal().await;
    assert_eq!((journal.entries().await.len(), journal.count("orders").await, journal.count("attempts").await), (1, 1, 1));
}
