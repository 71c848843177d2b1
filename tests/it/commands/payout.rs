//! `storefront payout`: money goes once to customers who paid before, whatever becomes of the answer, the callbacks or the program.

use std::time::Duration;

use serde_json::json;

use crate::kit::{
    Callback, Customer, Folder, OpenCase, Program, Purchase, Said, Sandbox, Settings, TestShop, eventually, free_port,
    kill_storefront_when, settings_for, shop_program, storefront,
};

const ACCOUNT: &str = "09123456789";
const FAULTS: [&str; 5] = ["reset", "half_json", "html_502", "too_many_requests", "timeout"];

fn asks_for<'a>(purchase: &'a Purchase, name: &'a str, amount: &'a str, reference: &'a str) -> Vec<&'a str> {
    let customer = purchase.parameter("customer_id");
    vec!["payout", "--customer", customer, "--account", ACCOUNT, "--name", name, "--amount", amount, "--reference", reference]
}

fn pay_out(shop: &TestShop, purchase: &Purchase, amount: &str, reference: &str) -> Said {
    shop.command(&asks_for(purchase, "John Doe", amount, reference), "")
}

/// Asks again for the same payout until it is told so.
async fn ends(shop: &TestShop, purchase: &Purchase, reference: &str, end: &str) -> Said {
    eventually(&format!("{reference} is {end}"), async || {
        shop.time_passes(Duration::from_secs(5));
        let said = pay_out(shop, purchase, "15000", reference);
        said.stdout.contains(&format!("  {end}:")).then_some(said)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_paid_by_paymaya_is_paid_out() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let said = pay_out(&shop, &purchase, "15000", "first");
    assert!(said.code == 0 && said.stdout.starts_with("first  150.00 PHP  "), "{said:?}");
    let said = ends(&shop, &purchase, "first", "done").await;
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(shop.platform_has("first").await, ["payout success 15000"]);
    // Without a reference each is another one.
    let mut more = asks_for(&purchase, "John Doe", "100", "");
    more.truncate(more.len() - 2);
    let (one, other) = (shop.command(&more, ""), shop.command(&more, ""));
    assert!(one.code == 0 && other.code == 0 && one.stdout != other.stdout, "{one:?} {other:?}");
    for said in [one, other] {
        let payment_id = said.stdout.split("  ").next().unwrap_or_default().to_owned();
        eventually("each is an operation", async || (shop.platform_has(&payment_id).await == ["payout success 100"]).then_some(()))
            .await;
    }
    eventually("the callbacks of all three", async || {
        (shop.kept_callbacks().await.iter().filter(|kept| kept.verdict == "applied").count() >= 4).then_some(())
    })
    .await;
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_paid_out_is_refused_with_its_reason_and_nothing_is_sent() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let unpaid = shop.customer().orders("PH", "jeju-green-tea", "paymaya-wallet").await;
    let bought_otherwise = shop.sold("KR", "payco-wallet").await;
    let good = asks_for(&purchase, "John Doe", "15000", "refused");
    let with = |place: usize, value: &'static str| {
        let mut changed = good.clone();
        changed[place] = value;
        changed
    };
    let too_long = format!("{}{}", "Jo ", "é".repeat(254));
    for (arguments, reason) in [
        (with(2, "nobody"), "no customer of this id"),
        // Ids are of chance, and some begin like an option.
        (with(2, "-nobody"), "no customer of this id"),
        (with(4, "9123456789"), "11 digits"),
        (with(4, "0912345678"), "11 digits"),
        (with(4, "19123456789"), "11 digits"),
        (with(4, "0912345678x"), "11 digits"),
        (with(6, ""), "a full name"),
        (with(6, "John;Doe"), "a full name"),
        (asks_for(&purchase, &too_long, "15000", "refused"), "a full name"),
        (with(8, "99"), "a payout is of 1.00 PHP to 20000.00 PHP"),
        (with(8, "0"), "a payout is of"),
        (with(8, "2000001"), "a payout is of"),
        (with(8, "99999999999999999"), "too large"),
        (with(10, "a;b"), "a reference"),
        (with(10, ""), "a reference"),
        (asks_for(&unpaid, "John Doe", "15000", "refused"), "has paid nothing by PayMaya"),
        (asks_for(&bought_otherwise, "John Doe", "15000", "refused"), "has paid nothing by PayMaya"),
        (asks_for(&purchase, "John Doe", "15000", purchase.payment_id()), "has this reference"),
    ] {
        let said = shop.command(&arguments, "");
        assert_eq!(said.code, 2, "{arguments:?}: {said:?}");
        assert!(said.stderr.contains(reason), "{arguments:?}: {said:?}");
    }
    for bad in ["-5", "1.50", "ten"] {
        assert_eq!(pay_out(&shop, &purchase, bad, "refused").code, 2);
    }
    assert_eq!(shop.platform_has("refused").await, [""; 0]);
    assert_eq!(pay_out(&shop, &purchase, "100", "smallest").code, 0);
    assert_eq!(pay_out(&shop, &purchase, "2000000", "largest").code, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reference_belongs_to_one_payout() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let another = shop.sold("PH", "paymaya-wallet").await;
    assert_eq!(pay_out(&shop, &purchase, "15000", "n1").code, 0);
    let mut other_account = asks_for(&purchase, "John Doe", "15000", "n1");
    other_account[4] = "09999999999";
    for arguments in [
        asks_for(&purchase, "John Doe", "15001", "n1"),
        asks_for(&purchase, "Jane Doe", "15000", "n1"),
        asks_for(&another, "John Doe", "15000", "n1"),
        // The platform compares without case.
        asks_for(&purchase, "John Doe", "15001", "N1"),
        other_account,
    ] {
        let said = shop.command(&arguments, "");
        assert!(said.code == 2 && said.stderr.contains("has this reference"), "{arguments:?}: {said:?}");
    }
    for reference in ["n1", "N1"] {
        assert_eq!(pay_out(&shop, &purchase, "15000", reference).code, 0);
    }
    ends(&shop, &purchase, "n1", "done").await;
    assert_eq!(shop.platform_has("n1").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_at_once_under_one_reference_are_one_payout() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let wanted = (0..10).map(|_| async { tokio::task::block_in_place(|| pay_out(&shop, &purchase, "15000", "once").code) });
    assert_eq!(futures::future::join_all(wanted).await, [0; 10]);
    ends(&shop, &purchase, "once", "done").await;
    assert_eq!(shop.platform_has("once").await, ["payout success 15000"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_the_platform_declines_ends_with_its_code() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let asked = asks_for(&purchase, "Decline Me", "15000", "no");
    assert_eq!(shop.command(&asked, "").code, 0);
    let said = eventually("the decline", async || {
        let said = shop.command(&asked, "");
        said.stdout.contains("declined").then_some(said)
    })
    .await;
    assert!(said.code == 1 && said.stdout.starts_with("no  150.00 PHP  declined: "), "{said:?}");
    assert!(said.stdout.ends_with("(code 20000)\n"), "{said:?}");
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_platform_has_its_own_books_of_who_paid() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("PH", "jeju-green-tea", "paymaya-wallet").await;
    let told = Callback::sale(&purchase, "success").with("/payment/method", json!("PayMaya wallet"));
    assert_eq!(shop.receives(told.signed()).await, 200);
    assert_eq!(pay_out(&shop, &purchase, "15000", "unearned").code, 0);
    let said = ends(&shop, &purchase, "unearned", "declined").await;
    assert!(said.code == 1 && said.stdout.ends_with("(code 2606)\n"), "{said:?}");
    // Paid by another method than it was begun with: what the platform told counts.
    let otherwise = shop.customer().orders("PH", "jeju-green-tea", "paymaya-wallet").await;
    let told = Callback::sale(&otherwise, "success").with("/payment/method", json!("payco"));
    assert_eq!(shop.receives(told.signed()).await, 200);
    assert!(pay_out(&shop, &otherwise, "15000", "other").stderr.contains("has paid nothing by PayMaya"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_may_take_two_days_and_is_pending_until_then() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    shop.platform_misbehaves(json!({ "operations_pending": true, "drop": 1 })).await;
    assert!(pay_out(&shop, &purchase, "15000", "slow").stdout.contains("  pending:"));
    for _ in 0..12 {
        shop.time_passes(Duration::from_secs(4 * 60 * 60));
        let said = pay_out(&shop, &purchase, "15000", "slow");
        assert!(said.code == 0 && said.stdout.contains("  pending:"), "{said:?}");
    }
    assert_eq!(shop.open_cases(), []);
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    eventually("its end", async || {
        shop.time_passes(Duration::from_secs(5 * 60 * 60));
        pay_out(&shop, &purchase, "15000", "slow").stdout.contains("  done:").then_some(())
    })
    .await;
    assert_eq!(shop.platform_has("slow").await, ["payout success 15000"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_becomes_of_the_answer_one_payout_is_one_payout() {
    let shop = TestShop::start_with(&[("STATUS_AFTER_S", "1")]).await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    for fault in FAULTS {
        shop.platform_misbehaves(json!({ "gate": fault, "drop": 1 })).await;
        let said = pay_out(&shop, &purchase, "15000", fault);
        assert!(said.code == 0 && said.stdout.contains("  unknown:"), "{fault}: {said:?}");
        shop.platform_misbehaves(json!({ "drop": 1 })).await;
        ends(&shop, &purchase, fault, "done").await;
        assert_eq!(shop.platform_has(fault).await, ["payout success 15000"], "{fault}");
    }
    assert_eq!(shop.open_cases(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_any_callback_a_payout_ends_as_it_did() {
    let shop = TestShop::start().await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    assert_eq!(pay_out(&shop, &purchase, "15000", "unheard").code, 0);
    ends(&shop, &purchase, "unheard", "done").await;
    let declined = asks_for(&purchase, "decline", "15000", "unheard no");
    assert_eq!(shop.command(&declined, "").code, 0);
    eventually("the decline", async || {
        shop.time_passes(Duration::from_secs(5));
        (shop.command(&declined, "").code == 1).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_sum_than_was_asked_for_moves_nothing_and_waits_for_a_person() {
    let shop = TestShop::start_with(&[("STATUS_AFTER_S", "1")]).await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    for (reference, fault) in [("less", json!({ "amount": 1 })), ("euro", json!({ "currency": "EUR" }))] {
        shop.platform_misbehaves(fault).await;
        assert_eq!(pay_out(&shop, &purchase, "15000", reference).code, 0);
        let is_ours = |case: &OpenCase| case.payment_id == reference;
        eventually("a case", async || shop.open_cases().into_iter().find(|case| is_ours(case))).await;
        let said = pay_out(&shop, &purchase, "15000", reference);
        assert!(said.stdout.contains("  pending:"), "{said:?}");
        assert!(shop.open_cases().iter().filter(|case| is_ours(case)).all(|case| case.kind == "wrong amount"));
    }
    let listed = shop.command(&["cases"], "").stdout;
    assert!(listed.contains("stored: payout, 150.00 PHP, pending"), "{listed}");
    shop.platform_misbehaves(json!({})).await;
    let case = shop.open_cases().into_iter().find(|case| case.payment_id == "less").expect("its case");
    assert_eq!(shop.command(&["cases", "accept", &case.id], "").code, 0);
    assert!(pay_out(&shop, &purchase, "15000", "less").stdout.contains("  done:"));
    ends(&shop, &purchase, "euro", "done").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_that_is_told_twice_with_two_numbers_waits_for_a_person() {
    let shop = TestShop::start_with(&[("STATUS_AFTER_S", "1")]).await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    assert_eq!(pay_out(&shop, &purchase, "15000", "p1").code, 0);
    ends(&shop, &purchase, "p1", "done").await;
    let sum = json!({ "amount": 15_000, "currency": "PHP" });
    let told = Callback::sale(&purchase, "success").with("/payment/id", json!("p1")).with("/payment/type", json!("payout"));
    let told = told.with("/payment/sum", sum.clone()).with("/operation/sum_initial", sum).with("/operation/type", json!("payout"));
    for (operation, cases) in [(json!(900_001), 1), (json!(900_001), 1)] {
        assert_eq!(shop.receives(told.clone().with("/operation/id", operation).signed()).await, 200);
        assert_eq!(shop.open_cases().iter().filter(|case| case.payment_id == "p1").count(), cases);
    }
}

/// The shop as a process, with a customer who paid.
struct Killable {
    folder: Folder,
    sandbox: Sandbox,
    port: u16,
    settings: Settings,
    purchase: Purchase,
}

const SOON: [(&str, &str); 1] = [("STATUS_AFTER_S", "1")];

impl Killable {
    async fn new() -> Self {
        let folder = Folder::new();
        let (sandbox, port) = (Sandbox::start(&folder, &[]), free_port());
        let program = shop_program(port, &sandbox, &folder, &SOON);
        let purchase = Customer::of(&program.address).buys("PH", "paymaya-wallet", "approve").await;
        let settings = settings_for(port, &sandbox, &folder, &SOON);
        Self { folder, sandbox, port, settings, purchase }
    }

    fn start(&self) -> Program {
        shop_program(self.port, &self.sandbox, &self.folder, &SOON)
    }

    fn pays_out(&self, reference: &str) -> Said {
        storefront(&self.folder, &self.settings, &asks_for(&self.purchase, "John Doe", "15000", reference), "")
    }

    /// The shop starts again, and the payout ends with one operation.
    async fn ends_once(&self, reference: &str) {
        let _program = self.start();
        eventually(&format!("{reference} done"), async || self.pays_out(reference).stdout.contains("  done:").then_some(())).await;
        assert_eq!(self.sandbox.has(reference).await.len(), 1, "{reference}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_that_was_only_written_down_is_sent_by_the_next_start() {
    let shop = Killable::new().await;
    let mut unreachable = shop.settings.clone();
    unreachable.insert("GATE_URL".to_owned(), format!("http://127.0.0.1:{}", free_port()));
    let asked = asks_for(&shop.purchase, "John Doe", "15000", "stored");
    let said = storefront(&shop.folder, &unreachable, &asked, "");
    assert!(said.code == 0 && said.stdout.contains("  stored:"), "{said:?}");
    assert_eq!(shop.sandbox.has("stored").await.len(), 0);
    shop.ends_once("stored").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_killed_while_it_is_sent_ends_once() {
    let shop = Killable::new().await;
    shop.sandbox.misbehaves(json!({ "gate": "timeout", "drop": 1 })).await;
    let asked = asks_for(&shop.purchase, "John Doe", "15000", "sending");
    kill_storefront_when(&shop.folder, &shop.settings, &asked, async || shop.sandbox.has("sending").await.len() == 1).await;
    shop.sandbox.misbehaves(json!({ "drop": 1 })).await;
    shop.ends_once("sending").await;
    // The same while the shop runs on: nobody starts again, and the platform is asked all the same.
    let _program = shop.start();
    shop.sandbox.misbehaves(json!({ "gate": "timeout", "drop": 1 })).await;
    let asked = asks_for(&shop.purchase, "John Doe", "15000", "alone");
    kill_storefront_when(&shop.folder, &shop.settings, &asked, async || shop.sandbox.has("alone").await.len() == 1).await;
    shop.sandbox.misbehaves(json!({ "drop": 1 })).await;
    eventually("it ends", async || shop.pays_out("alone").stdout.contains("  done:").then_some(())).await;
    assert_eq!(shop.sandbox.has("alone").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payout_that_was_answered_before_the_shop_was_killed_ends_once() {
    let shop = Killable::new().await;
    shop.sandbox.misbehaves(json!({ "operations_pending": true, "drop": 1 })).await;
    assert!(shop.pays_out("answered").stdout.contains("  pending:"));
    shop.start().is_killed();
    shop.sandbox.misbehaves(json!({ "drop": 1 })).await;
    shop.ends_once("answered").await;
}
