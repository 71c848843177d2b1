//! Orders and carts that nobody comes back to expire.

use std::time::Duration;

use serde_json::json;

use crate::kit::{
    Callback, TestShop, eventually,
    gate_way::{GateWay, Money},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const HOUR: Duration = Duration::from_secs(60 * 60);

async fn status(shop: &TestShop, path: &str) -> u16 {
    shop.customer().opens(path).await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_that_were_never_begun_to_be_paid_expire_and_no_others() {
    let way = GateWay::opens(Money::Passes).await;
    let shop = way.shop(&[]).await;
    let forgotten = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let customer = shop.customer();
    let heard_of = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    customer.confirms(&heard_of).await;
    let paid = shop.sold("KR", "payco-wallet").await;
    let in_doubt = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    assert_eq!(
        shop.receives(Callback::sale(&in_doubt, "success").with("/operation/sum_initial/amount", json!(1)).signed()).await,
        200
    );
    // The platform is asked until it is certain that nobody can begin to pay any more.
    way.is_asked(&shop, forgotten.payment_id(), 2, HOUR).await;
    assert_eq!(status(&shop, &forgotten.order_path()).await, 200, "it is not a month old");
    shop.time_passes(30 * DAY);
    eventually("an order that is gone", async || {
        shop.time_passes(HOUR);
        (status(&shop, &forgotten.order_path()).await == 404).then_some(())
    })
    .await;
    for kept in [&heard_of, &paid, &in_doubt] {
        assert_eq!(status(&shop, &kept.order_path()).await, 200, "{}", kept.payment_id());
    }
    let books = shop.command(&["books"], "");
    assert_eq!(books.code, 0, "{books:?}");
    // The platform may tell of it even now: a person looks.
    assert_eq!(shop.receives(Callback::sale(&forgotten, "success").signed()).await, 200);
    assert!(shop.open_cases().iter().any(|case| case.payment_id == forgotten.payment_id() && case.kind == "unknown payment"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cart_that_nobody_changes_for_a_month_expires() {
    let shop = TestShop::start().await;
    let (left, kept) = (shop.customer(), shop.customer());
    for customer in [&left, &kept] {
        customer.shops_in("KR").await;
        customer.puts_in_cart("jeju-green-tea", 2).await;
    }
    shop.time_passes(20 * DAY);
    kept.puts_in_cart("jeju-green-tea", 1).await;
    shop.time_passes(11 * DAY);
    eventually("an empty cart", async || (!left.opens("/cart").await.body.contains("jeju-green-tea")).then_some(())).await;
    assert!(kept.opens("/cart").await.body.contains("jeju-green-tea"));
    left.puts_in_cart("jeju-green-tea", 1).await;
    assert!(left.opens("/cart").await.body.contains("jeju-green-tea"), "whoever comes back begins anew");
}
