//! `storefront refund`: never more than was paid, never twice, and asked about while the end is not known.

use std::time::Duration;

use futures::future::join_all;
use serde_json::json;

use crate::kit::{Callback, Purchase, Said, TestShop, eventually, storefront_unheard};

fn refund(shop: &TestShop, purchase: &Purchase, more: &[&str]) -> Said {
    shop.command(&[&["refund", purchase.payment_id(), "--reason", "came broken"], more].concat(), "")
}

fn part<'a>(purchase: &'a Purchase, amount: &'a str) -> [&'a str; 4] {
    ["--amount", amount, "--currency", purchase.currency()]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_is_refunded_in_parts_and_then_whole() {
    for (market, method) in [("KR", "payco-wallet"), ("BE", "bancontact")] {
        let shop = TestShop::start().await;
        let purchase = shop.sold(market, method).await;
        let said = refund(&shop, &purchase, &part(&purchase, "100"));
        assert_eq!(said.code, 0, "{said:?}");
        let customer = shop.customer();
        customer.sees(&purchase.order_path(), "partially refunded").await;
        let said = refund(&shop, &purchase, &[]);
        assert_eq!(said.code, 0, "{said:?}");
        customer.sees(&purchase.order_path(), "refunded").await;
        let rest = purchase.amount() - 100;
        let operations = shop.platform_has(purchase.payment_id()).await;
        assert_eq!(operations[1..], ["refund success 100".to_owned(), format!("refund success {rest}")]);
        let said = refund(&shop, &purchase, &[]);
        assert_eq!((said.code, said.stderr.as_str()), (2, "it is refunded already\n"), "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_refunded_is_refused_with_its_reason_and_nothing_is_sent() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("BE", "bancontact").await;
    let total = purchase.amount().to_string();
    let above = (purchase.amount() + 1).to_string();
    for (more, reason) in [
        (&["--amount", "0", "--currency", "EUR"][..], "more than nothing"),
        (&["--amount", above.as_str(), "--currency", "EUR"], "is left to refund"),
        (&["--amount", total.as_str(), "--currency", "PHP"], "paid in EUR"),
        (&["--amount", "100"], "belong together"),
        (&["--amount", "100", "--currency", "XYZ"], "no currency"),
        (&["--amount", "99999999999999999", "--currency", "EUR"], "too large"),
    ] {
        let said = refund(&shop, &purchase, more);
        assert_eq!(said.code, 2, "{more:?}: {said:?}");
        assert!(said.stderr.contains(reason), "{more:?}: {said:?}");
    }
    for bad in ["-5", "1.50", "ten"] {
        assert_eq!(refund(&shop, &purchase, &["--amount", bad, "--currency", "EUR"]).code, 2);
    }
    for reason in ["", "a;b", &"x".repeat(256)] {
        let said = shop.command(&["refund", purchase.payment_id(), "--reason", reason], "");
        assert_eq!(said.code, 2, "{said:?}");
    }
    let said = shop.command(&["refund", "nobodys", "--reason", "x"], "");
    assert!(said.code == 2 && said.stderr.contains("no payment of this id"), "{said:?}");
    assert_eq!(shop.platform_has(purchase.payment_id()).await, [format!("sale success {total}")]);

    let unpaid = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    assert!(refund(&shop, &unpaid, &[]).stderr.contains("was not paid"));
    let paymaya = shop.sold("PH", "paymaya-wallet").await;
    assert!(refund(&shop, &paymaya, &[]).stderr.contains("PayMaya has no refunds"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_refunds_at_once_never_exceed_the_payment() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let each = (purchase.amount() / 7).to_string();
    let wanted = (0..50).map(|_| async { tokio::task::block_in_place(|| refund(&shop, &purchase, &part(&purchase, &each)).code) });
    let codes = join_all(wanted).await;
    assert_eq!(codes.iter().filter(|code| **code == 0).count(), 7, "{codes:?}");
    eventually("seven refunds done", async || {
        let done = shop.platform_has(purchase.payment_id()).await.iter().filter(|one| one.starts_with("refund success")).count();
        (done == 7).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_becomes_of_the_answer_one_refund_is_one_refund() {
    for fault in ["reset", "half_json", "html_502", "too_many_requests", "timeout"] {
        let shop = TestShop::start_with(&[("STATUS_AFTER_S", "1")]).await;
        let purchase = shop.sold("KR", "payco-wallet").await;
        shop.platform_misbehaves(json!({ "gate": fault, "drop": 1 })).await;
        let named = ["--name", "the-one", "--amount", "100", "--currency", "KRW"];
        let said = refund(&shop, &purchase, &named);
        assert!(said.code == 0 && said.stdout.contains("unknown"), "{fault}: {said:?}");
        shop.platform_misbehaves(json!({ "drop": 1 })).await;
        let said = refund(&shop, &purchase, &named);
        assert_eq!(said.code, 0, "{fault}: said again it is the same refund: {said:?}");
        eventually(&format!("the refund whose answer was a {fault}"), async || {
            shop.time_passes(Duration::from_secs(5));
            refund(&shop, &purchase, &named).stdout.contains("done").then_some(())
        })
        .await;
        let operations = shop.platform_has(purchase.payment_id()).await;
        assert_eq!(operations[1..], ["refund success 100"], "{fault}");
        assert_eq!(shop.status_of(&purchase).await, "partially refunded");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_belongs_to_one_refund() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let named = |amount: &'static str| ["--name", "n1", "--amount", amount, "--currency", "KRW"];
    assert_eq!(refund(&shop, &purchase, &named("100")).code, 0);
    let said = refund(&shop, &purchase, &named("200"));
    assert!(said.code == 2 && said.stderr.contains("has this name"), "{said:?}");
    assert_eq!(refund(&shop, &purchase, &named("100")).code, 0);
    assert_eq!(shop.platform_has(purchase.payment_id()).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_the_platform_declines_frees_its_money() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let said = shop.command(&["refund", purchase.payment_id(), "--reason", "decline this", "--name", "n1"], "");
    assert_eq!(said.code, 0, "{said:?}");
    let declined = eventually("the decline", async || {
        let said = shop.command(&["refund", purchase.payment_id(), "--reason", "decline this", "--name", "n1"], "");
        said.stdout.contains("declined").then_some(said)
    })
    .await;
    assert!(declined.code == 1 && declined.stdout.contains("20000"), "{declined:?}");
    assert_eq!(shop.status_of(&purchase).await, "success");
    assert_eq!(refund(&shop, &purchase, &[]).code, 0);
    shop.customer().sees(&purchase.order_path(), "refunded").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_of_another_sum_waits_and_once_accepted_is_settled_by_the_sum_that_moved() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    let named = ["--name", "n1", "--amount", "500", "--currency", "KRW"];
    assert_eq!(refund(&shop, &purchase, &named).code, 0);
    let told = |minor| {
        Callback::refund(&purchase, "partially refunded", "success", minor).with("/payment/merchant_refund_id", json!("n1"))
    };
    assert_eq!(shop.receives(told(300).signed()).await, 200);
    assert_eq!(shop.open_kinds(), ["wrong amount"]);
    let books = || shop.command(&["books"], "").stdout;
    assert!(books().contains("refunded 0 KRW"), "nothing is posted before a person looked: {}", books());

    let said = shop.command(&["cases", "accept", &shop.open_cases()[0].id], "");
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(shop.open_cases(), []);
    assert!(refund(&shop, &purchase, &["--name", "n1"]).stdout.contains("300 KRW  done"), "the sum that moved");
    assert!(books().contains("refunded 300 KRW"), "{}", books());
    assert_eq!(shop.command(&["books"], "").code, 0);
    assert_eq!(shop.status_of(&purchase).await, "partially refunded");
    // What is left is what was really kept.
    let above = (purchase.amount() - 299).to_string();
    assert!(refund(&shop, &purchase, &part(&purchase, &above)).stderr.contains("is left to refund"));

    assert_eq!(shop.receives(told(400).signed()).await, 200);
    let id = &shop.open_cases()[0].id;
    assert_eq!(shop.command(&["cases", "accept", id], "").code, 2, "what is posted stays posted");
    assert_eq!(shop.command(&["cases", "dismiss", id, "--reason", "settled elsewhere"], "").code, 0);
    let foreign = told(200).with("/operation/id", json!(9)).with("/operation/sum_initial/currency", json!("PHP"));
    assert_eq!(shop.receives(foreign.signed()).await, 200);
    let case = shop.open_cases().pop().expect("a case");
    let said = shop.command(&["cases", "accept", &case.id], "");
    assert!(said.code == 2 && said.stderr.contains("another currency"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_nobody_hears_does_its_work_all_the_same() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let refund = ["refund", purchase.payment_id(), "--reason", "came broken", "--name", "r1"];
    assert_eq!(storefront_unheard(&shop.folder, &shop.settings, &refund), Some(0));
    let total = purchase.amount();
    eventually("the refund", async || {
        let both = [format!("sale success {total}"), format!("refund success {total}")];
        (shop.platform_has(purchase.payment_id()).await == both).then_some(())
    })
    .await;
    assert_eq!(storefront_unheard(&shop.folder, &shop.settings, &["cases", "dismiss", "999"]), Some(2), "refused, and not a panic");
}
