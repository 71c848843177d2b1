//! Batches and the till, one decision at a time: the shop that took the orders has stopped, and the test calls its store.

use std::time::Duration;

use serde_json::json;
use storefront::{
    domain::{
        books::MoneyKind,
        money::{Currency, Money},
        people::operator::SumLimits,
        transfers::{progress::Progress, refund::Reason, silence::Elapsed},
    },
    server::{
        running::clock::{Clock, SystemClock},
        store::{Answered, Ran, Store},
    },
};

use crate::kit::{
    Callback, Customer, Folder, Operator, PASSWORD, Purchase, Sandbox, TestShop, batch_files::refunds, by_hand, eventually,
    free_port, settings_for, shop_program, storefront,
};

const EMAIL: &str = "finance@shop.example";
const SETTINGS: [(&str, &str); 1] = [("STATUS_AFTER_S", "1")];
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A shop that took a payment and a file, then stopped.
struct Stopped {
    folder: Folder,
    sandbox: Sandbox,
    store: Store,
    purchase: Purchase,
    operator: storefront::domain::people::operator::Operator,
    now: i64,
}

impl Stopped {
    /// Takes a refund to send it. `false`: it is not to be sent, or not any more.
    async fn claims(&self, name: &str) -> bool {
        self.claims_with_question_at(name, self.now).await
    }

    async fn claims_with_question_at(&self, name: &str, first_question_at: i64) -> bool {
        let claimed = self.store.claim_transfer(MoneyKind::Refund, name, first_question_at, self.now).await;
        claimed.expect("a store").is_some()
    }

    /// `file`: what is uploaded, if anything is; it is run 1.
    async fn after(file: impl Fn(&Purchase) -> Option<String>) -> Self {
        let folder = Folder::new();
        let (sandbox, port) = (Sandbox::start(&folder, &[]), free_port());
        let mut program = shop_program(port, &sandbox, &folder, &SETTINGS);
        let purchase = Customer::of(&program.address).buys("KR", "payco-wallet", "approve").await;
        let settings = settings_for(port, &sandbox, &folder, &SETTINGS);
        let said = storefront(&folder, &settings, &["operator", "add", EMAIL, "--role", "finance"], PASSWORD);
        assert_eq!(said.code, 0, "{said:?}");
        if let Some(file) = file(&purchase) {
            assert_eq!(Operator::at(&program.address, EMAIL).await.brings("file.csv", file).await, "/admin/batches/1");
        }
        program.is_killed();
        let store = Store::open(&settings["DATABASE_URL"]).await.expect("the shop's database");
        let operator = store.credentials(EMAIL).await.expect("a store").expect("the operator").operator;
        Self { folder, sandbox, store, purchase, operator, now: SystemClock::default().now() }
    }

    async fn runs(&self) {
        let limits = SumLimits::parse("KRW=1000000").expect("limits");
        self.store.start_batch(1, &self.operator, &limits, self.now).await.expect("a run");
    }

    async fn next(&self) -> Option<Ran> {
        self.store.run_next_row(self.now).await.expect("no row stops a run")
    }

    /// Writes a refund down without sending it.
    async fn asks(&self, id: &str, minor: u64) {
        let sum = Money::from_minor(minor, Currency::KRW).expect("money");
        let reason = Reason::parse("came broken").expect("a reason");
        self.store.ask_refund(id, self.purchase.payment_id(), Some(sum), &reason, self.now).await.expect("a refund");
    }

    async fn by_hand(&self, change: &'static str) {
        by_hand(&self.folder, change).expect(change);
    }

    async fn address_of_order(&self) -> Option<String> {
        let payment_id = self.purchase.payment_id();
        self.store.order_of_payment(payment_id).await.expect("a store").expect("an order").ip_address
    }

    async fn starts_again(self, late: Duration) -> (TestShop, Purchase, Store) {
        (TestShop::open(self.folder, self.sandbox, &SETTINGS, late).await, self.purchase, self.store)
    }
}

/// A shop with a run of one row that counts as declined, because the platform kept silent about it, and that is tried again.
struct TriedAgain {
    shop: TestShop,
    purchase: Purchase,
    store: Store,
    finance: Operator,
    first: String,
    again: String,
}

impl TriedAgain {
    async fn new() -> Self {
        let stopped = Stopped::after(|purchase| rows(purchase, 1)).await;
        stopped.runs().await;
        let Some(Ran::Asked(_, first)) = stopped.next().await else { panic!("a row") };
        let (store, now) = (&stopped.store, stopped.now);
        assert!(stopped.claims(&first).await);
        let unknown = Answered { progress: Progress::Unknown, code: None, request_id: None };
        store.transfer_answered(MoneyKind::Refund, &first, unknown, now).await.expect("a store");
        for hour in 0..5 {
            let elapsed = Elapsed { run: "a run".to_owned(), seconds: hour * 3600 };
            let payment_id = stopped.purchase.payment_id();
            store.transfers_left_out(payment_id, &[MoneyKind::Refund], elapsed, now).await.expect("a store");
        }
        let (shop, purchase, store) = stopped.starts_again(Duration::ZERO).await;
        let finance = Operator::at(&shop.address, EMAIL).await;
        finance.sees_run("/admin/batches/1", "finished").await;
        let again = finance.posts("/admin/batches/1/again", &[]).await.location().expect("the next run").to_owned();
        Self { shop, purchase, store, finance, first, again }
    }

    /// Runs it, and gives back what became of its row.
    async fn runs_again(&self) -> String {
        assert_eq!(self.finance.confirms(&format!("{}/start", self.again), &[]).await.status, 303);
        self.finance.sees_run(&self.again, "finished").await;
        self.finance.result_of(&self.again).await[0]["result.status"].clone()
    }

    /// The platform tells of the first try after all.
    async fn hears(&self, status: &str) {
        let payment = if status == "success" { "partially refunded" } else { status };
        let told = Callback::refund(&self.purchase, payment, status, 1)
            .with("/operation/id", json!(777))
            .with("/payment/merchant_refund_id", json!(self.first));
        assert_eq!(self.shop.receives(told.signed()).await, 200);
    }

    async fn progress(&self) -> Progress {
        self.store.refund(&self.first).await.expect("a store").expect("the refund").progress
    }
}

fn rows(purchase: &Purchase, count: u64) -> Option<String> {
    let rows: Vec<_> = (1..=count).map(|amount| (purchase, amount, "late")).collect();
    Some(refunds(&rows))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_cancelled_batch_only_what_was_being_sent_goes_on() {
    let shop = Stopped::after(|purchase| rows(purchase, 10)).await;
    shop.runs().await;
    let mut names = Vec::new();
    while let Some(Ran::Asked(_, name)) = shop.next().await {
        names.push(name);
    }
    assert_eq!(names.len(), 4, "while these cannot leave, no more are written down");
    assert!(shop.claims(&names[0]).await, "it is on its way");
    assert!(matches!(shop.next().await, Some(Ran::Asked(..))));
    shop.store.cancel_batch(1, &shop.operator, shop.now).await.expect("stopped");
    assert_eq!(shop.store.transfers_to_send().await.expect("a store"), []);
    for name in &names[1..] {
        assert!(!shop.claims(name).await);
        assert_eq!(shop.store.refund(name).await.expect("a store").expect("a refund").progress, Progress::Declined);
    }
    let sent = shop.store.refund(&names[0]).await.expect("a store").expect("a refund");
    assert_eq!(sent.progress, Progress::Sending, "what was sent goes on to its end");
    assert_eq!(shop.next().await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_cannot_be_read_is_refused_and_the_others_are_run() {
    let shop = Stopped::after(|purchase| rows(purchase, 2)).await;
    shop.runs().await;
    shop.by_hand("UPDATE batch_rows SET cells = 'nonsense' WHERE position = 2").await;
    assert_eq!(shop.next().await, Some(Ran::Refused));
    assert!(matches!(shop.next().await, Some(Ran::Asked(..))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_that_cannot_be_read_keeps_no_other_from_leaving() {
    let shop = Stopped::after(|_| None).await;
    shop.asks("a", 100).await;
    shop.asks("b", 200).await;
    shop.by_hand("UPDATE transfers SET currency = '???' WHERE name = 'a'").await;
    let (shop, purchase, _store) = shop.starts_again(Duration::ZERO).await;
    eventually("the other one", async || {
        shop.platform_has(purchase.payment_id()).await.contains(&"refund success 200".to_owned()).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_row_does_not_set_the_customers_address() {
    let shop = Stopped::after(|purchase| {
        let (id, all) = (purchase.payment_id(), purchase.amount());
        let head = "general.payment_id,payment.amount,payment.currency,payment.description,customer.ip_address\n";
        Some(format!("{head}{id},1,KRW,first,192.0.2.7\n{id},{},KRW,second,192.0.2.8\n", all - 1))
    })
    .await;
    shop.by_hand("UPDATE orders SET ip_address = NULL").await;
    shop.runs().await;
    shop.by_hand("UPDATE batch_rows SET amount_minor = 99999999 WHERE position = 2").await;
    assert_eq!(shop.next().await, Some(Ran::Refused));
    assert_eq!(shop.address_of_order().await, None);
    assert!(matches!(shop.next().await, Some(Ran::Asked(..))));
    assert_eq!(shop.address_of_order().await.as_deref(), Some("192.0.2.8"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_that_lost_its_question_gets_one_at_the_next_start() {
    let shop = Stopped::after(|_| None).await;
    shop.asks("lost", 100).await;
    assert!(shop.claims("lost").await);
    shop.by_hand("DELETE FROM questions").await;
    let (shop, _, store) = shop.starts_again(2 * HOUR).await;
    eventually("its end", async || {
        // The platform must leave it out again and again, with time between.
        shop.time_passes(HOUR / 4);
        let refund = store.refund("lost").await.expect("a store").expect("a refund");
        (refund.progress == Progress::Declined).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ending_a_question_keeps_one_that_was_added_meanwhile() {
    let shop = Stopped::after(|_| None).await;
    shop.by_hand("DELETE FROM questions").await;
    shop.by_hand("INSERT INTO questions (payment_id, due_at) SELECT payment_id, 1 FROM attempts").await;
    let first = shop.store.due_questions(shop.now, 1).await.expect("a store");
    // Sent between the answer and the decision, by chance with its first question when the other's turn ends.
    shop.asks("meanwhile", 100).await;
    assert!(shop.claims_with_question_at("meanwhile", first[0].due_at).await);
    shop.store.ask_no_more(&first[0]).await.expect("a store");
    let again = shop.store.due_questions(first[0].due_at, 1).await.expect("a store");
    assert_eq!(again.len(), 1, "the refund is asked about");
    shop.by_hand("UPDATE transfers SET progress = 'declined'").await;
    shop.store.ask_no_more(&first[0]).await.expect("a store");
    let last = shop.store.due_questions(again[0].due_at, 1).await.expect("a store");
    assert_eq!(last.len(), 1, "it was another's turn");
    shop.store.ask_no_more(&last[0]).await.expect("a store");
    assert!(shop.store.due_questions(i64::MAX, 1).await.expect("a store").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_of_returned_customers_are_asked_about_before_those_of_a_batch() {
    let shop = Stopped::after(|_| None).await;
    shop.by_hand("DELETE FROM questions").await;
    for change in [
        "INSERT INTO questions (payment_id, due_at) VALUES ('run-1', 1), ('run-2', 2)",
        "INSERT INTO questions (payment_id, due_at, returned) VALUES ('customer', 3, 1)",
    ] {
        shop.by_hand(change).await;
    }
    let due = shop.store.due_questions(shop.now, 1).await.expect("a store");
    assert_eq!(due[0].payment_id, "customer");
    let due = shop.store.due_questions(shop.now, 1).await.expect("a store");
    assert_eq!(due[0].payment_id, "run-1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_heard_of_after_it_counted_as_declined_is_under_way_and_not_sent_again() {
    let tries = TriedAgain::new().await;
    assert_eq!(tries.progress().await, Progress::Declined);
    tries.hears("processing").await;
    assert_eq!(tries.progress().await, Progress::Pending);
    let in_a_day = tries.shop.now().as_second() + 24 * 60 * 60;
    assert_eq!(tries.store.due_questions(in_a_day, 8).await.expect("a store").len(), 1, "it is asked about");
    assert_eq!(tries.runs_again().await, "refused");
    assert_eq!(tries.shop.platform_has(tries.purchase.payment_id()).await.len(), 1);
    tries.hears("success").await;
    assert_eq!(tries.progress().await, Progress::Done);
    assert_eq!(tries.shop.open_cases(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_was_done_after_it_was_tried_again_waits_for_a_person() {
    let tries = TriedAgain::new().await;
    assert_eq!(tries.runs_again().await, "done");
    tries.hears("success").await;
    assert_eq!(tries.progress().await, Progress::Done);
    assert_eq!(tries.shop.open_kinds(), ["moved twice"]);
}
