//! The platform is asked about a payment until its end is certain; an end that nobody knows becomes a case.

use std::time::Duration;

use serde_json::json;

use crate::kit::{
    Callback, Customer, Purchase, TestShop, eventually,
    gate_way::{Answers, GateWay, Money},
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// At the wallet, undecided: gives back the address of the wallet's page.
async fn at_the_wallet(customer: &Customer, purchase: &Purchase) -> String {
    let provider = customer.confirms(purchase).await;
    assert_eq!(customer.opens(&provider).await.status, 200);
    provider
}

async fn decides(customer: &Customer, provider: &str, decision: &str) {
    assert_eq!(customer.posts(provider, &[("decision", decision)]).await.status, 303, "{decision}");
}

/// Lets time pass in such steps until the order tells this.
async fn comes_to(shop: &TestShop, purchase: &Purchase, status: &str, step: Duration) {
    let mut told = String::new();
    for _ in 0..400 {
        told = shop.status_of(purchase).await;
        if told == status {
            return;
        }
        shop.time_passes(step);
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{} is still {told:?} at {}, not {status:?}", purchase.payment_id(), shop.now());
}

/// The cases about one payment, by kind.
fn cases_about(shop: &TestShop, payment_id: &str) -> Vec<String> {
    shop.open_cases().into_iter().filter(|case| case.payment_id == payment_id).map(|case| case.kind).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_that_proves_nothing_ends_no_questions() {
    let shop = TestShop::start().await;
    let mut still = Vec::new();
    for word in ["internal error", "external error", "error", "decline"] {
        shop.platform_misbehaves(json!({ "drop": 1 })).await;
        let customer = shop.customer();
        let purchase = customer.orders("PH", "jeju-green-tea", "paymaya-wallet").await;
        let provider = at_the_wallet(&customer, &purchase).await;
        assert_eq!(shop.receives(Callback::sale(&purchase, word).signed()).await, 200);
        assert_eq!(shop.status_of(&purchase).await, word);
        decides(&customer, &provider, "approve").await;
        still.push(purchase);
    }
    for purchase in &still {
        comes_to(&shop, purchase, "success", 10 * MINUTE).await;
    }
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_success_that_follows_a_decline_is_learnt_without_its_callback() {
    let shop = TestShop::start().await;
    shop.platform_misbehaves(json!({ "late_success": true })).await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    customer.answers_with(&purchase, "decline").await;
    customer.sees(&purchase.order_path(), "decline").await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    shop.platform_waits(10).await;
    assert_eq!(shop.platform_has(purchase.payment_id()).await, [format!("sale success {}", purchase.amount())]);
    comes_to(&shop, &purchase, "success", 10 * MINUTE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_limit_time_there_is_one_more_question() {
    let way = GateWay::opens(Money::Passes).await;
    let shop = way.shop(&[]).await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    let customer = shop.customer();
    let paid = customer.orders("PH", "jeju-green-tea", "paymaya-wallet").await;
    let provider = at_the_wallet(&customer, &paid).await;
    let other = shop.customer();
    let left = other.orders("PH", "jeju-green-tea", "paymaya-wallet").await;
    at_the_wallet(&other, &left).await;
    // One is paid at the last minute; the other is declined by the platform at its limit time. Nobody is told of it.
    shop.platform_waits((24 * HOUR - MINUTE).as_secs()).await;
    decides(&customer, &provider, "approve").await;
    shop.platform_waits((2 * MINUTE).as_secs()).await;
    shop.time_passes(26 * HOUR);
    for purchase in [&paid, &left] {
        eventually(&format!("a question about {}", purchase.payment_id()), async || {
            (way.questions_about(purchase.payment_id()) > 0).then_some(())
        })
        .await;
    }
    comes_to(&shop, &paid, "success", MINUTE).await;
    comes_to(&shop, &left, "decline", MINUTE).await;
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_got_no_answer_is_asked_again_however_late_it_is() {
    let way = GateWay::opens(Money::Passes).await;
    let shop = way.shop(&[]).await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    let customer = shop.customer();
    let purchase = customer.orders("PH", "jeju-green-tea", "paymaya-wallet").await;
    customer.answers_with(&purchase, "approve").await;
    way.is_deaf(true);
    way.is_asked(&shop, purchase.payment_id(), 1, 10 * MINUTE).await;
    // Two days in which the platform does not answer, and so nobody knows.
    shop.time_passes(48 * HOUR);
    eventually("a question nobody answers", async || {
        shop.time_passes(MINUTE);
        (way.questions_about(purchase.payment_id()) > 1).then_some(())
    })
    .await;
    way.is_deaf(false);
    comes_to(&shop, &purchase, "success", 10 * MINUTE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_without_an_end_after_its_limit_time_waits_for_a_person_until_its_end_is_told() {
    let shop = TestShop::start().await;
    let began = shop.now();
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    let customer = shop.customer();
    let purchase = customer.orders("PH", "jeju-green-tea", "paymaya-wallet").await;
    let provider = at_the_wallet(&customer, &purchase).await;
    let never_opened = shop.customer().orders("PH", "jeju-green-tea", "paymaya-wallet").await;
    // The platform's clock stands: it goes on saying that it waits for the customer.
    eventually("a case", async || {
        shop.time_passes(HOUR);
        (cases_about(&shop, purchase.payment_id()).len() == 1).then_some(())
    })
    .await;
    assert!(shop.now().duration_since(began).as_hours() >= 24, "not before its limit time");
    shop.time_passes(48 * HOUR);
    assert_eq!(cases_about(&shop, never_opened.payment_id()), [""; 0], "of what was never begun nobody waits for the end");
    shop.platform_misbehaves(json!({})).await;
    decides(&customer, &provider, "approve").await;
    shop.customer().sees(&purchase.order_path(), "success").await;
    eventually("nothing is left to look at", async || shop.open_cases().is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_without_an_end_after_its_limit_time_waits_for_a_person_until_its_end_is_told() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    shop.platform_misbehaves(json!({ "operations_pending": true })).await;
    let customer = purchase.parameter("customer_id");
    let payout = ["payout", "--customer", customer, "--account", "09123456789", "--name", "John Doe", "--amount", "100"];
    let payout = [&payout[..], &["--reference", "p1"]].concat();
    assert!(shop.command(&payout, "").stdout.contains("  pending: "));
    let began = shop.now();
    eventually("a case", async || {
        shop.time_passes(HOUR);
        (cases_about(&shop, "p1").len() == 1).then_some(())
    })
    .await;
    assert!(shop.now().duration_since(began).as_hours() >= 48, "not before its limit time");
    shop.platform_misbehaves(json!({})).await;
    eventually("its end", async || shop.command(&payout, "").stdout.contains("  done: ").then_some(())).await;
    eventually("nothing is left to look at", async || shop.open_cases().is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_back_postpones_no_question() {
    let way = GateWay::opens(Money::Passes).await;
    let shop = way.shop(&[]).await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    customer.answers_with(&purchase, "approve").await;
    shop.clock_steps_back(24 * HOUR);
    // Its base time, a quarter of an hour, goes by.
    shop.time_passes(20 * MINUTE);
    eventually("a question", async || (way.questions_about(purchase.payment_id()) > 0).then_some(())).await;
    comes_to(&shop, &purchase, "success", MINUTE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_forward_ends_no_payment_that_can_still_be_paid() {
    for step in [32 * MINUTE, 25 * HOUR, 72 * HOUR] {
        let way = GateWay::opens(Money::Passes).await;
        let shop = way.shop(&[("STATUS_AFTER_S", "10")]).await;
        shop.platform_misbehaves(json!({ "drop": 1 })).await;
        let customer = shop.customer();
        let purchase = customer.orders("PH", "jeju-green-tea", "paymaya-wallet").await;
        shop.clock_steps(step);
        way.is_asked(&shop, purchase.payment_id(), 1, Duration::ZERO).await;
        // Once the next round of questions is under way, the first one's answer was taken in.
        let other = shop.customer().orders("PH", "jeju-green-tea", "paymaya-wallet").await;
        shop.clock_steps(11 * SECOND);
        way.is_asked(&shop, other.payment_id(), 1, Duration::ZERO).await;
        shop.clock_steps_back(step + 11 * SECOND);
        customer.answers_with(&purchase, "approve").await;
        comes_to(&shop, &purchase, "success", 5 * MINUTE).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_was_ahead_when_the_shop_stopped_postpones_no_question() {
    let way = GateWay::opens(Money::Passes).await;
    let shop = way.shop(&[]).await;
    shop.clock_steps(48 * HOUR);
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let shop = shop.starts_again_at_the_true_time(&[("GATE_URL", &way.address())]).await;
    let began = shop.now();
    way.is_asked(&shop, purchase.payment_id(), 1, 2 * MINUTE).await;
    assert!(shop.now().duration_since(began).as_hours() < 24, "not two days later");
}

/// Asks for all of a payment's money back. Nobody tells what becomes of it, and whoever asks hears that it is under way.
async fn refund_without_an_end(way: &GateWay, shop: &TestShop, purchase: &Purchase) {
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    way.answers_as(Answers::UnderWay);
    let said = shop.command(&["refund", purchase.payment_id(), "--reason", "came broken", "--name", purchase.payment_id()], "");
    assert!(said.stdout.contains("  pending: "), "{said:?}");
}

/// Four hours are the longest pause between two questions.
const RARELY: (&str, &str) = ("STATUS_AFTER_S", "14400");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_question_about_a_refund_is_asked_soon_after_its_limit_time() {
    let way = GateWay::opens(Money::Passes).await;
    let shop = way.shop(&[RARELY]).await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    refund_without_an_end(&way, &shop, &purchase).await;
    // Two hours before its limit time of two days it is asked about; the usual pause would end more than an hour after it.
    let kept = shop.kept_callbacks().await.len();
    shop.time_passes(46 * HOUR);
    eventually("the answer is taken in", async || (shop.kept_callbacks().await.len() > kept).then_some(())).await;
    shop.time_passes(2 * HOUR + 30 * MINUTE);
    way.is_asked(&shop, purchase.payment_id(), 1, Duration::ZERO).await;
    eventually("a case", async || (cases_about(&shop, purchase.payment_id()) == ["no end"]).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_was_put_before_the_limit_time_is_not_the_last_word() {
    let way = GateWay::opens(Money::Passes).await;
    let shop = way.shop(&[RARELY]).await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    refund_without_an_end(&way, &shop, &purchase).await;
    // It is asked about two hours before its limit time of two days, and the answer comes when that is over.
    way.holds_answers_about(Some(purchase.payment_id()));
    shop.time_passes(46 * HOUR);
    way.is_asked(&shop, purchase.payment_id(), 1, Duration::ZERO).await;
    shop.time_passes(2 * HOUR + 30 * MINUTE);
    way.holds_answers_about(None);
    eventually("the answer", async || (way.answers().len() == 1).then_some(())).await;
    for _ in 0..10 {
        assert_eq!(cases_about(&shop, purchase.payment_id()), [""; 0], "it was not asked about since its time is over");
    }
    assert_eq!(way.questions_about(purchase.payment_id()), 1);
    shop.time_passes(6 * HOUR);
    eventually("a case", async || (cases_about(&shop, purchase.payment_id()) == ["no end"]).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_without_an_end_after_two_days_waits_for_a_person_and_is_asked_about_on() {
    let way = GateWay::opens(Money::Passes).await;
    let shop = way.shop(&[]).await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    way.answers_as(Answers::UnderWay);
    let refund = ["refund", purchase.payment_id(), "--reason", "came broken", "--name", "r1"];
    let began = shop.now();
    assert!(shop.command(&refund, "").stdout.contains("  pending: "));
    eventually("a case", async || {
        shop.time_passes(HOUR);
        (cases_about(&shop, purchase.payment_id()) == ["no end"]).then_some(())
    })
    .await;
    assert!(shop.now().duration_since(began).as_hours() >= 48, "not before");
    way.answers_as(Answers::TheyAre);
    eventually("its end", async || {
        shop.time_passes(HOUR);
        shop.command(&refund, "").stdout.contains("  done: ").then_some(())
    })
    .await;
    eventually("nothing is left to look at", async || shop.open_cases().is_empty().then_some(())).await;
}
