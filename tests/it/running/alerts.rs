//! Each alert of `ops/alerts.yml` fires when its fault is made, by the figures that a shop tells then, and not before.

use std::{convert::Infallible, fs::File, process::Stdio, time::Duration};

use futures::future::join_all;
use reqwest::{Client, header::CONTENT_TYPE};
use serde_json::json;

use crate::kit::{
    Callback, Customer, Folder, Lock, Program, Purchase, Sandbox, Settings, TestShop, by_hand, eventually, free_port,
    gate_way::{GateWay, Money},
    prometheus::{alerts, checks_rules, names},
    settings_for, shop_program_logging_to,
};

/// A shop in a process of its own, which counts for itself.
struct Stand {
    program: Program,
    sandbox: Sandbox,
    settings: Settings,
    folder: Folder,
}

impl Stand {
    fn begins(changed: &[(&str, &str)], log: Stdio) -> Self {
        let folder = Folder::new();
        let sandbox = Sandbox::start(&folder, &[]);
        let settings = settings_for(free_port(), &sandbox, &folder, changed);
        Self { program: shop_program_logging_to(log, &folder, &settings), sandbox, settings, folder }
    }

    fn customer(&self) -> Customer {
        Customer::of(&self.program.address)
    }

    async fn figures(&self) -> String {
        self.customer().opens(&format!("http://{}/metrics", self.settings["METRICS_ADDR"])).await.body
    }

    /// The figures, once one of them is at least so much.
    async fn figures_with(&self, figure: &str, at_least: u64) -> String {
        eventually(figure, async || {
            let figures = self.figures().await;
            (number(&figures, figure) >= at_least).then_some(figures)
        })
        .await
    }

    /// More customers at one time than find room, again and again. What they are answered, if anything, is not looked at.
    async fn is_rushed(&self) -> Infallible {
        let browser = Client::new();
        let puts = || {
            let put = browser.post(format!("{}/cart", self.program.address));
            put.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body("product=flax-twine&quantity=1").send()
        };
        loop {
            join_all((0..1_200).map(|_| puts())).await;
        }
    }

    async fn orders(&self) -> Purchase {
        self.customer().orders("KR", "jeju-green-tea", "payco-wallet").await
    }
}

/// The whole part of a figure; 0 if it is not told.
fn number(figures: &str, figure: &str) -> u64 {
    let value = figures.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(' '));
    value.and_then(|value| value.split('.').next()?.parse().ok()).unwrap_or(0)
}

/// The figures of a shop of this process, once the oldest of this kind is as old.
async fn aged(shop: &TestShop, kind: &str, at_least: Duration) -> String {
    let figure = format!("oldest_seconds{{of=\"{kind}\"}}");
    eventually(&figure, async || {
        let figures = shop.figures().await;
        (number(&figures, &figure) >= at_least.as_secs()).then_some(figures)
    })
    .await
}

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test]
async fn the_rules_can_be_read_and_each_is_tried_here() {
    let (good, said) = checks_rules();
    assert!(good && said.contains(&format!("{} rules found", names().len())), "{said}");
    let tried = include_str!("alerts.rs");
    let left_out: Vec<_> = names().into_iter().filter(|name| !tried.contains(&format!("\"{name}\""))).collect();
    assert!(left_out.is_empty(), "{left_out:?}");
}

#[tokio::test]
async fn callbacks_that_cannot_be_stored() {
    let stand = Stand::begins(&[], Stdio::null());
    let purchase = stand.orders().await;
    let before = stand.figures().await;
    let lock = Lock::take(&stand.folder).await;
    let success = Callback::sale(&purchase, "success").signed().into_bytes();
    assert_eq!(stand.customer().sends("/callbacks", "application/json", success).await.status, 503);
    let after = stand.figures().await;
    lock.release().await;
    alerts(&["CallbacksCannotBeStored"], 3, &before, &after);
}

#[tokio::test]
async fn decisions_that_wait_long_and_others_that_are_turned_away() {
    let stand = Stand::begins(&[], Stdio::null());
    stand.orders().await;
    let before = stand.figures().await;
    let customer = stand.customer();
    let lock = Lock::take(&stand.folder).await;
    // This is the fault: nothing can be written for two seconds.
    let released = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        lock.release().await;
    };
    let ((), ()) = tokio::join!(customer.puts_in_cart("flax-twine", 1), released);
    let waited = stand.figures().await;
    alerts(&["DecisionsWaitLong"], 2, &before, &waited);

    let lock = Lock::take(&stand.folder).await;
    let after = tokio::select! {
        never = stand.is_rushed() => match never {},
        after = stand.figures_with("turned_away_total{queue=\"decisions\"}", 1) => after,
    };
    lock.release().await;
    alerts(&["DecisionsTurnedAway"], 2, &before, &after);
}

#[tokio::test]
async fn a_database_that_does_not_answer() {
    let shop = TestShop::start().await;
    let before = shop.figures().await;
    by_hand(&shop.folder, "ALTER TABLE cases RENAME TO lost_cases").expect("a table that is gone");
    alerts(&["DatabaseDoesNotAnswer"], 2, &before, &shop.figures().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_a_case_and_questions_that_are_old() {
    let way = GateWay::opens(Money::Passes).await;
    let shop = way.shop(&[]).await;
    let customer = shop.customer();
    let waiting = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    customer.confirms(&waiting).await;
    customer.sees(&waiting.order_path(), "awaiting redirect result").await;
    let before = shop.figures().await;
    let stranger = Callback::sale(&waiting, "success").with("/payment/id", json!("of-nobody"));
    assert_eq!(shop.receives(stranger.signed()).await, 200);

    way.holds_answers_about(Some(waiting.payment_id()));
    shop.time_passes(HOUR);
    eventually("the question", async || (way.questions_about(waiting.payment_id()) > 0).then_some(())).await;
    shop.time_passes(3 * HOUR);
    let after = aged(&shop, "attempt", 3 * HOUR).await;
    alerts(&["AttemptOpenTooLong", "CasesWait", "QuestionsFallBehind"], 7, &before, &after);

    way.holds_answers_about(None);
    let declined = Callback::sale(&waiting, "decline").signed();
    assert_eq!(shop.receives(declined).await, 200);
    let figures = shop.figures().await;
    assert_eq!(number(&figures, "oldest_seconds{of=\"attempt\"}"), 0, "a declined one is open no more: {figures}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refunds_and_payouts_that_have_no_end() {
    let way = GateWay::opens(Money::IsLost).await;
    let shop = way.shop(&[]).await;
    let (refunded, paid_out) = (shop.sold("KR", "payco-wallet").await, shop.sold("PH", "paymaya-wallet").await);
    let before = shop.figures().await;
    way.is_deaf(true);
    let refund = shop.command(&["refund", refunded.payment_id(), "--reason", "came broken"], "");
    let of_customer = ["--customer", paid_out.parameter("customer_id"), "--account", "09123456789", "--name", "Maria Santos"];
    let payout = shop.command(&[&["payout"], &of_customer[..], &["--amount", "100"]].concat(), "");
    for said in [refund, payout] {
        assert!(said.stdout.contains("unknown"), "{said:?}");
    }
    shop.time_passes(25 * HOUR);
    aged(&shop, "payout", 24 * HOUR).await;
    let after = aged(&shop, "refund", 24 * HOUR).await;
    alerts(&["RefundOpenTooLong", "PayoutOpenTooLong", "TransferUnknownTooLong"], 7, &before, &after);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_that_end_again_and_again() {
    let shop = TestShop::start().await;
    let before = shop.figures().await;
    shop.clock_breaks();
    let stranger = shop.customer();
    eventually("they cannot run", async || stranger.opens("/readyz").await.body.contains("cannot run").then_some(())).await;
    shop.clock_works();
    alerts(&["WorkersRestart"], 2, &before, &shop.figures().await);
}

#[tokio::test]
async fn a_platform_that_does_not_answer() {
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let stand = Stand::begins(&[("GATE_URL", &nobody), ("STATUS_AFTER_S", "1")], Stdio::null());
    let before = stand.figures().await;
    for _ in 0..4 {
        stand.orders().await;
    }
    let after = stand.figures_with("platform_answer_seconds_count{door=\"gate\",answer=\"none\"}", 3).await;
    alerts(&["PlatformDoesNotAnswer"], 2, &before, &after);
}

#[tokio::test]
async fn payments_that_begin_while_no_callback_comes() {
    let stand = Stand::begins(&[], Stdio::null());
    stand.sandbox.misbehaves(json!({ "drop": 1 })).await;
    let before = stand.figures().await;
    for _ in 0..7 {
        let purchase = stand.orders().await;
        stand.customer().answers_with(&purchase, "approve").await;
    }
    alerts(&["NoCallbacks"], 12, &before, &stand.figures().await);
}

#[tokio::test]
async fn a_log_that_loses_lines() {
    let log = File::options().write(true).open("/dev/full").expect("a device that is always full");
    let stand = Stand::begins(&[], log.into());
    let figure = "log_lines_lost_total";
    let before = stand.figures_with(figure, 1).await;
    stand.customer().opens("/").await;
    let after = stand.figures_with(figure, number(&before, figure) + 1).await;
    alerts(&["LogLinesLost"], 2, &before, &after);
}
