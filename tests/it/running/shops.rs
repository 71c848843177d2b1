//! Shops on one database come and go: they start at once, hand their work over, and are missed when they die.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    thread,
};

use serde_json::json;

use crate::kit::{Customer, Folder, Program, Sandbox, TestShop, copies::FurtherDatabase, free_port, shop_program};

const SOON: [(&str, &str); 1] = [("STATUS_AFTER_S", "1")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a database server: `cargo xtask check postgres` brings one up and runs it"]
async fn shops_that_start_at_once_on_an_empty_database_all_serve() {
    let database = FurtherDatabase::new().expect("TEST_DATABASE_SERVER names a server");
    let (folder, address) = (Folder::new(), database.address());
    let sandbox = Sandbox::start(&folder, &[]);
    let start = || shop_program(free_port(), &sandbox, &folder, &[("DATABASE_URL", &address)]);
    let shops: Vec<Program> = thread::scope(|threads| {
        let started: Vec<_> = (0..3).map(|_| threads.spawn(start)).collect();
        started.into_iter().map(|shop| shop.join().expect("a shop that serves")).collect()
    });
    for shop in &shops {
        Customer::of(&shop.address).orders("KR", "jeju-green-tea", "").await;
    }
    assert_eq!(database.number("SELECT count(*) FROM orders"), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a database server: `cargo xtask check postgres` brings one up and runs it"]
async fn a_shop_that_was_killed_is_missed_and_another_one_does_its_work() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let mut first = shop_program(free_port(), &sandbox, &folder, &SOON);
    let second = shop_program(free_port(), &sandbox, &folder, &SOON);
    sandbox.misbehaves(json!({ "drop": 1 })).await;
    let customer = Customer::of(&first.address);
    let purchase = customer.orders("BE", "jeju-green-tea", "bancontact").await;
    first.is_killed();
    customer.answers_with(&purchase, "approve").await;
    Customer::of(&second.address).sees(&purchase.order_path(), "success").await;
}

/// The clock of the first shop stands, so it never asks about the payment itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a database server: `cargo xtask check postgres` brings one up and runs it"]
async fn a_shop_that_stops_hands_its_work_over_before_its_last_request_has_ended() {
    let shop = TestShop::start_with(&SOON).await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    let customer = shop.customer();
    let purchase = customer.orders("BE", "jeju-green-tea", "bancontact").await;
    customer.answers_with(&purchase, "approve").await;
    let other = shop_program(free_port(), &shop.sandbox, &shop.folder, &SOON);

    let mut slow = TcpStream::connect(shop.address.trim_start_matches("http://")).expect("a connection");
    let head = b"POST /callbacks HTTP/1.1\r\nHost: shop\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n";
    slow.write_all(head).expect("the head of a request");
    let mut go_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    slow.read_exact(&mut go_on).expect("the shop waits for the body");
    let _kept = shop.stops().await;
    Customer::of(&other.address).sees(&purchase.order_path(), "success").await;

    slow.set_nonblocking(true).expect("no wait");
    let said = slow.read(&mut [0]).map_err(|error| error.kind());
    assert_eq!(said, Err(ErrorKind::WouldBlock), "the request of the slow client is still waited for");
}
