//! Each night the shop compares the day before, until the register has answered once.

use std::time::Duration;

use serde_json::json;
use storefront::protocol::sandbox;

use crate::{
    admin::reconciliation::page::{PAGE, day},
    kit::{Operator, TestShop, eventually, free_port, signed},
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
    let page = operator.sees(PAGE).await;
    let rows = page.body.split("<tr").filter_map(|rest| rest.split_once("</tr>")).map(|(row, _)| row.to_owned());
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
    let settings = [("RECONCILE_DAILY", "1"), ("SHOP_TIME_ZONE", "UTC")];
    let shop = TestShop::start_with(&settings).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    next_noon(&shop, &finance).await;
    let yesterday = day(&shop, -24);
    let night = async |shop: &TestShop, operator: &Operator| {
        let (day, today) = (day(shop, -24), day(shop, 0));
        eventually("the comparison of the night", async || {
            let rows = nights(operator, &day).await;
            rows.first().is_some_and(|row| row.contains(AGREED) && row.contains(&format!("{today} "))).then_some(())
        })
        .await;
    };
    night(&shop, &finance).await;
    // A process that begins later looks at once, and finds it compared.
    let shop = shop.starts_again(&settings).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    next_noon(&shop, &finance).await;
    night(&shop, &finance).await;
    assert_eq!(nights(&finance, &yesterday).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_whose_register_could_not_be_read_is_tried_again_until_there_is_an_answer() {
    let port = free_port();
    let nobody = format!("http://127.0.0.1:{port}");
    let settings = [("RECONCILE_DAILY", "1"), ("SHOP_TIME_ZONE", "UTC"), ("DATA_API_URL", nobody.as_str())];
    let shop = TestShop::start_with(&settings).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    next_noon(&shop, &finance).await;
    let yesterday = day(&shop, -24);
    let after = async |operator: &Operator, tries: usize, end: &str| {
        eventually(&format!("{tries} tries, the last one: {end}"), async || {
            let rows = nights(operator, &yesterday).await;
            (rows.len() >= tries && rows[0].contains(end)).then_some(rows.len())
        })
        .await
    };
    assert_eq!(after(&finance, 1, FAILED).await, 1);
    shop.time_passes(Duration::from_secs(14 * 60));
    // A process that begins now looks at once, and waits.
    let shop = shop.starts_again(&settings).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    assert_eq!(after(&finance, 1, FAILED).await, 1, "once in a quarter of an hour");
    shop.time_passes(Duration::from_secs(60));
    assert_eq!(after(&finance, 2, FAILED).await, 2);
    empty_register(port).await;
    shop.time_passes(Duration::from_secs(15 * 60));
    assert_eq!(after(&finance, 3, AGREED).await, 3);
    // The next night comes after it: it had its answer.
    next_noon(&shop, &finance).await;
    let next = day(&shop, -24);
    eventually("the next night", async || (nights(&finance, &next).await.len() == 1).then_some(())).await;
    assert_eq!(nights(&finance, &yesterday).await.len(), 3);
}
