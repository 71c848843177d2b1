//! Silence of the platform ends a request only when it is certain: every part of the answer was understood, time really went by,
//! and the platform was asked more than once. A sender that is killed leaves nothing open for ever.

use std::time::Duration;

use serde_json::{Value, json};

use crate::kit::{
    Callback, Customer, Purchase, Said, TestShop, eventually, free_port,
    gate_way::{Answers, GateWay, Money},
    kill_storefront_when, shop_program,
};

const SOON: (&str, &str) = ("STATUS_AFTER_S", "1");
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// All that is left of a payment.
fn refund_of<'a>(purchase: &'a Purchase, name: &'a str) -> [&'a str; 6] {
    ["refund", purchase.payment_id(), "--reason", "came broken", "--name", name]
}

fn refund(shop: &TestShop, purchase: &Purchase, name: &str) -> Said {
    shop.command(&refund_of(purchase, name), "")
}

fn payout_of<'a>(purchase: &'a Purchase, reference: &'a str) -> [&'a str; 11] {
    let (customer, account) = (purchase.parameter("customer_id"), "09123456789");
    let (name, amount) = ("John Doe", "100");
    ["payout", "--customer", customer, "--account", account, "--name", name, "--amount", amount, "--reference", reference]
}

/// A shop that reaches Gate by a way of ours alone, and a purchase it knows to be paid.
async fn sold_behind_a_way(money: Money, market: &str, method: &str) -> (GateWay, TestShop, Purchase) {
    let way = GateWay::opens(money).await;
    let shop = way.shop(&[SOON]).await;
    let purchase = shop.sold(market, method).await;
    (way, shop, purchase)
}

/// Lets time pass until the platform was asked so often more about what a command is about, or its progress is known; what the
/// command told last.
async fn asked_while_unknown(way: &GateWay, shop: &TestShop, command: &[&str], about: &str, times: usize, step: Duration) -> Said {
    let enough = way.questions_about(about) + times;
    eventually(&format!("{times} more questions about {about}, or its end"), async || {
        shop.time_passes(step);
        let said = shop.command(command, "");
        (way.questions_about(about) >= enough || !said.stdout.contains("  unknown: ")).then_some(said)
    })
    .await
}

/// Two hours or more pass in which the platform is asked again and again: the refund is not taken for one that never arrived.
async fn is_not_given_up(way: &GateWay, shop: &TestShop, purchase: &Purchase, why: &str) {
    let (end, command) = (shop.now() + jiff::SignedDuration::from_hours(2), refund_of(purchase, "r1"));
    while shop.now() < end {
        let said = asked_while_unknown(way, shop, &command, purchase.payment_id(), 2, MINUTE).await;
        assert!(!said.stdout.contains("  declined: "), "{why}: {said:?}");
        if !said.stdout.contains("  unknown: ") {
            return; // it was understood
        }
    }
}

/// Asks again for the same until it has come to this.
async fn comes_to(shop: &TestShop, command: &[&str], end: &str) -> Said {
    let mut said = shop.command(command, "");
    for _ in 0..200 {
        if said.stdout.contains(&format!("  {end}: ")) {
            return said;
        }
        shop.time_passes(10 * MINUTE);
        tokio::time::sleep(Duration::from_millis(25)).await;
        said = shop.command(command, "");
    }
    panic!("after {} it is not {end}: {said:?}", shop.now());
}

/// The refund is at the platform, which nobody here knows for sure; a second one of the same sum must not leave.
async fn refund_is_held(way: &GateWay, shop: &TestShop, purchase: &Purchase) {
    way.treats_money(Money::LosesItsAnswer);
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    assert!(refund(shop, purchase, "r1").stdout.contains("  unknown: "), "nobody knows whether it arrived");
    let total = purchase.amount();
    let both = [format!("sale success {total}"), format!("refund success {total}")];
    eventually("the refund at the platform", async || (shop.platform_has(purchase.payment_id()).await == both).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_half_understood_ends_no_refund_it_may_speak_of() {
    let (way, shop, purchase) = sold_behind_a_way(Money::Passes, "KR", "payco-wallet").await;
    way.answers_as(Answers::InDoubt);
    refund_is_held(&way, &shop, &purchase).await;
    is_not_given_up(&way, &shop, &purchase, "the answers list it").await;
    let second = refund(&shop, &purchase, "r2");
    assert!(second.code == 2 && second.stderr.contains("nothing is left"), "{second:?}");
    assert_eq!(way.sent(), 1, "nothing is sent a second time");

    // Once a person confirms what the platform says, it is known.
    for case in shop.open_cases() {
        shop.command(&["cases", "accept", &case.id], "");
    }
    assert!(refund(&shop, &purchase, "r1").stdout.contains("  done: "));
    assert_eq!(shop.platform_has(purchase.payment_id()).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_does_not_list_all_of_a_payment_ends_no_refund_it_leaves_out() {
    for answers in [Answers::WithoutOperations, Answers::WithoutSumsOfRefunds, Answers::WithRefundsOfAnOddType] {
        let (way, shop, purchase) = sold_behind_a_way(Money::Passes, "KR", "payco-wallet").await;
        way.answers_as(answers);
        refund_is_held(&way, &shop, &purchase).await;
        is_not_given_up(&way, &shop, &purchase, &format!("{answers:?}")).await;
        let second = refund(&shop, &purchase, "r2");
        assert!(second.code == 2, "{answers:?}: {second:?}");
        way.answers_as(Answers::TheyAre);
        comes_to(&shop, &refund_of(&purchase, "r1"), "done").await;
        assert_eq!(way.sent(), 1, "{answers:?}: nothing is sent a second time");
    }
}

/// What the platform tells of the refund r1 that it has, but for its end.
async fn told_of_its_refund(shop: &TestShop, purchase: &Purchase, status: &str) -> String {
    let address = format!("{}/control/payments/{}", shop.sandbox.address, purchase.payment_id());
    let id = eventually("the refund at the platform", async || {
        let payment: Value = serde_json::from_str(&shop.customer().opens(&address).await.body).expect("JSON");
        payment.pointer("/operations/1/id").cloned()
    })
    .await;
    let told = Callback::refund(purchase, "success", status, purchase.amount()).with("/operation/id", id);
    told.with("/payment/merchant_refund_id", json!("r1")).signed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_ends_no_refund_that_may_still_succeed() {
    for fault in ["internal error", "external error", "error"] {
        let (way, shop, purchase) = sold_behind_a_way(Money::Passes, "KR", "payco-wallet").await;
        shop.platform_misbehaves(json!({ "drop": 1 })).await;
        way.answers_as(Answers::Faulty);
        assert!(refund(&shop, &purchase, "r1").stdout.contains("  pending: "));
        assert_eq!(shop.receives(told_of_its_refund(&shop, &purchase, fault).await).await, 200);
        // By the third question the first two answers, which call it faulty, are taken in.
        way.is_asked(&shop, purchase.payment_id(), 3, MINUTE).await;
        let said = refund(&shop, &purchase, "r1");
        assert!(said.stdout.contains("  pending: "), "{fault}: {said:?}");
        let second = refund(&shop, &purchase, "r2");
        assert!(second.code == 2 && second.stderr.contains("nothing is left"), "{fault}: {second:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_that_is_called_faulty_after_its_limit_time_is_declined() {
    let (way, shop, purchase) = sold_behind_a_way(Money::Passes, "KR", "payco-wallet").await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    way.answers_as(Answers::Faulty);
    assert!(refund(&shop, &purchase, "r1").stdout.contains("  pending: "));
    let said = eventually("its end", async || {
        shop.time_passes(HOUR);
        let said = shop.command(&refund_of(&purchase, "r1"), "");
        (!said.stdout.contains("  pending: ")).then_some(said)
    })
    .await;
    assert!(said.stdout.contains("  declined: "), "{said:?}");
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_that_succeeds_after_it_was_declined_is_learnt_without_its_callback() {
    let (way, shop, purchase) = sold_behind_a_way(Money::Passes, "KR", "payco-wallet").await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    way.is_deaf(true);
    assert!(refund(&shop, &purchase, "r1").stdout.contains("  pending: "));
    assert_eq!(shop.receives(told_of_its_refund(&shop, &purchase, "decline").await).await, 200);
    let said = refund(&shop, &purchase, "r1");
    assert!(said.stdout.contains("  declined: "), "{said:?}");
    way.is_deaf(false);
    eventually("what became of it", async || {
        shop.time_passes(HOUR);
        refund(&shop, &purchase, "r1").stdout.contains("  done: ").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_ends_no_payout_before_its_limit_time() {
    let (way, shop, purchase) = sold_behind_a_way(Money::Passes, "PH", "paymaya-wallet").await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    way.answers_as(Answers::Faulty);
    let payout = payout_of(&purchase, "p1");
    assert!(shop.command(&payout, "").stdout.contains("  pending: "));
    way.is_asked(&shop, "p1", 3, MINUTE).await;
    let said = shop.command(&payout, "");
    assert!(said.stdout.contains("  pending: "), "{said:?}");
    way.answers_as(Answers::TheyAre);
    comes_to(&shop, &payout, "done").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_contradicts_what_is_stored_ends_no_refund_it_may_speak_of() {
    let (way, shop, purchase) = sold_behind_a_way(Money::Passes, "KR", "payco-wallet").await;
    refund_is_held(&way, &shop, &purchase).await;
    shop.platform_misbehaves(json!({ "drop": 1, "currency": "EUR" })).await;
    is_not_given_up(&way, &shop, &purchase, "the answers list it, in another currency").await;
    let second = refund(&shop, &purchase, "r2");
    assert!(second.code == 2 && second.stderr.contains("nothing is left"), "{second:?}");
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    comes_to(&shop, &refund_of(&purchase, "r1"), "done").await;
    assert_eq!(way.sent(), 1, "nothing is sent a second time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_forward_ends_no_refund_that_is_on_its_way() {
    let (way, shop, purchase) = sold_behind_a_way(Money::IsKept, "KR", "payco-wallet").await;
    assert!(refund(&shop, &purchase, "r1").stdout.contains("  unknown: "));
    shop.clock_steps(61 * MINUTE);
    let said = asked_while_unknown(&way, &shop, &refund_of(&purchase, "r1"), purchase.payment_id(), 3, SECOND).await;
    assert!(said.stdout.contains("  unknown: "), "it has been on its way for some seconds: {said:?}");
    let second = refund(&shop, &purchase, "r2");
    assert!(second.code == 2 && second.stderr.contains("nothing is left"), "{second:?}");
    way.treats_money(Money::Passes);
    way.delivers().await;
    comes_to(&shop, &refund_of(&purchase, "r1"), "done").await;
    let total = purchase.amount();
    let operations = [format!("sale success {total}"), format!("refund success {total}")];
    assert_eq!(shop.platform_has(purchase.payment_id()).await, operations, "the customer has the money once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_forward_ends_no_payout_that_is_on_its_way() {
    let (way, shop, purchase) = sold_behind_a_way(Money::IsKept, "PH", "paymaya-wallet").await;
    let payout = payout_of(&purchase, "p1");
    assert!(shop.command(&payout, "").stdout.contains("  unknown: "));
    shop.clock_steps(61 * MINUTE);
    let said = asked_while_unknown(&way, &shop, &payout, "p1", 3, SECOND).await;
    assert!(said.stdout.contains("  unknown: "), "it has been on its way for some seconds: {said:?}");
    way.treats_money(Money::Passes);
    way.delivers().await;
    comes_to(&shop, &payout, "done").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_forward_ends_no_sale_that_is_on_its_way() {
    let way = GateWay::opens(Money::IsKept).await;
    let shop = way.shop(&[SOON, ("PAYMENT_PATH", "gate")]).await;
    let customer = shop.customer();
    customer.shops_in("KR").await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    let waiting = customer.presses_pay("payco-wallet", "", "").await.location().expect("a page that waits").to_owned();
    let order = waiting.trim_end_matches("/continue").to_owned();
    eventually("the sale", async || (way.sent() == 1).then_some(())).await;
    let payment_id = customer.opens(&order).await.attribute("data-payment-id").expect("a payment");
    shop.clock_steps(61 * MINUTE);
    let enough = way.questions_about(&payment_id) + 4;
    eventually("some questions", async || {
        shop.clock_steps(2 * SECOND);
        (way.questions_about(&payment_id) >= enough).then_some(())
    })
    .await;
    way.treats_money(Money::Passes);
    way.delivers().await;
    eventually("the wallet's page", async || {
        shop.time_passes(SECOND);
        let page = customer.opens(&waiting).await;
        (page.header("refresh").starts_with("0; url=") || page.body.contains("id=\"handover\"")).then_some(())
    })
    .await;
    assert_eq!(way.sent(), 1, "the sale is sent once, and nobody is told that it failed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_forward_ends_no_refund_that_is_called_faulty() {
    let (way, shop, purchase) = sold_behind_a_way(Money::Passes, "KR", "payco-wallet").await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    way.answers_as(Answers::Faulty);
    assert!(refund(&shop, &purchase, "r1").stdout.contains("  pending: "));
    shop.clock_steps(72 * HOUR);
    let enough = way.questions_about(purchase.payment_id()) + 2;
    eventually("two questions", async || {
        shop.clock_steps(30 * MINUTE);
        (way.questions_about(purchase.payment_id()) >= enough).then_some(())
    })
    .await;
    let second = refund(&shop, &purchase, "r2");
    assert!(second.code == 2 && second.stderr.contains("nothing is left"), "{second:?}");
    way.answers_as(Answers::TheyAre);
    eventually("its true end", async || {
        shop.time_passes(10 * MINUTE);
        refund(&shop, &purchase, "r1").stdout.contains("  done: ").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_whose_sender_was_killed_ends_while_the_shop_runs_on() {
    let (way, shop, purchase) = sold_behind_a_way(Money::Hangs, "KR", "payco-wallet").await;
    let asked = refund_of(&purchase, "r1");
    kill_storefront_when(&shop.folder, &shop.settings, &asked, async || way.sent() == 1).await;
    // It never arrived, and its money is free again in the end.
    comes_to(&shop, &asked, "declined").await;
    way.treats_money(Money::Passes);
    assert_eq!(refund(&shop, &purchase, "r2").code, 0);
    comes_to(&shop, &refund_of(&purchase, "r2"), "done").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_whose_sender_was_killed_may_have_arrived_and_ends_as_it_did() {
    let (way, shop, purchase) = sold_behind_a_way(Money::Passes, "KR", "payco-wallet").await;
    shop.platform_misbehaves(json!({ "gate": "timeout", "drop": 1 })).await;
    let asked = refund_of(&purchase, "r1");
    let arrived = async || shop.platform_has(purchase.payment_id()).await.len() == 2;
    kill_storefront_when(&shop.folder, &shop.settings, &asked, arrived).await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    comes_to(&shop, &asked, "done").await;
    assert_eq!(way.sent(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_whose_sender_was_killed_before_the_clock_was_set_far_back_is_asked_about_and_never_sent_again() {
    for arrives in [false, true] {
        let (way, shop, purchase) =
            sold_behind_a_way(if arrives { Money::Passes } else { Money::Hangs }, "KR", "payco-wallet").await;
        let faults = if arrives { json!({ "gate": "timeout", "drop": 1 }) } else { json!({ "drop": 1 }) };
        shop.platform_misbehaves(faults).await;
        let asked = refund_of(&purchase, "r1");
        let operations = if arrives { 2 } else { 1 };
        let has_left = async || way.sent() == 1 && shop.platform_has(purchase.payment_id()).await.len() == operations;
        kill_storefront_when(&shop.folder, &shop.settings, &asked, has_left).await;
        shop.clock_steps_back(30 * 24 * HOUR);
        shop.platform_misbehaves(json!({ "drop": 1 })).await;
        way.is_asked(&shop, purchase.payment_id(), 1, MINUTE).await;
        comes_to(&shop, &asked, if arrives { "done" } else { "declined" }).await;
        assert_eq!(way.sent(), 1, "it arrives: {arrives}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_whose_sender_was_killed_ends_while_the_shop_runs_on() {
    let (way, shop, purchase) = sold_behind_a_way(Money::Hangs, "PH", "paymaya-wallet").await;
    let asked = payout_of(&purchase, "p1");
    kill_storefront_when(&shop.folder, &shop.settings, &asked, async || way.sent() == 1).await;
    comes_to(&shop, &asked, "declined").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_whose_sender_was_killed_ends_while_another_process_of_the_shop_runs_on() {
    let way = GateWay::opens(Money::Hangs).await;
    let settings = [SOON, ("PAYMENT_PATH", "gate")];
    let shop = way.shop(&settings).await;
    let gate = way.address();
    let mut other = shop_program(free_port(), &shop.sandbox, &shop.folder, &[&settings[..], &[("GATE_URL", &gate)]].concat());
    let customer = Customer::of(&other.address);
    customer.shops_in("KR").await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    let waiting = customer.presses_pay("payco-wallet", "", "").await.location().expect("led on").to_owned();
    eventually("the request on its way", async || (way.sent() == 1).then_some(())).await;
    other.is_killed();
    let order = waiting.trim_end_matches("/continue");
    eventually("the end of the sale", async || {
        shop.time_passes(10 * MINUTE);
        (shop.customer().opens(order).await.attribute("data-payment-status")? == "decline").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hours_of_silence_and_one_answer_are_no_certainty() {
    let (way, shop, purchase) = sold_behind_a_way(Money::IsKept, "KR", "payco-wallet").await;
    way.is_deaf(true);
    assert!(refund(&shop, &purchase, "r1").stdout.contains("  unknown: "));
    shop.time_passes(2 * HOUR);
    way.is_asked(&shop, purchase.payment_id(), 1, MINUTE).await;
    assert!(refund(&shop, &purchase, "r1").stdout.contains("  unknown: "), "no answer is no word");
    // The first answer of all comes now: what was kept somewhere for hours may still be on its way.
    way.is_deaf(false);
    let heard = way.answers().len();
    eventually("one answer", async || {
        shop.time_passes(MINUTE);
        (way.answers().len() > heard).then_some(())
    })
    .await;
    // By the next question what came of the answer is written down.
    way.is_deaf(true);
    let said = asked_while_unknown(&way, &shop, &refund_of(&purchase, "r1"), purchase.payment_id(), 1, MINUTE).await;
    assert!(said.stdout.contains("  unknown: "), "one answer is no certainty: {said:?}");
}
