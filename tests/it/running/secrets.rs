//! No page, file or log tells the key, and no log tells what customers type.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::kit::{Callback, Customer, Folder, Sandbox, free_port, shop_program};

const SECRET: &str = "canary-secret-hj3k9";
const PREVIOUS: &str = "canary-previous-x81mq";
const EMAIL: &str = "canary.email@example.com";
const LAST_NAME: &str = "Canarylastname";

#[tokio::test]
async fn no_page_tells_the_key_and_no_log_tells_a_customer() {
    for level in ["info", "debug"] {
        let folder = Folder::new();
        let secrets = [("PROJECT_SECRET", SECRET), ("PROJECT_SECRET_PREVIOUS", PREVIOUS), ("RUST_LOG", level)];
        let sandbox = Sandbox::start(&folder, &secrets);
        let program = shop_program(free_port(), &sandbox, &folder, &secrets);
        let customer = Customer::of(&program.address);
        customer.shops_in("BE").await;
        customer.puts_in_cart("flax-twine", 1).await;
        customer.presses_pay("bancontact", EMAIL, &"i".repeat(101)).await;
        customer.presses_pay("bancontact", EMAIL, &format!("{LAST_NAME};")).await;
        customer.presses_pay("", EMAIL, "").await;
        let purchase = customer.checks_out("bancontact", EMAIL, LAST_NAME).await;
        let order = purchase.order_path();
        let token = order.strip_prefix("/orders/").expect("a token");

        let mut seen = Vec::new();
        for path in
            ["/", "/products/flax-twine", "/cart", "/checkout", "/terms", &order, &format!("{order}/pay"), "/metrics", "/healthz"]
        {
            seen.push(customer.opens(path).await);
        }
        let typed = format!("/nowhere/{EMAIL}?q={LAST_NAME}");
        for path in [typed.as_str(), "/orders/x", "/products/x", "/callbacks", "/readyz", &format!("/?q={LAST_NAME}")] {
            seen.push(customer.opens(path).await);
        }
        let success = Callback::sale(&purchase, "success").with("/customer/email", EMAIL.into());
        for body in
            [success.signed_with(SECRET), success.signed_with("another"), success.0.to_string(), format!("{{\"email\":\"{EMAIL}\"")]
        {
            seen.push(customer.sends("/callbacks", "application/json", body.into_bytes()).await);
        }
        seen.push(customer.sees(&order, "success").await);
        seen.push(customer.posts("/cart", &[("product", EMAIL), ("quantity", LAST_NAME)]).await);
        for page in &seen {
            assert!(!format!("{page:?}").contains(SECRET) && !format!("{page:?}").contains(PREVIOUS), "{page:?}");
        }

        drop(program);
        let log = folder.read("storefront.log");
        assert!(log.contains(purchase.payment_id()), "{level}: a log there is: {log}");
        for (what, kept) in
            [("key", SECRET), ("previous key", PREVIOUS), ("e-mail", EMAIL), ("last name", LAST_NAME), ("order's address", token)]
        {
            let told = log.lines().find(|line| line.contains(kept));
            assert_eq!(told, None, "{level}: the log tells the {what}");
        }
    }
}

#[tokio::test]
async fn a_log_line_is_json_and_every_request_has_an_id() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let program = shop_program(free_port(), &sandbox, &folder, &[("RUST_LOG", "debug")]);
    let page = Customer::of(&program.address).opens("/").await;
    let id = page.header("x-request-id").to_owned();
    drop(program);
    let log = folder.read("storefront.log");
    assert!(!log.is_empty());
    for line in log.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
    }
    assert!(log.contains(&id), "{id} in {log}");
}

#[tokio::test]
async fn one_search_for_a_payment_finds_its_checkout_its_callback_and_the_questions_about_it() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    sandbox.misbehaves(json!({ "drop": 1 })).await;
    let mut program = shop_program(free_port(), &sandbox, &folder, &[("STATUS_AFTER_S", "1"), ("RUST_LOG", "info")]);
    let customer = Customer::of(&program.address);
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    customer.answers_with(&purchase, "approve").await;
    customer.sees(&purchase.order_path(), "success").await;
    let success = Callback::sale(&purchase, "success").signed().into_bytes();
    assert_eq!(customer.sends("/callbacks", "application/json", success).await.status, 200);
    // The log is written behind the answers.
    assert_eq!(program.is_asked_to_stop(), Some(0));

    let log = folder.read("storefront.log");
    let found = log.lines().filter(|line| line.contains(purchase.payment_id()));
    let found: Vec<Value> = found.map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let requests_that = |message: &str, route: &str| -> Vec<String> {
        let lines = found.iter().filter(|line| line["fields"]["message"] == message && line["spans"][0]["route"] == route);
        lines.map(|line| line["spans"][0]["id"].as_str().expect("a request's id").to_owned()).collect()
    };
    let (checkouts, callbacks) =
        (requests_that("a customer is sent to pay", "/checkout"), requests_that("the platform told", "/callbacks"));
    assert_eq!((checkouts.len(), callbacks.len()), (1, 1), "{log}");
    assert_ne!(checkouts, callbacks, "each request has its own");
    assert_eq!(requests_that("finished processing request", "/callbacks"), callbacks);
    let asked = found.iter().filter(|line| line["spans"][0]["name"] == "work" && line["fields"]["message"] == "the platform told");
    assert!(asked.count() > 0, "{log}");
}

#[test]
fn no_browser_file_holds_a_key() {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/site");
    assert!(site.join("pkg").exists(), "build the browser's files first: `cargo xtask build`");
    let mut folders = vec![site];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).expect("a file");
            for secret in ["known-to-everyone", "PROJECT_SECRET", SECRET] {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{secret} in {}", path.display());
            }
        }
    }
}
