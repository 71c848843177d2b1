//! A platform that is not who it says it is: nothing is told to it, and nothing it says is believed.

use std::{
    io::Read,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::{
    Router,
    http::{StatusCode, header::LOCATION},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivatePkcs8KeyDer},
};
use serde_json::json;

use crate::kit::{
    Purchase, Said, TestShop, eventually,
    gate_way::{Answers, GateWay, Money},
};

/// A certificate for 127.0.0.1 that is right but for its authority, which nobody knows; and its key, which everybody knows.
const CERTIFICATE: &str = concat!(
    "MIIBszCCAVqgAwIBAgIUSR7fqGYJ7OL7zgZNK1AxPwS6ZrswCgYIKoZIzj0EAwIwHTEbMBkGA1UEAwwSbm9ib2R5J3MgYXV0aG9yaXR5MCAXDTI2MTEy",
    "ODE0MDQzOFoYDzIxMjYxMTA0MTQwNDM4WjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATqfqXh5LpkXoCk10SCje/U",
    "80e9Fifj6U4zITNc97YcEpcL54ncwAtehh4RTQNSLQnDYdz0jLZgQ4/tSIkM70eto4GBMH8wGgYDVR0RBBMwEYcEfwAAAYIJbG9jYWxob3N0MAwGA1Ud",
    "EwEB/wQCMAAwEwYDVR0lBAwwCgYIKwYBBQUHAwEwHQYDVR0OBBYEFFJ5TITGJMk/D2ZFhk0BvLaOh9liMB8GA1UdIwQYMBaAFMBz681JoJEcqGVfb5GV",
    "D6Sa6Vx4MAoGCCqGSM49BAMCA0cAMEQCIFlDVv0hiompuyhkvGDqdL+gNW3IWsRuJg8l7fG97KAwAiBsnyB7jIOQO/kLbzC9f+jROUYny/hykk/3nw6w",
    "GMeQJw==",
);
const ITS_KEY: &str = concat!(
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgx0E6rH0SnV6+xZMgJXhXuDcz2ee6jw17IOsXZH7F47uhRANCAATqfqXh5LpkXoCk10SC",
    "je/U80e9Fifj6U4zITNc97YcEpcL54ncwAtehh4RTQNSLQnDYdz0jLZgQ4/tSIkM70et",
);

/// A server by TLS whose certificate nobody vouches for.
struct Nobody {
    address: String,
    /// Who began to speak to it, and who said anything.
    came: AtomicUsize,
    spoke: AtomicUsize,
}

impl Nobody {
    fn listens() -> Arc<Self> {
        let decoded = |text| STANDARD.decode(text).expect("Base64");
        let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
        let config = builder
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(decoded(CERTIFICATE))], PrivatePkcs8KeyDer::from(decoded(ITS_KEY)).into());
        let config = Arc::new(config.expect("a certificate and its key"));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("https://{}", listener.local_addr().expect("its address"));
        let nobody = Arc::new(Self { address, came: AtomicUsize::new(0), spoke: AtomicUsize::new(0) });
        let here = Arc::clone(&nobody);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                here.came.fetch_add(1, SeqCst);
                let Ok(connection) = ServerConnection::new(Arc::clone(&config)) else { return };
                let read = StreamOwned::new(connection, stream).read(&mut [0]);
                here.spoke.fetch_add(usize::from(read.is_ok_and(|bytes| bytes > 0)), SeqCst);
            }
        });
        nobody
    }
}

fn refund(shop: &TestShop, purchase: &Purchase) -> Said {
    shop.command(&["refund", purchase.payment_id(), "--reason", "came broken", "--name", "r1"], "")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_whose_certificate_nobody_vouches_for_is_told_nothing() {
    let nobody = Nobody::listens();
    let settings = [("GATE_URL", nobody.address.as_str()), ("DATA_API_URL", &nobody.address), ("STATUS_AFTER_S", "1")];
    let shop = TestShop::start_with(&settings).await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let before = nobody.came.load(SeqCst);
    let said = refund(&shop, &purchase);
    assert!(!said.stdout.contains("done") && nobody.came.load(SeqCst) > before, "{said:?}");
    assert_eq!(shop.command(&["reconcile", "--from", "2026-01-01", "--to", "2026-01-02"], "").code, 2, "nothing is known");
    assert_eq!(shop.command(&["doctor"], "").code, 1);
    let before = nobody.came.load(SeqCst);
    eventually("a question by the shop itself", async || {
        shop.time_passes(Duration::from_secs(60));
        (nobody.came.load(SeqCst) > before).then_some(())
    })
    .await;
    assert_eq!(nobody.spoke.load(SeqCst), 0, "somebody spoke to it");
    assert_eq!(shop.status_of(&purchase).await, "success");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_leads_elsewhere_is_not_followed() {
    let elsewhere = GateWay::opens(Money::IsLost).await;
    let (asked, to) = (Arc::new(AtomicUsize::new(0)), format!("{}/v2/payment/wallet/payco/refund", elsewhere.address()));
    let count = Arc::clone(&asked);
    let leads = Router::new().fallback(move || async move {
        count.fetch_add(1, SeqCst);
        (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, to)])
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    tokio::spawn(async move { axum::serve(listener, leads).await });
    let shop = TestShop::start_with(&[("GATE_URL", &address), ("DATA_API_URL", &address)]).await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    let said = refund(&shop, &purchase);
    assert!(said.code == 0 && said.stdout.contains("  unknown: "), "{said:?}");
    assert_eq!(shop.command(&["reconcile", "--from", "2026-01-01", "--to", "2026-01-02"], "").code, 2);
    assert!(asked.load(SeqCst) >= 2, "it was asked");
    assert_eq!((elsewhere.sent(), elsewhere.questions().len()), (0, 0), "and what it said was not followed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_another_key_signed_ends_nothing() {
    let way = GateWay::opens(Money::LosesItsAnswer).await;
    let shop = way.shop(&[("STATUS_AFTER_S", "1")]).await;
    let purchase = shop.sold("KR", "payco-wallet").await;
    shop.platform_misbehaves(json!({ "drop": 1 })).await;
    way.answers_as(Answers::SignedByAnother);
    assert!(refund(&shop, &purchase).stdout.contains("  unknown: "));
    let both = ["sale", "refund"].map(|kind| format!("{kind} success {}", purchase.amount()));
    eventually("the refund at the platform", async || (shop.platform_has(purchase.payment_id()).await == both).then_some(())).await;
    way.is_asked(&shop, purchase.payment_id(), 4, Duration::from_secs(10)).await;
    let said = refund(&shop, &purchase);
    assert!(said.stdout.contains("  unknown: "), "it would be done, were it believed: {said:?}");
    assert_eq!(shop.status_of(&purchase).await, "success");
    way.answers_as(Answers::TheyAre);
    eventually("the end of the refund", async || {
        shop.time_passes(Duration::from_secs(60));
        refund(&shop, &purchase).stdout.contains("  done: ").then_some(())
    })
    .await;
}
