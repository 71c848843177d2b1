//! The JSON register tells when each operation ended.

use std::time::Duration;

use serde_json::{Value, json};

use crate::kit::{
    Operator, TestShop,
    api_program::{ApiProgram, with},
    eventually,
    gate_way::{GateWay, Money},
};

/// When a payout ended, as the register tells it.
async fn end_of_payout(program: &ApiProgram) -> Value {
    let answer = program.reads(&with("operation_type", json!("payout"))).await;
    assert_eq!((&answer["total"], &answer["operations"][0]["operation_status"]), (&json!(1), &json!("decline")), "{answer}");
    answer["operations"][0]["operation_completed_at"].clone()
}

async fn declined(shop: &TestShop, name: &str, reference: &str) {
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let customer = purchase.parameter("customer_id");
    let payout = ["payout", "--customer", customer, "--account", "09123456789", "--name", name, "--amount", "100"];
    let payout = [&payout[..], &["--reference", reference]].concat();
    eventually("the decline", async || {
        let said = shop.command(&payout, "");
        shop.time_passes(Duration::from_secs(60 * 60));
        said.stdout.contains("  declined: ").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_that_the_platform_declined_has_an_end() {
    let shop = TestShop::start().await;
    declined(&shop, "Decline Me", "no").await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let program = ApiProgram::of(&shop, &owner, "book-keeping").await;
    let end = end_of_payout(&program).await;
    assert!(end.is_string(), "a declined payout ended at {end}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_that_never_arrived_has_an_end() {
    let way = GateWay::opens(Money::IsLost).await;
    let shop = way.shop(&[("STATUS_AFTER_S", "1")]).await;
    declined(&shop, "John Doe", "lost").await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let program = ApiProgram::of(&shop, &owner, "book-keeping").await;
    let end = end_of_payout(&program).await;
    assert!(end.is_string(), "a declined payout ended at {end}");
}
