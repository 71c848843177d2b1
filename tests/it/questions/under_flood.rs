//! Who is asked about first while strangers place many orders that nobody pays.

use std::time::Duration;

use futures::{StreamExt, stream};
use serde_json::json;

use crate::kit::{
    Customer, eventually,
    gate_way::{GateWay, Money},
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
    let paid_out = shop.sold("PH", "paymaya-wallet").await;
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
    let to = ["--customer", paid_out.parameter("customer_id"), "--account", "09123456789", "--name", "John Doe"];
    let payout = [&["payout"][..], &to, &["--amount", "100", "--reference", "p1"]].concat();
    assert!(shop.command(&payout, "").stdout.contains("  unknown: "));

    let before = way.questions().len();
    // All of it is due now, by the clock of the commands, too, which went on while this one stood: nothing is asked only because the
    // rest was not due yet.
    shop.time_passes(Duration::from_secs(10 * 60));
    let asked = eventually("a hundred questions, or those about what is real", async || {
        shop.time_passes(Duration::from_secs(1));
        let asked = way.questions().split_off(before);
        let is_asked = |payment_id: &str| asked.iter().any(|asked| asked == payment_id);
        let are_all_asked = [purchase.payment_id(), refunded.payment_id(), "p1"].into_iter().all(is_asked);
        (asked.len() >= 100 || are_all_asked).then_some(asked)
    })
    .await;
    for (what, payment_id) in [
        ("a refund nobody knows of", refunded.payment_id()),
        ("a payout", "p1"),
        ("a payment with evidence", purchase.payment_id()),
    ] {
        let place = asked.iter().position(|asked| asked == payment_id);
        assert!(place.is_some_and(|place| place < SOON), "{what} is number {place:?} of {} questions", asked.len());
    }
    customer.sees(&purchase.order_path(), "success").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_s_unpaid_orders_keep_nobody_else_s_waiting() {
    let way = GateWay::opens(Money::Passes).await;
    let shop = way.shop(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let visited = async |address: &str| {
        let customer = Customer::from_address(&shop.address, address);
        let purchase = customer.orders("KR", "jeju-green-tea", "").await;
        assert_eq!(customer.opens(&purchase.order_path()).await.status, 200);
        purchase
    };
    for _ in 0..50 {
        visited("203.0.113.5").await;
    }
    shop.time_passes(Duration::from_secs(1));
    let last = visited("198.51.100.7").await;
    let before = way.questions().len();
    let asked = eventually("a question about the last one", async || {
        shop.time_passes(Duration::from_secs(5));
        let asked = way.questions().split_off(before);
        asked.iter().any(|asked| asked == last.payment_id()).then_some(asked)
    })
    .await;
    let place = asked.iter().position(|asked| asked == last.payment_id());
    assert!(place.is_some_and(|place| place < SOON), "it is number {place:?} of {} questions", asked.len());
}
