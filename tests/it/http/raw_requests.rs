//! Requests written by hand: what two programs could read differently hides no second request, and whoever is too slow is let go.

use std::time::Duration;

use futures::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::kit::{Callback, TestShop};

/// Longer than the shop lets anybody take.
const PATIENCE: Duration = Duration::from_secs(45);

/// All that is answered to these bytes until the connection ends.
async fn answer_to(shop: &TestShop, bytes: &[u8]) -> String {
    let mut connection = TcpStream::connect(shop.address.trim_start_matches("http://")).await.expect("a connection");
    let mut answer = Vec::new();
    connection.write_all(bytes).await.expect("it is sent");
    let ends = timeout(PATIENCE, connection.read_to_end(&mut answer)).await;
    assert!(ends.is_ok(), "the connection goes on after {:?}", String::from_utf8_lossy(bytes));
    String::from_utf8_lossy(&answer).into_owned()
}

fn answers(answer: &str) -> usize {
    answer.matches("HTTP/1.1 ").count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_two_programs_could_read_differently_hides_no_other_one() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let told = Callback::sale(&purchase, "success").signed();
    // What a proxy takes for a part of somebody's body, and the shop must not take for a request.
    let hidden =
        format!("POST /callbacks HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{told}", told.len());
    let post = |version: &str, fields: &str, body: &str| {
        format!("POST /callbacks HTTP/{version}\r\nHost: shop\r\n{fields}\r\n\r\n{body}").into_bytes()
    };
    let length = hidden.len();
    for (what, bytes) in [
        ("two lengths", post("1.1", &format!("Content-Length: {length}\r\nContent-Length: 0"), &hidden)),
        ("two lengths in one line", post("1.1", &format!("Content-Length: {length}, 0"), &hidden)),
        ("a length with a sign", post("1.1", "Content-Length: +0", &hidden)),
        ("a length in another system", post("1.1", "Content-Length: 0x0", &hidden)),
        ("a length below nothing", post("1.1", "Content-Length: -1", &hidden)),
        ("a length that no computer holds", post("1.1", "Content-Length: 99999999999999999999", &hidden)),
        ("a space before the colon", post("1.1", &format!("Content-Length : {length}"), &hidden)),
        ("a line that goes on", post("1.1", &format!("X: y\r\n Content-Length: {length}"), &hidden)),
        (
            "a length and chunks",
            post("1.1", &format!("Content-Length: {}\r\nTransfer-Encoding: chunked", length + 5), &format!("0\r\n\r\n{hidden}")),
        ),
        ("chunks of an unknown coding", post("1.1", "Transfer-Encoding: xchunked", &hidden)),
        ("chunks that are no last coding", post("1.1", "Transfer-Encoding: chunked, identity", &format!("0\r\n\r\n{hidden}"))),
        ("two codings", post("1.1", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", &format!("0\r\n\r\n{hidden}"))),
        ("chunks before they existed", post("1.0", "Transfer-Encoding: chunked", &format!("0\r\n\r\n{hidden}"))),
        ("a chunk with a sign", post("1.1", "Transfer-Encoding: chunked", &format!("+0\r\n\r\n{hidden}"))),
        ("a chunk of no number", post("1.1", "Transfer-Encoding: chunked", &format!("zero\r\n\r\n{hidden}"))),
        ("a chunk that no computer holds", post("1.1", "Transfer-Encoding: chunked", &format!("fffffffffffffffff\r\n{hidden}"))),
        (
            "a chunk that is longer than it says",
            post("1.1", "Transfer-Encoding: chunked", &format!("1\r\nab\r\n0\r\n\r\n{hidden}")),
        ),
        ("a name with NUL", post("1.1", "X\0Y: z", &hidden)),
        ("a value with a bare CR", post("1.1", &format!("X: y\rContent-Length: {length}"), &hidden)),
    ] {
        let answer = answer_to(&shop, &bytes).await;
        assert!(answers(&answer) <= 1 && !answer.starts_with("HTTP/1.1 200"), "{what}: {answer}");
        assert_eq!(shop.status_of(&purchase).await, "none", "{what}: what was hidden was read");
    }
    assert!(shop.kept_callbacks().await.is_empty());
    // Two requests that nobody reads otherwise are two.
    let two = [post("1.1", "Content-Length: 2", "{}"), hidden.into_bytes()].concat();
    let answer = answer_to(&shop, &two).await;
    assert!(answers(&answer) == 2 && answer.starts_with("HTTP/1.1 400") && answer.contains("HTTP/1.1 200"), "{answer}");
    assert_eq!(shop.status_of(&purchase).await, "success");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sends_only_a_part_is_let_go() {
    let shop = TestShop::start().await;
    let parts: [&[u8]; 4] = [
        b"",
        b"POST /callbacks HTTP/1.1\r\nHost: shop\r\nX-Slow: ",
        b"POST /callbacks HTTP/1.1\r\nHost: shop\r\nContent-Length: 2000\r\n\r\n{",
        b"POST /callbacks HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
    ];
    let ends = join_all(parts.iter().map(|part| answer_to(&shop, part)));
    let others = async {
        for _ in 0..20 {
            assert_eq!(shop.customer().opens("/").await.status, 200, "others are served meanwhile");
        }
    };
    let (ends, ()) = futures::join!(ends, others);
    for (part, answer) in parts.iter().zip(ends) {
        assert!(answers(&answer) <= 1 && !answer.starts_with("HTTP/1.1 2"), "{:?}: {answer}", String::from_utf8_lossy(part));
    }
}
