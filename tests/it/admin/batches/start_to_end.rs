//! Batches of refunds and payouts: checked, started, approved by a second person, sent once, and failed rows tried again.

use std::time::Duration;

use futures::future::join_all;

use crate::kit::{
    Operator, TestShop,
    batch_files::{payouts, refunds},
    eventually,
    people::{code_of, sets_up_second_factor},
};

fn column<'a>(result: &'a [std::collections::BTreeMap<String, String>], name: &str) -> Vec<&'a str> {
    result.iter().map(|row| row[name].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_refunds_is_checked_started_and_each_row_done_once() {
    let shop = TestShop::start().await;
    let (korean, belgian) = (shop.customer(), shop.customer());
    let payco = korean.buys("KR", "payco-wallet", "approve").await;
    let bancontact = belgian.buys("BE", "bancontact", "approve").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let file = refunds(&[(&payco, 100, "=1+1"), (&bancontact, 80, "came broken"), (&payco, 200, "late")]);
    let run = finance.brings("may.csv", &file).await;
    let page = finance.sees(&run).await;
    for told in ["Batch 1: may.csv", "₩300", "€0.80", "₩100", "ready: 3", "Start the batch"] {
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
    assert_eq!(shop.platform_has(payco.payment_id()).await.len(), 1, "a check sends nothing");

    let unconfirmed = finance.posts(&format!("{run}/start"), &[]).await;
    assert!(unconfirmed.status == 422 && unconfirmed.body.contains("This is needed"), "{}", unconfirmed.body);
    let started = finance.confirms(&format!("{run}/start"), &[]).await;
    assert_eq!((started.status, started.location()), (303, Some(run.as_str())), "{}", started.body);
    finance.sees_run(&run, "finished").await;
    let mut operations = shop.platform_has(payco.payment_id()).await;
    operations[1..].sort();
    assert_eq!(operations[1..], ["refund success 100", "refund success 200"]);
    assert_eq!(shop.platform_has(bancontact.payment_id()).await[1..], ["refund success 80"]);
    assert_eq!(korean.sees(&payco.order_path(), "partially refunded").await.status, 200);

    let result = finance.result_of(&run).await;
    assert_eq!(column(&result, "result.status"), ["done"; 3]);
    assert_eq!(column(&result, "payment.description"), ["'=1+1", "came broken", "late"], "a formula is text");
    assert!(column(&result, "result.operation_id").iter().all(|id| !id.is_empty()), "{result:?}");
    assert!(column(&result, "result.message").iter().all(|text| *text == "The money has moved."));
    let again = finance.confirms(&format!("{run}/start"), &[]).await;
    assert_eq!(again.location(), Some(run.as_str()), "whoever presses it again sees the run");
    let acts = finance.sees(&run).await.body;
    for act in ["upload batch", "start batch"] {
        assert_eq!(acts.matches(act).count(), 1, "{act}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_payouts_above_the_limit_waits_for_a_second_person() {
    let shop = TestShop::start_with(&[("APPROVAL_ABOVE", "PHP=300")]).await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let (one, other) = (Operator::called(&shop, "one", "finance").await, Operator::called(&shop, "other", "finance").await);
    let run = one.brings("payouts.csv", payouts(&purchase, &[(15_000, "John Doe"), (15_001, "John Doe")])).await;
    assert!(one.sees(&run).await.body.contains("Ask for approval"));
    let foreign = other.confirms(&format!("{run}/start"), &[]).await;
    assert!(foreign.status == 422 && foreign.body.contains("Only whoever uploaded it"), "{}", foreign.body);
    assert_eq!(one.confirms(&format!("{run}/start"), &[]).await.status, 303);
    one.sees_run(&run, "waiting for approval").await;
    let own = one.confirms(&format!("{run}/approve"), &[]).await;
    assert!(own.status == 422 && own.body.contains("a second person must"), "{}", own.body);
    let unconfirmed = other.posts(&format!("{run}/approve"), &[("password", "not the password")]).await;
    assert_eq!(unconfirmed.status, 422);
    assert!(other.sees(&run).await.body.contains("₱300.01"));
    assert_eq!(other.confirms(&format!("{run}/approve"), &[]).await.status, 303);
    let page = other.sees_run(&run, "finished").await;
    assert!(page.body.contains("other@shop.example"), "who approved is told");
    let result = one.result_of(&run).await;
    assert_eq!(column(&result, "result.status"), ["done"; 2]);
    for (name, amount) in column(&result, "result.name").into_iter().zip(["15000", "15001"]) {
        assert_eq!(shop.platform_has(name).await, [format!("payout success {amount}")]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_approve_at_once_one_does() {
    let shop = TestShop::start_with(&[("APPROVAL_ABOVE", "PHP=1")]).await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let uploader = Operator::signs_in(&shop, "finance").await;
    let run = uploader.brings("payouts.csv", payouts(&purchase, &[(15_000, "John Doe")])).await;
    // The start, too, happens once.
    let start = format!("{run}/start");
    let starts = join_all((0..4).map(|_| uploader.confirms(&start, &[]))).await;
    assert!(starts.iter().all(|page| page.location() == Some(run.as_str())), "{starts:?}");
    assert_eq!(uploader.sees(&run).await.body.matches("ask for approval of batch").count(), 1);
    let mut others = Vec::new();
    for who in ["a", "b", "c"] {
        others.push(Operator::called(&shop, who, "owner").await);
    }
    let approve = format!("{run}/approve");
    let answers = join_all(others.iter().map(|other| other.confirms(&approve, &[]))).await;
    let mut statuses: Vec<_> = answers.iter().map(|page| page.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422, 422]);
    uploader.sees_run(&run, "finished").await;
    let result = uploader.result_of(&run).await;
    assert_eq!(shop.platform_has(column(&result, "result.name")[0]).await, ["payout success 15000"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_click_with_a_code_starts_or_approves_a_run_once() {
    let shop = TestShop::start_with(&[("APPROVAL_ABOVE", "KRW=1000")]).await;
    let (one, two) = (Operator::called(&shop, "one", "finance").await, Operator::called(&shop, "two", "finance").await);
    let purchase = shop.sold("KR", "payco-wallet").await;
    let run = one.brings("r.csv", refunds(&[(&purchase, 1_001, "x")])).await;
    for (operator, act, state) in [(&one, "start", "waiting for approval"), (&two, "approve", "finished")] {
        let (key, _) = sets_up_second_factor(&shop, operator).await;
        shop.time_passes(Duration::from_secs(60));
        let code = code_of(&key, shop.now().as_second());
        let (address, form) = (format!("{run}/{act}"), [("code", code.as_str())]);
        let clicks = join_all((0..3).map(|_| operator.confirms(&address, &form))).await;
        assert!(clicks.iter().all(|click| click.location() == Some(run.as_str())), "{act}: {clicks:?}");
        one.sees_run(&run, state).await;
    }
    assert_eq!(shop.platform_has(purchase.payment_id()).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_operator_starts_alone_in_a_day_counts_together() {
    let shop = TestShop::start_with(&[("APPROVAL_ABOVE", "PHP=300")]).await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let (one, other) = (Operator::called(&shop, "one", "finance").await, Operator::called(&shop, "other", "finance").await);
    let started = async |operator: &Operator, amount: u64| {
        let run = operator.brings("p.csv", payouts(&purchase, &[(amount, "John Doe")])).await;
        assert_eq!(operator.confirms(&format!("{run}/start"), &[]).await.status, 303);
        run
    };
    one.sees_run(&started(&one, 20_000).await, "finished").await;
    one.sees_run(&started(&one, 10_000).await, "finished").await;
    let waits = started(&one, 101).await;
    one.sees_run(&waits, "waiting for approval").await;
    // What waits, or was approved by somebody else, does not count; nor what others started.
    other.sees_run(&started(&other, 30_000).await, "finished").await;
    assert_eq!(other.confirms(&format!("{waits}/approve"), &[]).await.status, 303);
    one.sees_run(&waits, "finished").await;
    shop.time_passes(Duration::from_secs(24 * 60 * 60 + 1));
    one.enters_password("").await;
    one.sees_run(&started(&one, 29_999).await, "finished").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_currency_without_a_limit_always_needs_a_second_person() {
    let shop = TestShop::start_with(&[("APPROVAL_ABOVE", "PHP=1000000,KRW=1000000")]).await;
    let purchase = shop.sold("BE", "bancontact").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let run = finance.brings("r.csv", refunds(&[(&purchase, 1, "x")])).await;
    assert_eq!(finance.confirms(&format!("{run}/start"), &[]).await.status, 303);
    finance.sees_run(&run, "waiting for approval").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_moves_no_money_sees_runs_and_does_nothing() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let file = refunds(&[(&purchase, 100, "x")]);
    let run = finance.brings("r.csv", &file).await;
    for role in ["viewer", "support"] {
        let operator = Operator::signs_in(&shop, role).await;
        assert!(!operator.sees("/admin/batches").await.body.contains("type=\"file\""), "{role}");
        let page = operator.sees(&run).await;
        assert!(!page.body.contains("Start the batch") && !page.body.contains("/cancel"), "{role}");
        operator.sees(&format!("{run}/result.csv")).await;
        assert_eq!(operator.uploads("r.csv", &file).await.status, 403, "{role}");
        for act in ["start", "approve", "cancel", "again"] {
            assert_eq!(operator.confirms(&format!("{run}/{act}"), &[]).await.status, 403, "{role} {act}");
        }
    }
    assert_eq!(shop.customer().opens(&run).await.location().map(|to| to.starts_with("/admin/sign-in")), Some(true));
    finance.sees_run(&run, "checked").await;
    for unknown in ["/admin/batches/99", "/admin/batches/x", "/admin/batches/1x/result.csv", "/admin/batches/99/events"] {
        assert_eq!(finance.opens(unknown).await.status, 404, "{unknown}");
    }
    for bad in ["?show=nothing", "?after=x", "?before=-1", "?after=1&after=2"] {
        assert_eq!(finance.opens(&format!("{run}{bad}")).await.status, 400, "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_file_is_not_run_and_may_come_again() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let file = refunds(&[(&purchase, 100, "x")]);
    let run = finance.brings("r.csv", &file).await;
    let known = finance.uploads("again.csv", &file).await;
    assert!(known.status == 422 && known.body.contains("was uploaded before, as batch 1"), "{}", known.body);
    assert_eq!(finance.posts(&format!("{run}/cancel"), &[]).await.status, 303);
    let refused = finance.confirms(&format!("{run}/start"), &[]).await;
    assert!(refused.status == 422 && refused.body.contains("It is cancelled meanwhile"), "{}", refused.body);
    assert_eq!(column(&finance.result_of(&run).await, "result.message"), ["It was not sent: the batch was cancelled."]);
    let second = finance.brings("again.csv", &file).await;
    assert_eq!(finance.confirms(&format!("{second}/start"), &[]).await.status, 303);
    finance.sees_run(&second, "finished").await;
    assert_eq!(finance.uploads("again.csv", &file).await.status, 422, "it was run");
    assert_eq!(finance.posts(&format!("{second}/cancel"), &[]).await.status, 422);
    assert_eq!(shop.platform_has(purchase.payment_id()).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_the_rules_refuse_when_its_turn_comes_is_not_run() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let rest = purchase.amount() - 100;
    let run = finance.brings("r.csv", refunds(&[(&purchase, 100, "first"), (&purchase, rest, "second")])).await;
    // Meanwhile somebody refunds a part by hand.
    let said = shop.command(&["refund", purchase.payment_id(), "--reason", "x", "--amount", "50", "--currency", "KRW"], "");
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(finance.confirms(&format!("{run}/start"), &[]).await.status, 303);
    finance.sees_run(&run, "finished").await;
    let result = finance.result_of(&run).await;
    assert_eq!(column(&result, "result.status"), ["done", "refused"]);
    assert!(result[1]["result.message"].starts_with("only "), "{result:?}");
    let operations = shop.platform_has(purchase.payment_id()).await;
    assert_eq!(operations.len(), 3, "{operations:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failed_rows_alone_are_tried_again_once_under_new_names_and_with_the_same_approval() {
    let shop = TestShop::start_with(&[("APPROVAL_ABOVE", "PHP=600")]).await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let (one, other) = (Operator::called(&shop, "one", "finance").await, Operator::called(&shop, "other", "finance").await);
    let names = [(20_000, "Decline Me"), (10_000, "John Doe"), (20_001, "Decline Me"), (1, "Too Little")];
    let run = one.brings("p.csv", payouts(&purchase, &names)).await;
    assert_eq!(one.confirms(&format!("{run}/start"), &[]).await.status, 303);
    let page = one.sees_run(&run, "finished").await;
    assert!(page.body.contains("Try the failed rows again"));
    let first = one.result_of(&run).await;
    assert_eq!(column(&first, "result.status"), ["declined", "done", "declined", "refused"]);
    assert_eq!(column(&first, "result.code"), ["20000", "0", "20000", ""]);

    // Two who press it at once make one run.
    let again = format!("{run}/again");
    let pages = join_all([one.posts(&again, &[]), other.posts(&again, &[])]).await;
    let made: Vec<_> = pages.iter().filter(|page| page.status == 303).collect();
    assert_eq!(made.len(), 1, "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    let second = made[0].location().expect("the new run").to_owned();
    assert_eq!(one.posts(&again, &[]).await.status, 422);
    assert!(!one.sees(&run).await.body.contains("Try the failed rows again"));
    let result = one.result_of(&second).await;
    assert_eq!(column(&result, "payment.amount"), ["20000", "20001"]);
    assert!(column(&result, "result.name").iter().all(|name| !column(&first, "result.name").contains(name)), "{result:?}");
    // Cancelled before it ran, the rows may be tried again after all.
    assert_eq!(one.posts(&format!("{second}/cancel"), &[]).await.status, 303);
    let third = one.posts(&again, &[]).await.location().expect("another run").to_owned();
    // With what was started today it is above the limit.
    assert_eq!(one.confirms(&format!("{third}/start"), &[]).await.status, 303);
    one.sees_run(&third, "waiting for approval").await;
    assert_eq!(other.confirms(&format!("{third}/approve"), &[]).await.status, 303);
    one.sees_run(&third, "finished").await;
    assert_eq!(column(&one.result_of(&third).await, "result.status"), ["declined"; 2]);
    assert_eq!(one.posts(&again, &[]).await.status, 422, "those are the business of the later run");
    assert_eq!(one.posts(&format!("{third}/again"), &[]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_platform_cannot_be_reached_rows_wait_and_nothing_is_lost() {
    let shop = TestShop::start_with(&[("STATUS_AFTER_S", "1")]).await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    shop.platform_misbehaves(serde_json::json!({ "gate": "html_502", "drop": 1 })).await;
    let run = finance.brings("r.csv", refunds(&[(&purchase, 100, "a"), (&purchase, 101, "b")])).await;
    assert_eq!(finance.confirms(&format!("{run}/start"), &[]).await.status, 303);
    let statuses = eventually("both rows sent", async || {
        let result = finance.result_of(&run).await;
        result.iter().all(|row| row["result.status"] == "unknown").then_some(result)
    })
    .await;
    assert_eq!(statuses.len(), 2);
    shop.platform_misbehaves(serde_json::json!({})).await;
    eventually("their end", async || {
        shop.time_passes(Duration::from_secs(5));
        (finance.sees(&run).await.attribute("data-batch-state").as_deref() == Some("finished")).then_some(())
    })
    .await;
    let mut operations = shop.platform_has(purchase.payment_id()).await;
    operations[1..].sort();
    assert_eq!(operations[1..], ["refund success 100", "refund success 101"]);
}

/// Whoever pays out by hand comes through here: a page of the back office does it in this process.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_single_payout_above_the_limit_is_a_run_of_one_row_that_waits() {
    use storefront::{
        domain::{
            money::{Currency, Money},
            people::operator::SumLimits,
            transfers::payout::{Account, FullName, PayoutAmount, PayoutOrder, Reference},
        },
        platform::Method,
        server::{
            running::chance,
            store::{PayoutError, Started, Store},
        },
    };
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let (one, other) = (Operator::called(&shop, "one", "finance").await, Operator::called(&shop, "other", "finance").await);
    let store = Store::open(&shop.settings["DATABASE_URL"]).await.expect("the shop's database");
    let operator = store.credentials(&one.email).await.expect("a store").expect("the operator").operator;
    let limits = SumLimits::parse("PHP=200").expect("limits");
    let pays = async |minor: u64, reference: Option<&str>| {
        let money = Money::from_minor(minor, Currency::PHP).expect("money");
        let order = PayoutOrder {
            customer_id: purchase.parameter("customer_id").to_owned(),
            account: Account::parse("09123456789").expect("an account"),
            full_name: FullName::parse("John Doe").expect("a name"),
            amount: PayoutAmount::new(money, Method::PayMaya).expect("an amount"),
        };
        let reference = reference.map(|text| Reference::parse(text).expect("a reference"));
        store.batch_of_one(chance::token(), &operator, order, reference, &limits, shop.now().as_second()).await
    };
    let (first, started) = pays(15_000, Some("alone")).await.expect("a run");
    assert_eq!(started, Started::Runs);
    one.sees_run(&format!("/admin/batches/{first}"), "finished").await;
    assert_eq!(shop.platform_has("alone").await, ["payout success 15000"]);

    let (second, started) = pays(15_000, Some("together")).await.expect("a run");
    assert_eq!(started, Started::Waits, "with the first it is above the limit");
    for taken in ["alone", "together", "TOGETHER", purchase.payment_id()] {
        assert!(matches!(pays(100, Some(taken)).await, Err(PayoutError::NameTaken)), "{taken}");
    }
    let second = format!("/admin/batches/{second}");
    assert_eq!(one.confirms(&format!("{second}/approve"), &[]).await.status, 422);
    assert_eq!(other.confirms(&format!("{second}/approve"), &[]).await.status, 303);
    one.sees_run(&second, "finished").await;
    assert_eq!(shop.platform_has("together").await, ["payout success 15000"]);
    let (third, _) = pays(15_000, None).await.expect("a run without a name of its own");
    assert_eq!(
        one.sees(&format!("/admin/batches/{third}")).await.attribute("data-batch-state").as_deref(),
        Some("waiting for approval")
    );
    store.close().await;
}
