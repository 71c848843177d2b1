//! Pages of the back office that update by themselves stop for operators who may not see them any more.

use crate::kit::{Operator, TestShop, batch_files::payouts, people::forms_of, register::slow_register};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_operator_hears_no_more_of_a_run() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let run = finance.brings("payouts.csv", payouts(&purchase, &[(100, "John Doe")])).await;
    let removal = format!("{}/removal", forms_of(&owner, &finance.email).await);
    let removes = async { assert_eq!(owner.confirms(&removal, &[]).await.status, 303) };
    finance.hears_its_end(&format!("{run}/events"), removes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_operator_hears_no_more_of_a_comparison() {
    let (slow, _held) = slow_register().await;
    let shop = TestShop::start_with(&[("DATA_API_URL", &slow)]).await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let days = [("from", "2026-01-01"), ("to", "2026-01-01")];
    assert_eq!(finance.posts("/admin/reconciliation", &days).await.status, 303);
    let removal = format!("{}/removal", forms_of(&owner, &finance.email).await);
    let removes = async { assert_eq!(owner.confirms(&removal, &[]).await.status, 303) };
    finance.hears_its_end("/admin/reconciliation/events", removes).await;
    let page = owner.sees("/admin/reconciliation").await;
    assert!(page.attribute("data-event").is_some_and(|event| event.contains("under way")), "there was more to hear: {}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_out_everywhere_is_out_of_the_live_pages_too() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let run = finance.brings("payouts.csv", payouts(&purchase, &[(100, "John Doe")])).await;
    let elsewhere = Operator::signs_in(&shop, "finance").await;
    let signs_out = async { assert_eq!(elsewhere.posts("/admin/account/sign-out-everywhere", &[]).await.status, 303) };
    finance.hears_its_end(&format!("{run}/events"), signs_out).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_session_follows_only_some_pages_at_once() {
    let shop = TestShop::start().await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let run = finance.brings("payouts.csv", payouts(&purchase, &[(100, "John Doe")])).await;
    let mut open = Vec::new();
    let refused = loop {
        let stream = finance.follows(&format!("{run}/events")).await;
        if stream.status() != 200 {
            break stream;
        }
        open.push(stream);
        assert!(open.len() < 100, "a hundred, and none was refused");
    };
    assert!((4..=40).contains(&open.len()), "{} at once", open.len());
    assert_eq!((refused.status().as_u16(), refused.headers().contains_key("retry-after")), (429, true));
    let other = Operator::signs_in(&shop, "finance").await;
    assert_eq!(other.follows(&format!("{run}/events")).await.status(), 200, "another session has places of its own");
}
