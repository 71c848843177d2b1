//! Each night compares the day before: once there is an answer, no more.

use std::time::Duration;

use serde_json::json;
use storefront::protocol::sandbox;

use crate::{
    operator::Operator,
    platform::signed,
    reconciliation_page::{PAGE, day, sees},
    test_shop::{TestShop, eventually, free_port},
};

const FAILED: &str = "nobody knows what differs";
const AGREED: &str = "Both sides agree.";

/// At noon of the next day. Sessions live on the same clock: it signs in again.
async fn next_noon(shop: &TestShop, operator: &Operator) {
    let of_day = shop.now().as_second().rem_euclid(86_400).unsigned_abs();
    shop.time_passes(Duration::from_secs(86_400 - of_day + 43_200));
    operator.enters_password("").await;
}

/// The comparisons of one day that the schedule began, newest first, as rows of the page.
async fn nights(operator: &Operator, day: &str) -> Vec<String> {
    let page = sees(operator, PAGE).await;
    let rows = page.body.split("<tr>").filter_map(|rest| rest.split_once("</tr>")).map(|(row, _)| row.to_owned());
    rows.filter(|row| row.contains(&format!("{day}</a>")) && row.contains("by schedule")).collect()
}

/// A register without any operation.
async fn empty_register(port: u16) {
    let page = || async { signed(&json!({ "operations": [], "total": 0 }).to_string(), sandbox::DATA_API_SECRET) };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("the port");
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(page)).await });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_night_the_day_before_is_compared_once() {
    let shop = TestShop::start_with(&[("RECONCILE_DAILY", "1"), ("SHOP_TIME_ZONE", "UTC")]).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    next_noon(&shop, &finance).await;
    let yesterday = day(&shop, -24);
    eventually("the comparison of the night", async || {
        let body = sees(&finance, PAGE).await.body;
        (body.contains("by schedule") && body.contains(&format!("What began on {yesterday}"))).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_whose_register_could_not_be_read_is_tried_again_until_there_is_an_answer() {
    let port = free_port();
    let nobody = format!("http://127.0.0.1:{port}");
    let shop = TestShop::start_with(&[("RECONCILE_DAILY", "1"), ("SHOP_TIME_ZONE", "UTC"), ("DATA_API_URL", &nobody)]).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    next_noon(&shop, &finance).await;
    let yesterday = day(&shop, -24);
    let after = async |tries: usize, end: &str| {
        eventually(&format!("{tries} tries, the last one: {end}"), async || {
            let rows = nights(&finance, &yesterday).await;
            (rows.len() >= tries && rows[0].contains(end)).then_some(rows.len())
        })
        .await
    };
    assert_eq!(after(1, FAILED).await, 1);
    shop.time_passes(Duration::from_secs(15 * 60));
    assert_eq!(after(2, FAILED).await, 2, "once in a quarter of an hour");
    empty_register(port).await;
    shop.time_passes(Duration::from_secs(15 * 60));
    assert_eq!(after(3, AGREED).await, 3);
    // The next night comes after it: it had its answer.
    next_noon(&shop, &finance).await;
    let next = day(&shop, -24);
    eventually("the next night", async || (nights(&finance, &next).await.len() == 1).then_some(())).await;
    assert_eq!(nights(&finance, &yesterday).await.len(), 3);
}
