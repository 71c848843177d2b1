//! Small bodies that would cost much to check are refused by name before any work is done for them, in little memory.

use axum::{Router, body::Bytes, routing::post};
use futures::{StreamExt, future::join_all, stream::FuturesUnordered};
use serde_json::json;
use tokio::net::TcpListener;

use crate::kit::{Callback, Customer, Folder, Program, Sandbox, TestShop, eventually, free_port, shop_program};

/// What a program may grow by for all of these bodies, one after the other, in MiB. Each is held a few times over while it is read.
const GROWTH: u64 = 40;

/// A signature of the right form: 64 bytes in Base64. Nobody's.
fn well_formed() -> String {
    format!("{}==", "A".repeat(86))
}

/// One list of so many numbers under a long name: each number's path repeats the name.
fn long_name_over_a_list(name: usize, numbers: usize, signature: &str) -> String {
    format!(r#"{{"signature":"{signature}","{}":[{}]}}"#, "n".repeat(name), vec!["1"; numbers].join(","))
}

/// Bodies that grow out of proportion when the text to sign is made of them, and the name each is refused by.
fn floods() -> Vec<(&'static str, String, &'static str)> {
    let members = |count: usize| (0..count).map(|number| format!(r#""m{number}":1"#)).collect::<Vec<_>>().join(",");
    let within = |inside: String| format!(r#"{{"signature":"{}",{inside}}}"#, well_formed());
    let levels = |count: usize, inside: &str| {
        let name = "n".repeat(250);
        format!("{}{inside}{}", format!(r#"{{"{name}":"#).repeat(count), "}".repeat(count))
    };
    vec![
        ("a long name over a list", long_name_over_a_list(119_000, 60_000, &well_formed()), "long_member_name"),
        ("a name of 257 bytes", within(format!(r#""{}":1"#, "n".repeat(257))), "long_member_name"),
        ("a long list", long_name_over_a_list(200, 100_000, &well_formed()), "too_many_members"),
        ("many members", within(members(20_000)), "too_many_members"),
        ("many lists of nothing", within(format!(r#""a":[{}]"#, vec!["[]"; 60_000].join(","))), "too_many_members"),
        ("eleven levels", within(format!(r#""a":{}1{}"#, "[".repeat(10), "]".repeat(10))), "too_deep"),
        (
            "long paths to a list",
            within(format!(r#""a":{}"#, levels(8, &format!("[{}]", vec!["1"; 900].join(","))))),
            "too_long_to_sign",
        ),
        (
            "names of nothing but colons",
            within(format!(r#""{}":{{"{}":[{}]}}"#, ":".repeat(256), ":".repeat(256), vec!["1"; 990].join(","))),
            "too_long_to_sign",
        ),
        ("a signature of another form", long_name_over_a_list(250, 900, "AAAA"), "signature_wrong"),
        ("a well-formed signature of nobody", long_name_over_a_list(250, 900, &well_formed()), "signature_wrong"),
        ("a name of digits", within(format!(r#""a{}":[{}]"#, "7".repeat(255), vec!["1"; 900].join(","))), "signature_wrong"),
        ("a name of spaces", within(format!(r#""a{}":[{}]"#, " ".repeat(255), vec!["1"; 900].join(","))), "signature_wrong"),
        ("long numbers", within(format!(r#""a":[{}]"#, vec![format!("0.{}", "7".repeat(250)); 900].join(","))), "signature_wrong"),
        ("one long number", within(format!(r#""a":0.{}"#, "7".repeat(240_000))), "signature_wrong"),
    ]
}

#[tokio::test]
async fn a_body_that_would_cost_much_is_refused_by_name_in_little_memory() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let shop = shop_program(free_port(), &sandbox, &folder, &[]);
    let stranger = Customer::of(&shop.address);
    stranger.opens("/readyz").await;
    // What any refused callback takes is there already: threads, and the record of refusals.
    join_all((0..50).map(|_| stranger.sends("/callbacks", "application/json", b"{}".to_vec()))).await;
    let before = shop.peak_memory();
    for (name, body, _) in floods() {
        assert!(body.len() <= 256 * 1024, "{name}: {}", body.len());
        let answer = stranger.sends("/callbacks", "application/json", body.into_bytes()).await;
        assert_eq!(answer.status, 400, "{name}");
        assert_little(&shop, before, name);
    }
    assert_eq!(stranger.opens("/readyz").await.status, 200, "and the shop goes on");
}

fn assert_little(program: &Program, before: u64, name: &str) {
    let grown = program.peak_memory() - before;
    assert!(grown <= GROWTH, "{name}: {grown} MiB");
}

#[tokio::test]
async fn verify_says_by_which_name_the_shop_refuses() {
    let shop = TestShop::start().await;
    for (name, body, class) in floods() {
        let said = shop.command(&["verify"], &body);
        assert_eq!((said.code, said.stdout.trim()), (1, format!("refused: {class}").as_str()), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn honest_callbacks_get_through_while_many_costly_ones_come() {
    let shop = TestShop::start().await;
    let purchase = shop.customer().orders("KR", "jeju-green-tea", "payco-wallet").await;
    let costly = almost_a_megabyte();
    let stranger = shop.customer();
    let send = || stranger.sends("/callbacks", "application/json", costly.clone().into_bytes());
    let mut flood: FuturesUnordered<_> = (0..150).map(|_| send()).collect();
    // From the first one that is told to come again, all places are taken; each answer makes room for one more.
    let mut is_full = false;
    let honest = async {
        assert_eq!(shop.receives(Callback::sale(&purchase, "success").signed()).await, 200);
        assert_eq!(shop.status_of(&purchase).await, "success");
    };
    while let Some(answer) = flood.next().await {
        match answer.status {
            400 => {}
            503 => {
                assert!(!answer.header("retry-after").is_empty(), "the platform is told when to come again");
                is_full = true;
                break;
            }
            other => panic!("{other}"),
        }
    }
    assert!(is_full, "the flood was not enough");
    let keeps_it_full = async {
        while let Some(answer) = flood.next().await {
            assert!(matches!(answer.status, 400 | 503), "{}", answer.status);
            flood.push(send());
        }
    };
    tokio::select! {
        () = honest => {}
        () = keeps_it_full => {}
    }
}

/// A short body whose text to sign has almost a megabyte.
fn almost_a_megabyte() -> String {
    let (name, list) = ("n".repeat(250), vec!["1"; 400].join(","));
    let nested = format!("{}[{list}]{}", format!(r#"{{"{name}":"#).repeat(8), "}".repeat(8));
    format!(r#"{{"signature":"{}","a":{nested}}}"#, well_formed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_much_checked_keeps_nobody_waiting() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let shop = shop_program(free_port(), &sandbox, &folder, &[("TOKIO_WORKER_THREADS", "1")]);
    let customer = Customer::of(&shop.address);
    let body = almost_a_megabyte().into_bytes();
    let mut checked = join_all((0..16).map(|_| customer.sends("/callbacks", "application/json", body.clone())));
    // The one thread that answers has them before anybody else asks.
    let asked = async {
        eventually("a place that is taken", async || (customer.opens("/healthz").await.status == 200).then_some(())).await;
        for _ in 0..3 {
            assert_eq!(customer.opens("/").await.status, 200);
        }
    };
    tokio::select! {
        biased;
        answers = &mut checked => panic!("all were checked before anybody else was answered: {}", answers.len()),
        () = asked => {}
    }
    for answer in checked.await {
        assert_eq!(answer.status, 400);
    }
}

/// A platform that answers every question with the same signed flood.
async fn answers_with(body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    let routes = Router::new().fallback(post(async move |_: Bytes| body.clone()));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_of_gate_that_would_cost_much_is_no_answer() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let gate = answers_with(long_name_over_a_list(119_000, 60_000, &well_formed())).await;
    let shop = shop_program(free_port(), &sandbox, &folder, &[("GATE_URL", &gate), ("STATUS_AFTER_S", "1")]);
    let customer = Customer::of(&shop.address);
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let before = shop.peak_memory();
    eventually("a question without an answer", async || {
        folder.read("storefront.log").contains("the platform could not be asked about a payment").then_some(())
    })
    .await;
    assert_little(&shop, before, "the answer");
    assert_eq!(customer.opens(&purchase.order_path()).await.status, 200);
}

#[tokio::test]
async fn the_sandbox_refuses_the_same() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let shop = Customer::of(&sandbox.address);
    shop.opens("/control/payments").await;
    let before = sandbox.program.peak_memory();
    let general = json!({ "project_id": 3000, "payment_id": "a", "signature": well_formed() });
    for (name, body, _) in floods() {
        let body = body.replacen('{', &format!(r#"{{"general":{general},"#), 1);
        let answer = shop.sends("/v2/payment/status", "application/json", body.into_bytes()).await;
        assert!(matches!(answer.status, 400 | 403 | 413), "{name}: {answer:?}");
        assert_little(&sandbox.program, before, name);
    }
    let many: String = (0..30_000).map(|number| format!("a{number}=&")).collect();
    let page = shop.sends("/payment", "application/x-www-form-urlencoded", many.into_bytes()).await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("fields"), "{}", page.body);
    assert_little(&sandbox.program, before, "many fields");
}
