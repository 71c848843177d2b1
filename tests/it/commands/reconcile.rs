//! `storefront reconcile`: the shop's books compared with the platform's register.

use std::{
    collections::VecDeque,
    future::Future,
    sync::{Arc, Mutex},
};

use axum::Router;
use serde_json::{Value, json};
use storefront::protocol::sandbox;

use crate::kit::{
    Callback, Folder, Said, TestShop, eventually, free_port,
    register::{newest_operation, paid_out, refunded, register_tells},
    signed, storefront,
};

const WAYS: [(&str, &str); 3] = [("KR", "payco-wallet"), ("PH", "paymaya-wallet"), ("BE", "bancontact")];

/// From the day before to the day after, so that midnight does not matter.
fn days(shop: &TestShop) -> [String; 5] {
    let day = |hours: i64| (shop.now() + jiff::SignedDuration::from_hours(hours)).strftime("%Y-%m-%d").to_string();
    ["reconcile", "--from", &day(-24), "--to", &day(24)].map(str::to_owned)
}

fn reconcile(shop: &TestShop, changed: &[(&str, &str)]) -> Said {
    let mut settings = shop.settings.clone();
    settings.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    storefront(&shop.folder, &settings, &days(shop).each_ref().map(String::as_str), "")
}

fn agree(shop: &TestShop) {
    let said = reconcile(shop, &[]);
    assert_eq!((said.code, said.stdout.as_str(), said.stderr.as_str()), (0, "no differences\n", ""));
}

/// The differences found, as `kind payment`; each says what to do.
fn differences(said: &Said) -> Vec<String> {
    assert_eq!((said.code, said.stderr.as_str()), (1, ""), "{said:?}");
    let lines: Vec<_> = said.stdout.lines().collect();
    let heads = lines.iter().filter(|line| !line.starts_with(' '));
    let told: Vec<_> = heads.map(|line| line.split("  ").take(2).collect::<Vec<_>>().join(" ")).collect();
    let advised = lines.iter().filter(|line| line.starts_with("    to do: ") && line.ends_with('.')).count();
    assert_eq!(advised, told.len(), "{said:?}");
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_customers_did_shop_and_register_agree() {
    let shop = TestShop::start().await;
    agree(&shop);
    for (market, method) in WAYS {
        for decision in ["approve", "decline", "cancel"] {
            shop.customer().buys(market, method, decision).await;
        }
    }
    for (market, method) in [WAYS[0], WAYS[2]] {
        let purchase = shop.sold(market, method).await;
        refunded(&shop, &purchase, "100", "a part", "done").await;
        refunded(&shop, &purchase, "200", "please decline", "declined").await;
        refunded(&shop, &purchase, "100", "a part of the same size", "done").await;
    }
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    paid_out(&shop, &purchase, "John Doe", "prize-1", "done").await;
    paid_out(&shop, &purchase, "Decline Me", "prize-2", "declined").await;
    // The page is only looked at, or left at the wallet's.
    let customer = shop.customer();
    let looked_at = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    customer.opens(&looked_at.address).await;
    let left = shop.customer().orders("BE", "jeju-green-tea", "bancontact").await;
    customer.confirms(&left).await;
    agree(&shop);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_tries_the_one_that_paid_counts() {
    let shop = TestShop::start().await;
    shop.platform_misbehaves(json!({ "try_again": true })).await;
    let customer = shop.customer();
    let purchase = customer.orders("BE", "jeju-green-tea", "bancontact").await;
    let provider = customer.confirms(&purchase).await;
    customer.posts(&provider, &[("decision", "decline")]).await;
    let again = format!("{}/again", provider.replace("/provider/bancontact/", "/payment/"));
    customer.posts(&again, &[]).await;
    customer.posts(&provider, &[("decision", "approve")]).await;
    customer.sees(&purchase.order_path(), "success").await;
    let operations = shop.platform_has(purchase.payment_id()).await;
    assert!(operations.len() == 2 && operations[0].contains("decline"), "{operations:?}");
    agree(&shop);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_direct_sale_that_was_refused_at_once_is_no_operation() {
    let refusing = platform(async || json!({ "status": "error", "code": "2004", "message": "missing" }).to_string()).await;
    let shop = TestShop::start_with(&[("PAYMENT_PATH", "gate"), ("GATE_URL", &refusing)]).await;
    let customer = shop.customer();
    customer.shops_in("KR").await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    let waiting = customer.presses_pay("payco-wallet", "", "").await.location().expect("led on").to_owned();
    customer.sees(waiting.trim_end_matches("/continue"), "decline").await;
    agree(&shop);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payouts_are_compared_too() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let customer = purchase.parameter("customer_id");
    let payout = ["payout", "--customer", customer, "--account", "09123456789", "--name", "John Doe", "--amount", "5000"];
    let arguments = [&payout[..], &["--reference", "one"]].concat();
    eventually("a payout that is done", async || shop.command(&arguments, "").stdout.contains("done").then_some(())).await;
    agree(&shop);
    let page = shop.customer().opens(&format!("{}/control/payments/one", shop.sandbox.address)).await;
    let operation = serde_json::from_str::<Value>(&page.body).expect("JSON")["operations"][0]["id"].clone();
    for change in ["missing", "amount", "currency", "status", "duplicate"] {
        register_tells(&shop, json!([{ "change": change, "operation_id": operation }])).await;
        assert_eq!(differences(&reconcile(&shop, &[])), [format!("{change} payment one")]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_of_difference_is_found_for_each_kind_of_operation() {
    let shop = TestShop::start().await;
    let earned = shop.sold("PH", "paymaya-wallet").await;
    paid_out(&shop, &earned, "John Doe", "prize", "done").await;
    let paid = shop.sold("KR", "payco-wallet").await;
    let declined = shop.customer().buys("KR", "payco-wallet", "decline").await;
    let back = shop.sold("BE", "bancontact").await;
    refunded(&shop, &back, "100", "came broken", "done").await;
    for payment_id in [paid.payment_id(), declined.payment_id(), back.payment_id(), "prize"] {
        let operation = newest_operation(&shop, payment_id).await;
        for change in ["missing", "amount", "currency", "status", "duplicate"] {
            register_tells(&shop, json!([{ "change": change, "operation_id": operation }])).await;
            let said = reconcile(&shop, &[]);
            assert_eq!(differences(&said), [format!("{change} payment {payment_id}")], "{said:?}");
        }
    }
    register_tells(&shop, json!([{ "change": "extra" }])).await;
    let found = differences(&reconcile(&shop, &[]));
    assert!(found.len() == 1 && found[0].starts_with("extra payment unknown-"), "{found:?}");
    register_tells(&shop, json!([])).await;
    agree(&shop);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_whose_end_was_never_heard_is_told_until_the_shop_hears_it() {
    let shop = TestShop::start().await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    let customer = shop.customer();
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    customer.answers_with(&purchase, "approve").await;
    eventually("the platform's success", async || {
        shop.platform_has(purchase.payment_id()).await.iter().any(|one| one.starts_with("sale success")).then_some(())
    })
    .await;
    let said = reconcile(&shop, &[]);
    assert_eq!(differences(&said), [format!("status payment {}", purchase.payment_id())]);
    assert!(said.stdout.contains("shop: ") && said.stdout.contains("under way"), "{said:?}");
    shop.platform_misbehaves(json!({})).await;
    let again = format!("{}/control/payments/{}/callbacks", shop.sandbox.address, purchase.payment_id());
    assert_eq!(customer.sends(&again, "application/json", Vec::new()).await.status, 200);
    customer.sees(&purchase.order_path(), "success").await;
    agree(&shop);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_asked_or_believed_ends_with_2_and_no_word_of_differences() {
    let shop = TestShop::start().await;
    shop.sold("KR", "payco-wallet").await;
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let page = format!("{}/payment", shop.sandbox.address);
    for (changed, reason) in [
        (&[("DATA_API_SECRET", "another")][..], "3261"),
        (&[("DATA_API_TOKEN", "another")], "303"),
        (&[("DATA_API_URL", nobody.as_str())], "does not answer"),
        (&[("DATA_API_URL", page.as_str())], "HTTP status 4"),
        (&[("DATA_API_URL", "data")], "DATA_API_URL"),
        (&[("DATA_API_SECRET_FILE", "/nowhere/secret")], "DATA_API_SECRET_FILE"),
        (&[("DATABASE_URL", "sqlite:///proc/nowhere/shop.db")], "database"),
    ] {
        let said = reconcile(&shop, changed);
        assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{changed:?}: {said:?}");
        assert!(said.stderr.contains(reason), "{changed:?}: {said:?}");
    }
    for arguments in [
        &["--from", "2026-01-02", "--to", "2026-01-01"][..],
        &["--from", "2026-01-02"],
        &["--from", "yesterday", "--to", "2026-01-01"],
        &["--from", "2026-01-01T10:00", "--to", "2026-01-02"],
        &["--from", "2026-02-30", "--to", "2026-03-01"],
    ] {
        let said = shop.command(&[&["reconcile"], arguments].concat(), "");
        assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{arguments:?}: {said:?}");
    }
}

#[test]
fn a_live_shop_starts_without_the_data_api_and_reconciles_only_with_its_own() {
    let folder = Folder::new();
    let live = [("DATA_API_URL", "https://live.example"), ("PROJECT_ID", "1"), ("PROJECT_SECRET", "own")];
    let says = |more: &[(&str, &str)], arguments: &[&str]| {
        let settings = live.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        storefront(&folder, &settings, arguments, "")
    };
    let days = ["reconcile", "--from", "2026-01-01", "--to", "2026-01-01"];
    assert_eq!(says(&[], &["cases"]).code, 0);
    for some in [&[][..], &[("DATA_API_TOKEN", "own")], &[("DATA_API_SECRET", "own")]] {
        let said = says(some, &days);
        assert!(said.code == 2 && said.stdout.is_empty() && said.stderr.contains("DATA_API_SECRET: missing"), "{some:?}: {said:?}");
    }
    for (name, known) in [("DATA_API_TOKEN", sandbox::DATA_API_TOKEN), ("DATA_API_SECRET", sandbox::DATA_API_SECRET)] {
        let said = says(&[(name, known)], &days);
        assert!(said.code == 2 && said.stderr.contains(&format!("{name}: this is the sandbox's")), "{said:?}");
        assert!(!said.stderr.contains(known), "{said:?}");
    }
}

/// A Data API that gives these answers one after the other, then none.
async fn answering(answers: Vec<String>) -> String {
    let answers = Arc::new(Mutex::new(VecDeque::from(answers)));
    platform(move || {
        let answer = answers.lock().expect("answers").pop_front();
        async move { answer.unwrap_or_default() }
    })
    .await
}

/// Something else in the platform's place.
async fn platform<F: Future<Output = String> + Send>(answer: impl Fn() -> F + Clone + Send + Sync + 'static) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    let app = Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

fn page(rows: &[&Value], total: usize) -> String {
    signed(&json!({ "operations": rows, "total": total }).to_string(), sandbox::DATA_API_SECRET)
}

/// What the sandbox's register truly holds.
async fn rows(shop: &TestShop) -> Vec<Value> {
    let asked = json!({ "token": sandbox::DATA_API_TOKEN, "interval": { "from": "2020-01-01", "to": "2100-01-01" } }).to_string();
    let address = format!("{}/v1/operations/get", shop.sandbox.address);
    let page = shop.customer().sends(&address, "application/json", signed(&asked, sandbox::DATA_API_SECRET).into_bytes()).await;
    let page: Value = serde_json::from_str(&page.body).expect("JSON");
    page["operations"].as_array().expect("a list").clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_register_of_many_pages_is_read_whole_or_not_at_all() {
    let shop = TestShop::start().await;
    for _ in 0..3 {
        shop.sold("KR", "payco-wallet").await;
    }
    let rows = rows(&shop).await;
    let [a, b, c] = rows.as_slice() else { panic!("three operations: {rows:?}") };
    let mut later = c.clone();
    (later["operation_id"], later["payment_id"], later["operation_status"]) = (json!(99), json!("not-ours"), json!("processing"));
    let mut unreadable = c.clone();
    unreadable["initial_amount"] = Value::Null;
    let mut nowhen = c.clone();
    nowhen["operation_created_at"] = json!("31.01.2026 10:20");
    let whole = [page(&[a], 3), page(&[b, c], 3)];
    let forged = page(&[b, c], 3).replace("success", "decline");
    for (what, answers, expected) in [
        ("two pages", whole.to_vec(), None),
        ("one that grows at its end", vec![page(&[a], 3), page(&[b, c], 4), page(&[&later], 4)], None),
        (
            "one that grew before what was read, then holds still",
            [vec![page(&[a], 3), page(&[a, b, c], 4)], whole.to_vec()].concat(),
            None,
        ),
        ("one that shrank, then holds still", [vec![page(&[a], 4), page(&[b, c], 3)], whole.to_vec()].concat(), None),
        ("one that never holds still", vec![[page(&[a], 3), page(&[a, b, c], 4)]; 3].concat(), Some("changes while it is read")),
        ("a page that breaks off", vec![page(&[a], 3), page(&[b, c], 3)[..200].to_owned()], Some("not a JSON object")),
        ("an empty page", vec![page(&[a, b], 3), page(&[], 3)], Some("has 3 operations and gave 2")),
        ("too much", vec![page(&[a, b, c], 2)], Some("has 2 operations and gave 3")),
        ("the same page again", vec![page(&[a], 3), page(&[a], 3)], Some("one page twice")),
        ("a forged page", vec![page(&[a], 3), forged], Some("signature_wrong")),
        ("no second page", vec![page(&[a], 3)], Some("not a JSON object")),
        ("a row without a sum", vec![page(&[a, b, &unreadable], 3)], Some("initial_amount")),
        ("a row of another calendar", vec![page(&[a, b, &nowhen], 3)], Some("operation_created_at")),
    ] {
        let address = answering(answers).await;
        let said = reconcile(&shop, &[("DATA_API_URL", &address)]);
        match expected {
            None => assert_eq!((said.code, said.stdout.as_str()), (0, "no differences\n"), "{what}: {said:?}"),
            Some(reason) => {
                assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{what}: {said:?}");
                assert!(said.stderr.contains(reason), "{what}: {said:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_heard_while_the_register_is_read_is_no_difference() {
    let shop = Arc::new(TestShop::start().await);
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let callback = Callback::sale(&purchase, "success").signed();
    let (heard_by, empty) = (shop.clone(), page(&[], 0));
    let address = platform(move || {
        let (shop, callback, empty) = (heard_by.clone(), callback.clone(), empty.clone());
        async move {
            assert_eq!(shop.receives(callback).await, 200);
            empty
        }
    })
    .await;
    let said = reconcile(&shop, &[("DATA_API_URL", &address)]);
    assert_eq!((said.code, said.stdout.as_str()), (0, "no differences\n"), "{said:?}");
    assert_eq!(differences(&reconcile(&shop, &[])), [format!("missing payment {}", purchase.payment_id())], "and stays missing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_of_the_platform_that_is_days_ahead_makes_no_difference() {
    let shop = TestShop::start().await;
    shop.platform_waits(11 * 24 * 60 * 60).await;
    let purchase = shop.sold("BE", "bancontact").await;
    refunded(&shop, &purchase, "100", "came broken", "done").await;
    agree(&shop);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_operations_than_a_page_holds_are_all_compared() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let operation = newest_operation(&shop, purchase.payment_id()).await;
    register_tells(&shop, json!(vec![json!({ "change": "duplicate", "operation_id": operation }); 1500])).await;
    let said = reconcile(&shop, &[]);
    assert_eq!(differences(&said), [format!("duplicate payment {}", purchase.payment_id())]);
}
