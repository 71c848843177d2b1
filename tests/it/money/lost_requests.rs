//! Requests that were sent and never reached the platform: they are not sent again, and end once that is certain.

use std::time::Duration;

use crate::kit::{
    TestShop, eventually, free_port,
    gate_way::{GateWay, Money},
};

const SOON: (&str, &str) = ("STATUS_AFTER_S", "1");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_that_never_arrived_ends_and_another_one_may_begin() {
    let way = GateWay::opens(Money::IsLost).await;
    let shop = way.shop(&[SOON, ("PAYMENT_PATH", "gate")]).await;
    let customer = shop.customer();
    customer.shops_in("KR").await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    let waiting = customer.presses_pay("payco-wallet", "", "").await.location().expect("led on").to_owned();
    let order = waiting.trim_end_matches("/continue").to_owned();
    eventually("the request on its way", async || (way.sent() == 1).then_some(())).await;
    let status = customer.opens(&order).await.attribute("data-payment-status");
    assert_ne!(status.as_deref(), Some("decline"), "nobody knows yet what became of it");
    eventually("the end of the sale", async || {
        shop.time_passes(Duration::from_secs(3));
        (customer.opens(&order).await.attribute("data-payment-status")? == "decline").then_some(())
    })
    .await;
    assert_eq!(way.sent(), 1, "sent once");
    assert!(way.questions().len() >= 3, "one answer is no certainty");
    let again = customer.posts(&format!("{order}/pay"), &[("payment_method", "payco-wallet")]).await;
    assert_eq!(again.location(), Some(waiting.as_str()));
    eventually("another sale", async || (way.sent() == 2).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_that_never_arrived_holds_its_money_until_that_is_certain() {
    let way = GateWay::opens(Money::IsLost).await;
    let shop = way.shop(&[SOON]).await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let refund = || shop.command(&["refund", purchase.payment_id(), "--reason", "x", "--name", "lost"], "");
    assert!(refund().stdout.contains("unknown"));
    for _ in 0..10 {
        shop.time_passes(Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(refund().stdout.contains("unknown"));
    let other = shop.command(&["refund", purchase.payment_id(), "--reason", "x"], "");
    assert!(other.code == 2 && other.stderr.contains("nothing is left"), "{other:?}");
    eventually("certainty", async || {
        shop.time_passes(Duration::from_secs(3600));
        refund().stdout.contains("declined").then_some(())
    })
    .await;
    assert_eq!(way.sent(), 1, "sent once");
    assert_eq!(shop.platform_has(purchase.payment_id()).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_that_never_arrived_ends_once_that_is_certain() {
    let way = GateWay::opens(Money::IsLost).await;
    let shop = way.shop(&[SOON]).await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let (customer_id, account) = (purchase.parameter("customer_id"), "09123456789");
    let asked = ["--customer", customer_id, "--account", account, "--name", "John Doe", "--amount", "100", "--reference", "lost"];
    let pay_out = || shop.command(&[&["payout"], &asked[..]].concat(), "");
    assert!(pay_out().stdout.contains("unknown"));
    for _ in 0..10 {
        shop.time_passes(Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(pay_out().stdout.contains("unknown"));
    eventually("certainty", async || {
        shop.time_passes(Duration::from_secs(3600));
        pay_out().stdout.contains("declined").then_some(())
    })
    .await;
    assert_eq!(way.sent(), 1, "sent once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waited_for_hours_before_it_was_sent_has_its_time_to_arrive_all_the_same() {
    let way = GateWay::opens(Money::IsLost).await;
    let nowhere = format!("http://127.0.0.1:{}", free_port());
    let shop = TestShop::start_with(&[("GATE_URL", nowhere.as_str()), SOON]).await;
    way.leads_to(&shop.sandbox.address);
    let (filipino, korean) = (shop.sold("PH", "paymaya-wallet").await, shop.sold("KR", "payco-wallet").await);
    let customer_id = filipino.parameter("customer_id");
    let payout = ["payout", "--customer", customer_id, "--account", "09123456789", "--name", "John Doe"];
    let payout = [&payout[..], &["--amount", "100", "--reference", "waited"]].concat();
    let refund = ["refund", korean.payment_id(), "--reason", "x", "--name", "waited"];
    assert!(shop.command(&payout, "").stdout.contains("stored"));
    assert!(shop.command(&refund, "").stdout.contains("stored"));
    let (folder, sandbox, _) = shop.stops().await;
    let gate = way.address();
    let changed = [("GATE_URL", gate.as_str()), SOON];
    let shop = TestShop::open(folder, sandbox, &changed, Duration::from_secs(2 * 60 * 60)).await;
    eventually("both sent, and asked about", async || {
        shop.time_passes(Duration::from_secs(1));
        let asked = ["waited", korean.payment_id()].iter().all(|payment| way.questions_about(payment) >= 2);
        (way.sent() == 2 && asked).then_some(())
    })
    .await;
    for command in [&payout[..], &refund[..]] {
        let said = shop.command(command, "");
        assert!(said.stdout.contains("unknown"), "its money could go out a second time: {said:?}");
    }
}
