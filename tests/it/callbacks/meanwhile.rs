//! Callbacks while something else goes on: the platform does not answer, the key is changed, the shop was gone for a day.

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use futures::future::join_all;
use reqwest::Client;
use serde_json::json;

use crate::kit::{Callback, Customer, Folder, Purchase, Sandbox, TestShop, eventually, free_port, shop_program};

const DAY: u64 = 24 * 60 * 60;

/// Far less than any request to the platform may take.
const AT_ONCE: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callbacks_are_answered_at_once_although_the_platform_does_not_answer() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port that takes connections and says nothing");
    let silent = format!("http://{}", silent.local_addr().expect("its address"));
    let shop = TestShop::start_with(&[("GATE_URL", &silent), ("DATA_API_URL", &silent)]).await;
    let purchase = shop.customer().orders("BE", "flax-twine", "bancontact").await;
    let sale = |status| Callback::sale(&purchase, status);
    for (what, told) in [
        ("one that leaves all open", sale("processing")),
        ("a decline", sale("decline")),
        ("a success", sale("success")),
        ("a refund from elsewhere", Callback::refund(&purchase, "partially refunded", "success", 100)),
        ("a wrong amount", sale("success").with("/payment/sum/amount", json!(1))),
        ("an unknown payment", sale("success").with("/payment/id", json!("somebody-elses"))),
        ("a doubt", sale("success").with("/note", json!("a;payment:status:refunded"))),
    ] {
        let answer = tokio::time::timeout(AT_ONCE, shop.receives(told.signed())).await;
        assert_eq!(answer, Ok(200), "{what}");
    }
    assert_eq!(shop.status_of(&purchase).await, "partially refunded");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callback_that_comes_again_after_forty_days_is_still_the_same() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let told = [Callback::sale(&purchase, "success"), Callback::refund(&purchase, "partially refunded", "success", 100)];
    for told in &told {
        assert_eq!(shop.receives(told.signed()).await, 200);
    }
    let (books, somebody) = (shop.books(), shop.customer());
    somebody.shops_in("KR").await;
    somebody.puts_in_cart("jeju-green-tea", 1).await;
    shop.time_passes(Duration::from_secs(40 * DAY));
    let is_cleared = async || (!somebody.opens("/cart").await.body.contains("jeju-green-tea")).then_some(());
    eventually("what is forgotten after a month is forgotten", is_cleared).await;
    let shop = shop.starts_again(&[]).await;
    for told in &told {
        assert_eq!(shop.receives(told.signed()).await, 200);
    }
    let kept: Vec<_> = shop.kept_callbacks().await.iter().map(|callback| callback.deliveries).collect();
    assert_eq!((kept, shop.books()), (vec![2, 2], books));
    assert_eq!(shop.open_cases(), []);
}

const OLD: &str = "the old key";
const NEW: &str = "the new key";
const SENDERS: usize = 4;
/// Acknowledged callbacks that are waited for before and after the change.
const SOME: usize = 60;

/// Senders that never pause: each sends a callback until it is acknowledged, and then the next.
struct Stream {
    purchase: Purchase,
    address: String,
    is_changed: AtomicBool,
    is_over: AtomicBool,
    acknowledged: AtomicUsize,
}

impl Stream {
    /// Signed by the key that the platform has at this moment; a shop that does not answer just now is asked again.
    async fn flows(&self, sender: usize) {
        let client = Client::builder().no_proxy().build().expect("a client");
        for number in 0.. {
            if self.is_over.load(SeqCst) {
                return;
            }
            // Callbacks that were signed before the change go on arriving after it.
            let key = if self.is_changed.load(SeqCst) && number % 2 == 0 { NEW } else { OLD };
            let told =
                Callback::sale(&self.purchase, "processing").with("/operation/request_id", json!(format!("{sender}-{number}")));
            let body = told.signed_with(key);
            let status = loop {
                match client.post(&self.address).body(body.clone()).send().await {
                    Ok(answer) => break answer.status(),
                    // The shop is between its end and its next start.
                    Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                }
            };
            assert_eq!(status, 200, "a true callback is refused, signed with {key:?}");
            self.acknowledged.fetch_add(1, SeqCst);
        }
    }

    async fn has_acknowledged(&self, more: usize) {
        let enough = self.acknowledged.load(SeqCst) + more;
        eventually("more acknowledged callbacks", async || (self.acknowledged.load(SeqCst) >= enough).then_some(())).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_key_is_changed_no_true_callback_is_refused() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let port = free_port();
    let starts = |keys: &[(&str, &str)]| shop_program(port, &sandbox, &folder, keys);
    let mut program = starts(&[("PROJECT_SECRET", OLD)]);
    let customer = Customer::of(&program.address);
    let stream = Stream {
        purchase: customer.orders("KR", "jeju-green-tea", "payco-wallet").await,
        address: format!("{}/callbacks", program.address),
        is_changed: AtomicBool::new(false),
        is_over: AtomicBool::new(false),
        acknowledged: AtomicUsize::new(0),
    };
    let stream = Arc::new(stream);
    let senders = (0..SENDERS).map(|sender| {
        let stream = Arc::clone(&stream);
        tokio::spawn(async move { stream.flows(sender).await })
    });
    let senders: Vec<_> = senders.collect();
    stream.has_acknowledged(SOME).await;
    program.is_killed();
    drop(program);
    let _program = starts(&[("PROJECT_SECRET", NEW), ("PROJECT_SECRET_PREVIOUS", OLD)]);
    stream.has_acknowledged(SOME).await;
    stream.is_changed.store(true, SeqCst);
    stream.has_acknowledged(SOME).await;
    stream.is_over.store(true, SeqCst);
    for sender in senders {
        sender.await.expect("no true callback is refused");
    }
    let sends = async |key| {
        let body = Callback::sale(&stream.purchase, "success").signed_with(key).into_bytes();
        customer.sends("/callbacks", "application/json", body).await.status
    };
    assert_eq!((sends("a key of nobody").await, sends(OLD).await), (400, 200));
    customer.sees(&stream.purchase.order_path(), "success").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_day_without_the_shop_all_that_happened_arrives_once() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let port = free_port();
    let mut program = shop_program(port, &sandbox, &folder, &[]);
    let customers: Vec<_> = (0..24).map(|_| Customer::of(&program.address)).collect();
    let purchases = join_all(customers.iter().map(|customer| customer.orders("KR", "jeju-green-tea", "payco-wallet"))).await;
    program.is_killed();
    // At the platform they can pay all the same.
    for (customer, purchase) in customers.iter().zip(&purchases) {
        let provider = customer.confirms(purchase).await;
        customer.posts(&provider, &[("decision", "approve")]).await;
        eventually("the payment", async || sandbox.has(purchase.payment_id()).await[0].contains("success").then_some(())).await;
    }
    sandbox.waits(DAY).await;
    let _program = shop_program(port, &sandbox, &folder, &[]);
    // The longest time between two tries is four hours; then all come together, and customers look meanwhile.
    let all_come = sandbox.waits(4 * 60 * 60);
    let orders: Vec<_> = purchases.iter().map(Purchase::order_path).collect();
    let looks = join_all(orders.iter().map(|order| customers[0].sees(order, "success")));
    let ((), pages) = futures::join!(all_come, looks);
    assert!(pages.iter().all(|page| page.status == 200));
    let told = customers[0].opens(&format!("{}/control/payments/{}", sandbox.address, purchases[0].payment_id())).await;
    let told: serde_json::Value = serde_json::from_str(&told.body).expect("JSON");
    let tries: Vec<_> = told["callbacks"].as_array().into_iter().flatten().flat_map(|one| one["attempts"].as_array()).collect();
    assert!(tries.iter().all(|tries| tries.len() > 6), "it was tried all day: {told}");
    assert!(tries.iter().all(|tries| tries.iter().filter(|one| one["http_status"] == 200).count() == 1), "and taken once: {told}");
}
