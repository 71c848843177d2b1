//! Keys, and whatever tells who somebody is, stand in no line of the log, no figure and no page of a failure, whatever goes wrong.

use std::{
    fs::File,
    process::{Command, Stdio},
    time::Duration,
};

use axum::{Json, Router, http::StatusCode};
use serde_json::{Value, json};
use storefront::server::running::telling::log;
use tokio::net::TcpListener;

use crate::kit::{
    Callback, Customer, Folder, Lock, Operator, PASSWORD, Page, Purchase, TestShop, by_hand, eventually,
    gate_way::{GateWay, Money},
};

const SECRET: &str = "canary-secret-hj3k9";
const PREVIOUS: &str = "canary-previous-x81mq";
const TOKEN: &str = "canary-token-p0d3f";
const DATA_SECRET: &str = "canary-data-secret-w7";
const KEYS: [&str; 5] = [SECRET, PREVIOUS, TOKEN, DATA_SECRET, PASSWORD];

const EMAIL: &str = "canary.email@example.com";
const LAST_NAME: &str = "Canarylastname";
const PHONE: &str = "639170009977";
const ACCOUNT: &str = "09170001234";
const FULL_NAME: &str = "Canary Fullname";
const ADDRESS: &str = "203.0.113.77";
const PERSON: [&str; 6] = [EMAIL, LAST_NAME, PHONE, ACCOUNT, FULL_NAME, ADDRESS];

const SETTINGS: [(&str, &str); 6] = [
    ("PROJECT_SECRET", SECRET),
    ("PROJECT_SECRET_PREVIOUS", PREVIOUS),
    ("DATA_API_TOKEN", TOKEN),
    ("DATA_API_SECRET", DATA_SECRET),
    ("STATUS_AFTER_S", "1"),
    ("TRUSTED_PROXIES", "127.0.0.1"),
];

#[tokio::test]
async fn no_key_and_nobody_is_in_the_log_whatever_goes_wrong() {
    let folder = Folder::new();
    let log = File::create(folder.path("log")).expect("a log");
    let ours = std::env::current_exe().expect("this program");
    let goes_wrong = "running::canaries::much_goes_wrong_and_no_page_of_a_failure_tells_of_anybody";
    let mut shop = Command::new(ours);
    shop.args([goes_wrong, "--exact", "--ignored", "--nocapture"]).env("RUST_LOG", "debug");
    shop.stdout(Stdio::null()).stderr(log);
    let ended = shop.status().expect("its end");
    let log = folder.read("log");
    assert!(ended.success(), "{log}");
    for told in KEYS.iter().chain(&PERSON) {
        let line = log.lines().find(|line| line.contains(told));
        assert_eq!(line, None, "{told} is in the log");
    }
    for line in log.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
    }
    for fault in [
        "a customer is sent to pay",
        "the platform told",
        "a callback was refused",
        "the platform refused it",
        "the platform's answer is not clear",
        "a sign-in or confirmation failed",
        "the store failed",
        "a callback could not be written down",
        "something ended in a panic",
        "a worker ended",
    ] {
        assert!(log.contains(fault), "it did happen: {fault}");
    }
}

/// What is seen of a shop in which much goes wrong.
struct Witness {
    shop: TestShop,
    failures: Vec<Page>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the test above, in a process of its own: a process has one log"]
async fn much_goes_wrong_and_no_page_of_a_failure_tells_of_anybody() {
    let _told = log::begin(None);
    let way = GateWay::opens(Money::Passes).await;
    let mut witness = Witness { shop: way.shop(&SETTINGS).await, failures: Vec::new() };
    let paid_out = witness.somebody_buys("PH", "paymaya-wallet").await;
    let purchase = witness.somebody_buys("BE", "bancontact").await;
    witness.callbacks_come(&purchase).await;
    witness.money_leaves(&way, &purchase, &paid_out).await;
    witness.a_gate_repeats_what_it_is_told().await;
    witness.the_database_fails(&purchase).await;
    witness.there_are_panics(&purchase).await;
    let figures = witness.shop.figures().await;
    // A form that is not taken shows what was typed.
    let is_failure = |page: &&Page| page.status >= 400 && page.status != 422;
    let failures: Vec<_> = witness.failures.iter().filter(is_failure).map(|page| format!("{page:?}")).collect();
    assert!(failures.len() > 10, "{failures:?}");
    for told in failures.iter().chain([&figures]) {
        let found = KEYS.iter().chain(&PERSON).find(|canary| told.contains(**canary));
        assert_eq!(found, None, "{told}");
    }
}

impl Witness {
    fn customer(&self) -> Customer {
        Customer::from_address(&self.shop.address, ADDRESS)
    }

    async fn somebody_buys(&mut self, market: &str, method: &str) -> Purchase {
        let customer = self.customer();
        customer.shops_in(market).await;
        customer.puts_in_cart("jeju-green-tea", 1).await;
        customer.presses_pay("no-method", EMAIL, &format!("{LAST_NAME};")).await;
        let purchase = customer.checks_out(method, EMAIL, LAST_NAME).await;
        customer.answers_with(&purchase, "approve").await;
        customer.sees(&purchase.order_path(), "success").await;
        for path in [format!("/nowhere/{EMAIL}?q={LAST_NAME}"), format!("/orders/{LAST_NAME}"), format!("/products/{LAST_NAME}")] {
            self.failures.push(customer.opens(&path).await);
        }
        self.failures.push(customer.posts("/cart", &[("product", EMAIL), ("quantity", LAST_NAME)]).await);
        let sign_in = [("email", EMAIL), ("password", LAST_NAME)];
        customer.posts("/admin/sign-in", &sign_in).await;
        purchase
    }

    async fn callbacks_come(&mut self, purchase: &Purchase) {
        let personal = Callback::sale(purchase, "success")
            .with("/customer/email", EMAIL.into())
            .with("/customer/phone", PHONE.into())
            .with("/account", json!({ "number": ACCOUNT, "card_holder": FULL_NAME }));
        let nobody = personal.clone().with("/payment/id", "of-nobody".into());
        let twice = format!("{{\"{EMAIL}\":\"{PHONE}\",\"{EMAIL}\":\"{ACCOUNT}\"}}");
        let bodies = [
            personal.signed_with(SECRET),
            personal.signed_with(PREVIOUS),
            nobody.signed_with(SECRET),
            personal.signed_with("another"),
            personal.0.to_string(),
            format!("{{\"email\":\"{EMAIL}\""),
            twice,
            format!("{{\"{}\":1}}", EMAIL.repeat(20_000)),
        ];
        for body in bodies {
            self.failures.push(self.customer().sends("/callbacks", "application/json", body.into_bytes()).await);
        }
    }

    /// Every fault of a gate, under refunds and payouts.
    async fn money_leaves(&mut self, way: &GateWay, purchase: &Purchase, paid_out: &Purchase) {
        let finance = Operator::signs_in(&self.shop, "finance").await;
        let order = format!("/admin/orders/{}", purchase.order_number());
        for gate in ["timeout", "reset", "half_json", "html_502", "too_many_requests", "ok"] {
            if gate == "timeout" {
                way.treats_money(Money::IsLost);
            } else {
                way.treats_money(Money::Passes);
                self.shop.platform_misbehaves(json!({ "gate": gate })).await;
            }
            let form = finance.sees(&format!("{order}?still=1")).await;
            let (name, reason) = (form.input("name"), format!("{FULL_NAME}, {PHONE}"));
            let refund =
                [("payment_id", purchase.payment_id()), ("name", name.as_str()), ("amount", "1.00"), ("reason", reason.as_str())];
            self.failures.push(finance.confirms(&format!("{order}/refunds"), &refund).await);
            let payouts = format!("/admin/customers/{}", paid_out.parameter("customer_id"));
            let form = finance.sees(&format!("{payouts}?still=1")).await;
            let name = form.input("name");
            let payout = [("account", ACCOUNT), ("full_name", FULL_NAME), ("amount", "150.50"), ("name", name.as_str())];
            self.failures.push(finance.confirms(&format!("{payouts}/payouts"), &payout).await);
        }
        self.shop.time_passes(Duration::from_secs(600));
    }

    /// A shop whose direct sales are refused with a message that repeats all of them.
    async fn a_gate_repeats_what_it_is_told(&mut self) {
        let refuse =
            async |sale: String| (StatusCode::BAD_REQUEST, Json(json!({ "status": "error", "code": "2004", "message": sale })));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("its address"));
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(refuse)).await });
        let shop =
            TestShop::start_with(&[&SETTINGS[..], &[("GATE_URL", address.as_str()), ("PAYMENT_PATH", "gate")]].concat()).await;
        let customer = Customer::from_address(&shop.address, ADDRESS);
        customer.shops_in("BE").await;
        customer.puts_in_cart("flax-twine", 1).await;
        let waiting = customer.presses_pay("bancontact", EMAIL, LAST_NAME).await.location().expect("led on").to_owned();
        customer.sees(waiting.trim_end_matches("/continue"), "decline").await;
    }

    async fn the_database_fails(&mut self, purchase: &Purchase) {
        let customer = self.customer();
        customer.shops_in("BE").await;
        customer.puts_in_cart("flax-twine", 1).await;
        let lock = Lock::take(&self.shop.folder).await;
        let callback = Callback::sale(purchase, "success").with("/customer/email", EMAIL.into()).with("/payment/date", "x".into());
        let (told, pressed) =
            tokio::join!(self.shop.receives(callback.signed_with(SECRET)), customer.presses_pay("bancontact", EMAIL, LAST_NAME));
        lock.release().await;
        assert_eq!((told, pressed.status), (503, 503));
        self.failures.push(pressed);
        // PostgreSQL repeats the row that it does not take.
        let refuse = by_hand(&self.shop.folder, "ALTER TABLE orders ADD CONSTRAINT nobody CHECK (email IS NULL) NOT VALID")
            .or_else(|_| {
                by_hand(&self.shop.folder, "CREATE TRIGGER nobody BEFORE INSERT ON orders BEGIN SELECT RAISE(ABORT, 'nobody'); END")
            });
        refuse.expect("a database that takes no orders");
        let pressed = customer.presses_pay("bancontact", EMAIL, LAST_NAME).await;
        assert!(pressed.status >= 500, "{pressed:?}");
        self.failures.push(pressed);
    }

    async fn there_are_panics(&mut self, purchase: &Purchase) {
        let customer = self.customer();
        self.shop.clock_breaks_over(&format!("{EMAIL} {LAST_NAME} {SECRET}"));
        for path in [purchase.order_path(), "/checkout".to_owned()] {
            self.failures.push(customer.opens(&path).await);
        }
        let success = Callback::sale(purchase, "success").signed_with(SECRET).into_bytes();
        self.failures.push(customer.sends("/callbacks", "application/json", success).await);
        eventually("a worker ends, too", async || (self.shop.panics() > 4).then_some(())).await;
        self.shop.clock_works();
    }
}
