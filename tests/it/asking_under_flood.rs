//! Who is asked about first while strangers fill the shop with orders nobody pays.

use std::time::Duration;

use futures::{StreamExt, stream};
use serde_json::json;

use crate::{
    customer::Customer,
    gate_way::{GateWay, Money},
    test_shop::eventually,
};

/// Addresses of strangers, and the orders each of them leaves behind.
const STRANGERS: usize = 80;
const ORDERS: usize = 5;
/// As many questions as are asked in three rounds.
const SOON: usize = 24;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_hundred_orders_that_nobody_opens_keep_no_lost_callback_waiting() {
    let way = GateWay::opens(Money::Passes).await;
    let shop = way.shop(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let refunded = shop.sold("KR", "payco-wallet").await;
    let strangers = (0..STRANGERS).map(|number| {
        let address = &shop.address;
        async move {
            for _ in 0..ORDERS {
                let stranger = Customer::from_address(address, &format!("203.0.113.{number}"));
                let order = stranger.orders("KR", "jeju-green-tea", "").await.order_path();
                assert_eq!(stranger.opens(&order).await.status, 200, "visited, as if somebody came back");
            }
        }
    });
    stream::iter(strangers).buffer_unordered(8).collect::<Vec<_>>().await;

    shop.time_passes(Duration::from_secs(1));
    let customer = Customer::from_address(&shop.address, "198.51.100.7");
    let purchase = customer.orders("BE", "jeju-green-tea", "bancontact").await;
    let provider = customer.confirms(&purchase).await;
    customer.sees(&purchase.order_path(), "awaiting redirect result").await;
    // From now on nobody is told anything.
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    customer.posts(&provider, &[("decision", "approve")]).await;
    assert_eq!(customer.opens(&purchase.order_path()).await.status, 200);
    way.treats_money(Money::LosesItsAnswer);
    let refund = ["refund", refunded.payment_id(), "--reason", "came broken"];
    assert!(shop.command(&refund, "").stdout.contains("  unknown: "));

    let before = way.questions().len();
    let asked = eventually("a hundred questions, or those about what is real", async || {
        shop.time_passes(Duration::from_secs(1));
        let asked = way.questions().split_off(before);
        let is_asked = |payment_id: &str| asked.iter().any(|asked| asked == payment_id);
        (asked.len() >= 100 || is_asked(purchase.payment_id()) && is_asked(refunded.payment_id())).then_some(asked)
    })
    .await;
    for (what, payment_id) in
        [("a refund nobody knows of", refunded.payment_id()), ("a payment with evidence", purchase.payment_id())]
    {
        let place = asked.iter().position(|asked| asked == payment_id);
        assert!(place.is_some_and(|place| place < SOON), "{what} is number {place:?} of {} questions", asked.len());
    }
    customer.sees(&purchase.order_path(), "success").await;
}
