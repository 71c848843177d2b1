//! Event streams of an order: their number is limited, each ends after some minutes, and pages without one ask instead.

use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::kit::{
    Callback, Customer, Folder, Operator, Purchase, Sandbox, TestShop, eventually, free_port, settings_for,
    shop_program_with_open_files_and,
};

fn events_of(purchase: &Purchase) -> String {
    format!("{}/events", purchase.order_path())
}

/// A stream of an address behind the trusted proxy.
async fn opens(shop: &TestShop, path: &str, from: &str) -> Response {
    let client = Client::builder().no_proxy().build().expect("a client");
    let request = client.get(format!("{}{path}", shop.address)).header("x-forwarded-for", from);
    request.send().await.expect("an answer")
}

/// Reads until the stream ends.
async fn ends(mut stream: Response) -> String {
    let mut heard = String::new();
    let listening = async {
        while let Ok(Some(chunk)) = stream.chunk().await {
            heard += &String::from_utf8_lossy(&chunk);
        }
    };
    tokio::time::timeout(Duration::from_secs(30), listening).await.expect("the stream ends");
    heard
}

async fn shop() -> TestShop {
    TestShop::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await
}

/// More streams than anybody may have open.
const MANY: usize = 60;

/// Opens streams until one is refused; gives back those that are open, and the refusal.
async fn until_refused(opens: impl AsyncFn(usize) -> Response) -> (Vec<Response>, Response) {
    let mut open = Vec::new();
    for number in 0..MANY {
        let stream = opens(number).await;
        if stream.status() != 200 {
            return (open, stream);
        }
        open.push(stream);
    }
    panic!("{MANY} streams and none was refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn few_watch_one_order_at_once_and_their_places_are_free_again() {
    let shop = shop().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let path = events_of(&purchase);
    let (open, refused) = until_refused(async |number| opens(&shop, &path, &format!("198.51.100.{number}")).await).await;
    assert!((3..=20).contains(&open.len()), "{} streams of one order", open.len());
    assert_eq!(refused.status(), 429);
    assert!(!refused.headers()["retry-after"].is_empty());
    for counted in ["event_streams ", "orders_watched "] {
        assert!(shop.figures().await.contains(counted), "{counted}");
    }

    let other = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    assert_eq!(opens(&shop, &events_of(&other), "198.51.100.1").await.status(), 200, "another order has places of its own");
    assert_eq!(shop.customer().opens("/healthz").await.status, 200);
    drop(open);
    eventually("a place is free", async || (opens(&shop, &path, "198.51.100.200").await.status() == 200).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_keeps_only_some_streams_open() {
    let shop = shop().await;
    let customer = shop.customer();
    let mut orders = Vec::new();
    for _ in 0..MANY {
        orders.push(events_of(&customer.orders("KR", "jeju-green-tea", "payco-wallet").await));
    }
    for network in ["198.51.100.1", "2001:db8::"] {
        let from = |number: usize| if network.contains(':') { format!("{network}{number:x}") } else { network.to_owned() };
        let (open, refused) = until_refused(async |number| opens(&shop, &orders[number], &from(number)).await).await;
        assert!((10..=50).contains(&open.len()), "{} streams of {network}", open.len());
        assert_eq!(refused.status(), 429);
    }
}

#[tokio::test]
async fn whoever_gets_no_stream_asks_how_it_stands_and_is_told_once() {
    let shop = shop().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    for status in ["none", "success"] {
        if status != "none" {
            assert_eq!(shop.receives(Callback::sale(&purchase, status).signed()).await, 200);
        }
        let asked = |client: &Client, shop: &str| {
            client.get(format!("{shop}{}", events_of(&purchase))).header("accept", "application/json")
        };
        let told = shop.customer().asks(asked).await;
        assert_eq!((told.status, told.header("content-type")), (200, "application/json"));
        let told: Value = serde_json::from_str(&told.body).expect("JSON");
        assert_eq!(told, json!({ "status": status, "payment_id": purchase.payment_id() }));
    }
}

#[tokio::test]
async fn a_stream_ends_after_some_minutes_and_may_be_opened_again() {
    let shop = shop().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let stream = opens(&shop, &events_of(&purchase), "198.51.100.1").await;
    shop.time_passes(Duration::from_secs(10 * 60));
    assert!(ends(stream).await.starts_with("event: status"), "the present state came first");
    assert_eq!(opens(&shop, &events_of(&purchase), "198.51.100.1").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_page_of_the_back_office_ends_with_the_session_it_was_opened_in() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let watched = format!("/admin/orders/{}/events", purchase.order_number());
    for (who, how) in [("leaver", "sign-out"), ("removed", "removal"), ("idle", "time")] {
        let viewer = Operator::called(&shop, who, "viewer").await;
        let cookie = viewer.enters_password("").await.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let client = Client::builder().no_proxy().build().expect("a client");
        let stream = client.get(format!("{}{watched}", shop.address)).header("cookie", &cookie).send().await.expect("a stream");
        assert_eq!(stream.status(), 200, "{how}");
        match how {
            "sign-out" => assert_eq!(viewer.posts("/admin/sign-out", &[]).await.status, 303),
            "removal" => {
                let page = owner.sees("/admin/operators").await.body;
                let row = page.split("<li").find(|row| row.contains(&viewer.email)).expect("the operator's row");
                let address = row.split("action=\"").find_map(|rest| rest.split('"').next().filter(|to| to.ends_with("/removal")));
                let removed = owner.confirms(address.expect("a form"), &[]).await;
                assert_eq!(removed.status, 303, "{}", removed.body);
            }
            _ => shop.time_passes(Duration::from_secs(31 * 60)),
        }
        ends(stream).await;
    }
}

/// What the shop counts under this name.
async fn counted(customer: &Customer, figures: &str, name: &str) -> u64 {
    let page = customer.opens(figures).await.body;
    let value = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).unwrap_or("0");
    value.parse().expect("a count")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_who_watch_one_order_share_one_look_and_all_streams_together_have_a_number() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let settings = settings_for(free_port(), &sandbox, &folder, &[("TRUSTED_PROXIES", "127.0.0.1")]);
    let figures = format!("http://{}/metrics", settings["METRICS_ADDR"]);
    let program = shop_program_with_open_files_and("150", &folder, &settings);
    let customer = Customer::of(&program.address);
    let opens = async |purchase: &Purchase, from: &str| {
        let client = Client::builder().no_proxy().build().expect("a client");
        let address = format!("{}{}", program.address, events_of(purchase));
        client.get(address).header("x-forwarded-for", from).send().await.expect("an answer")
    };
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let mut open = Vec::new();
    for number in 0..4 {
        open.push(opens(&purchase, &format!("198.51.100.{number}")).await);
    }
    assert_eq!(counted(&customer, &figures, "event_streams").await, 4);
    assert_eq!(counted(&customer, &figures, "orders_watched").await, 1, "four of one order cost one look");

    let mut refused = None;
    for number in 0..60 {
        let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
        let stream = opens(&purchase, &format!("203.0.113.{number}")).await;
        if stream.status() != 200 {
            refused = Some(stream);
            break;
        }
        open.push(stream);
    }
    let refused = refused.expect("somebody was refused");
    assert_eq!((refused.status().as_u16(), refused.headers().contains_key("retry-after")), (503, true), "nobody in particular");
    assert_eq!(customer.opens("/healthz").await.status, 200);
}
