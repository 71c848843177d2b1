//! Background workers are started again after a panic.

use std::time::Duration;

use serde_json::json;

use crate::kit::{Operator, TestShop, eventually, register::slow_register};

const PAGE: &str = "/admin/reconciliation";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_panics_is_started_again_and_does_what_is_left() {
    let shop = TestShop::start().await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    customer.answers_with(&purchase, "approve").await;

    shop.clock_breaks();
    eventually("whoever asks for the time ended", async || (shop.panics() > 1).then_some(())).await;
    shop.clock_works();

    shop.time_passes(Duration::from_secs(60 * 60));
    eventually("the lost callback is asked for", async || (shop.status_of(&purchase).await == "success").then_some(())).await;
    let figures = shop.figures().await;
    assert!(figures.contains("worker_restarts_total{worker=\"inquiries\"}"), "{figures}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comparison_that_panics_is_done_again_and_keeps_no_other_one_waiting() {
    let (slow, release) = slow_register().await;
    let shop = TestShop::start_with(&[("DATA_API_URL", &slow)]).await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let days = [("from", "2026-01-01"), ("to", "2026-01-01")];
    assert_eq!(finance.posts(PAGE, &days).await.status, 303);
    eventually("it reads", async || finance.sees(PAGE).await.body.contains("1 of 3 rows").then_some(())).await;
    shop.clock_breaks();
    let panics = shop.panics();
    release.send(()).expect("it waits");
    // The workers ask for the time meanwhile, too: more panics than theirs are the comparison's.
    eventually("its end panics", async || (shop.panics() > panics + 4).then_some(())).await;
    shop.clock_works();
    eventually("its end", async || finance.sees(PAGE).await.body.contains("Ended").then_some(())).await;
    assert_eq!(finance.posts(PAGE, &days).await.status, 303, "now the next one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_whose_workers_cannot_run_is_not_ready_until_they_can() {
    let shop = TestShop::start().await;
    let stranger = shop.customer();
    assert_eq!(stranger.opens("/readyz").await.status, 200);
    shop.clock_breaks();
    let ready = eventually("it is not ready", async || {
        let ready = stranger.opens("/readyz").await;
        (ready.status == 503 && ready.body.contains("inquiries")).then_some(ready)
    })
    .await;
    assert!(!ready.header("retry-after").is_empty());
    assert_eq!(stranger.opens("/healthz").await.status, 200, "alive all the same");
    shop.clock_works();
    eventually("it is ready again", async || (stranger.opens("/readyz").await.status == 200).then_some(())).await;
}
