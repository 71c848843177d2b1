//! `storefront books`: the books agree with orders, refunds and payouts, nobody can change them, and other changes are found.

use std::time::Duration;

use crate::kit::{
    Callback, Program, Purchase, Said, TestShop, by_hand, eventually, free_port, register::refunded_elsewhere, shop_program,
};
use serde_json::json;

fn books(shop: &TestShop) -> Said {
    shop.command(&["books"], "")
}

/// The lines of the currencies and of the payments that are not proved.
fn totals(shop: &TestShop) -> String {
    let said = books(shop);
    assert!(said.code == 0 && said.stdout.ends_with("the books agree\n"), "{said:?}");
    said.stdout.replace("the books agree\n", "")
}

/// Two purchases, one of them refunded in part and one paid twice, and a payout. What was said of them comes two times more.
async fn busy_shop() -> (TestShop, Purchase) {
    let shop = TestShop::start().await;
    let earner = is_busy(&shop).await;
    (shop, earner)
}

/// The same in a shop that is there; gives back the purchase of whoever is paid out.
pub async fn is_busy(shop: &TestShop) -> Purchase {
    shop.platform_misbehaves(json!({ "duplicate": 2 })).await;
    let refunded = shop.sold("KR", "payco-wallet").await;
    for name in ["r1", "r2"] {
        let part = ["--amount", "100", "--currency", "KRW", "--reason", "x", "--name", name];
        assert_eq!(shop.command(&[&["refund", refunded.payment_id()], &part[..]].concat(), "").code, 0);
    }
    shop.customer().sees(&refunded.order_path(), "partially refunded").await;
    let customer = shop.customer();
    let first = customer.orders("BE", "flax-twine", "bancontact").await;
    assert_eq!(shop.receives(Callback::sale(&first, "decline").signed()).await, 200);
    let second = customer.posts(&format!("{}/pay", first.order_path()), &[("payment_method", "bancontact")]).await.purchase();
    for purchase in [&second, &first, &first] {
        assert_eq!(shop.receives(Callback::sale(purchase, "success").signed()).await, 200);
    }
    let earner = shop.sold("PH", "paymaya-wallet").await;
    let asked =
        ["--customer", earner.parameter("customer_id"), "--account", "09123456789", "--name", "John Doe", "--amount", "15000"];
    assert_eq!(shop.command(&[&["payout", "--reference", "p1"], &asked[..]].concat(), "").code, 0);
    eventually("refunds and payout are done", async || {
        let said = books(shop).stdout;
        (said.contains("refunded 200 KRW") && said.contains("paid out 150.00 PHP")).then_some(())
    })
    .await;
    assert_eq!(shop.open_kinds(), ["second payment"]);
    earner
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_bought_refunded_and_paid_out_the_books_agree() {
    let empty = TestShop::start().await;
    assert_eq!(totals(&empty), "");
    let (shop, earner) = busy_shop().await;
    let pesos = format!("{}.{:02}", earner.amount() / 100, earner.amount() % 100);
    let expected = format!(
        "EUR  taken 7.00 EUR  refunded 0.00 EUR  paid out 0.00 EUR\n\
         KRW  taken 18000 KRW  refunded 200 KRW  paid out 0 KRW\n\
         PHP  taken {pesos} PHP  refunded 0.00 PHP  paid out 150.00 PHP\n"
    );
    assert_eq!(totals(&shop), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_again_in_other_words_is_posted_once() {
    let (shop, earner) = busy_shop().await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let sum = json!({ "amount": 15000, "currency": "PHP" });
    let paid_out = Callback::sale(&earner, "success")
        .with("/payment/id", json!("p1"))
        .with("/payment/type", json!("payout"))
        .with("/payment/sum", sum.clone())
        .with("/operation/type", json!("payout"))
        .with("/operation/sum_initial", sum);
    let sale = Callback::sale(&purchase, "success");
    let refund = Callback::refund(&purchase, "partially refunded", "success", 100);
    for time in 0..3 {
        for told in [&sale, &refund, &paid_out] {
            assert_eq!(shop.receives(told.clone().with("/time", json!(time)).signed()).await, 200);
        }
    }
    let said = totals(&shop);
    assert!(said.contains("taken 10.50 EUR  refunded 1.00 EUR") && said.contains("paid out 150.00 PHP"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_changes_the_journal() {
    let (shop, _) = busy_shop().await;
    let before = totals(&shop);
    let of_both = [
        "UPDATE postings SET currency = 'USD'",
        "UPDATE entries SET amount_minor = amount_minor * 2",
        "DELETE FROM entries",
        "DELETE FROM postings",
        "INSERT INTO entries (posting, account, amount_minor) SELECT id, 'payouts', 5 FROM postings WHERE kind = 'sale'",
        "INSERT INTO postings (kind, reference, currency, posted_at) SELECT kind, reference, 'USD', 0 FROM postings WHERE TRUE
         ON CONFLICT (kind, reference) DO UPDATE SET currency = 'USD'",
    ];
    // SQLite can be told to forget keys, and replaces rows in words of its own.
    let of_sqlite = [
        "PRAGMA foreign_keys = OFF; DELETE FROM postings",
        "INSERT OR REPLACE INTO postings (kind, reference, currency, posted_at) SELECT kind, reference, 'USD', 0 FROM postings",
        "PRAGMA foreign_keys = OFF; INSERT OR REPLACE INTO postings SELECT id, 'sale', 'x' || id, 'USD', 0 FROM postings",
        "INSERT OR REPLACE INTO entries SELECT posting, account, 1 FROM entries",
    ];
    // PostgreSQL empties a table without a look at its rows.
    let of_postgres = ["TRUNCATE entries", "TRUNCATE postings CASCADE"];
    let of_one = if shop.folder.database_on_server().is_none() { &of_sqlite[..] } else { &of_postgres[..] };
    for sql in of_both.iter().chain(of_one) {
        let refused = by_hand(&shop.folder, sql).expect_err(sql);
        assert!(refused.contains("the journal is never changed"), "{sql}: {refused}");
    }
    assert_eq!(totals(&shop), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_changes_a_row_is_found() {
    let (shop, earner) = busy_shop().await;
    let found = |named: &str| {
        let said = books(&shop);
        assert!(said.code == 1 && said.stdout.contains(named) && !said.stdout.contains("agree"), "{named}: {said:?}");
    };
    let unguarded = match shop.folder.database_on_server() {
        None => "DROP TRIGGER entries_stay; UPDATE entries SET amount_minor = 15001 WHERE amount_minor = 15000",
        Some(_) => "DROP TRIGGER entries_stay ON entries; UPDATE entries SET amount_minor = 15001 WHERE amount_minor = 15000",
    };
    for (change, back, named) in [
        (
            "UPDATE attempts SET taken_minor = taken_minor - 1 WHERE method = 'paymaya-wallet'",
            "UPDATE attempts SET taken_minor = taken_minor + 1 WHERE method = 'paymaya-wallet'",
            "stored,",
        ),
        (
            "UPDATE attempts SET status = 'decline' WHERE method = 'paymaya-wallet'",
            "UPDATE attempts SET status = 'success' WHERE method = 'paymaya-wallet'",
            "nothing stored says that it moved",
        ),
        (
            "UPDATE transfers SET progress = 'declined' WHERE name = 'r1'",
            "UPDATE transfers SET progress = 'done' WHERE name = 'r1'",
            "refund r1: it stands in the journal",
        ),
        (
            "UPDATE transfers SET moved_minor = 14999 WHERE kind = 'payout'",
            "UPDATE transfers SET moved_minor = 15000 WHERE kind = 'payout'",
            "payout p1: 149.99 PHP stored, 150.00 PHP in the journal",
        ),
        (
            "UPDATE transfers SET currency = 'EUR' WHERE kind = 'payout'",
            "UPDATE transfers SET currency = 'PHP' WHERE kind = 'payout'",
            "payout p1: 150.00 EUR stored",
        ),
        (
            "INSERT INTO transfers (kind, name, payment_id, amount_minor, currency, reason, progress, asked_at)
             SELECT kind, 'r3', payment_id, 100, 'KRW', '', 'done', 0 FROM transfers WHERE name = 'r1'",
            "DELETE FROM transfers WHERE name = 'r3'",
            "refund r3: 100 KRW moved, and the journal does not have it",
        ),
        (
            unguarded,
            "UPDATE entries SET amount_minor = 15000 WHERE amount_minor = 15001",
            "payout p1: its entries in the journal do not belong together",
        ),
    ] {
        assert!(by_hand(&shop.folder, change).is_ok(), "{change}");
        found(named);
        by_hand(&shop.folder, back).expect(back);
        totals(&shop);
    }
    by_hand(&shop.folder, "UPDATE attempts SET taken_minor = taken_minor - 1 WHERE method = 'paymaya-wallet'").expect("a change");
    found(earner.payment_id());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_whose_books_do_not_agree_says_so_at_its_start_and_sells_on() {
    let (shop, earner) = busy_shop().await;
    let start = || -> Program { shop_program(free_port(), &shop.sandbox, &shop.folder, &[]) };
    let log = || shop.folder.read("storefront.log");
    {
        let _program = start();
        eventually("the books agree", async || log().contains("the books agree").then_some(())).await;
        assert!(!log().contains("do not agree"));
    }
    by_hand(&shop.folder, "UPDATE attempts SET taken_minor = taken_minor - 1 WHERE method = 'paymaya-wallet'").expect("a change");
    let program = start();
    eventually("the difference in the log", async || {
        let lines = log();
        let named = lines.lines().find(|line| line.contains("a difference in the books"))?.to_owned();
        (named.contains("ERROR") && named.contains(earner.payment_id())).then_some(())
    })
    .await;
    assert_eq!(shop.customer().opens(&program.address).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_called_refunded_is_asked_for_its_refunds_and_then_the_books_have_them() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    // Refunded by somebody at the Dashboard; the callback of the refund is lost, one of the sale comes late.
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    refunded_elsewhere(&shop, &purchase).await;
    let called = Callback::sale(&purchase, "refunded")
        .with("/operation/status", json!("success"))
        .with("/operation/date", json!(shop.now().strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()));
    assert_eq!(shop.receives(called.signed()).await, 200);
    assert_eq!(shop.status_of(&purchase).await, "refunded");
    let taken = purchase.amount();
    let unproved = format!("payment {} is called refunded; the refunds that are known", purchase.payment_id());
    let said = totals(&shop);
    assert!(said.contains(&format!("taken {taken} KRW  refunded 0 KRW")) && said.contains(&unproved), "{said}");
    eventually("the refund is known", async || {
        shop.time_passes(Duration::from_secs(60));
        (totals(&shop) == format!("KRW  taken {taken} KRW  refunded {taken} KRW  paid out 0 KRW\n")).then_some(())
    })
    .await;
    assert_eq!(shop.open_cases(), []);
}
