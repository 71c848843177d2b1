//! A way to Gate that a test watches and breaks. Questions pass unless it is deaf; requests that move money pass, are lost, or
//! are kept to arrive later.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::net::TcpListener;

use storefront::protocol::sandbox::PROJECT_SECRET;

use crate::kit::{TestShop, eventually, free_port, signed};

/// What becomes of a request that moves money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Money {
    Passes,
    /// It never arrives, and the shop gets a page of HTML.
    IsLost,
    /// The same, but it arrives once the way [`delivers`](GateWay::delivers) it.
    IsKept,
    /// It never arrives, and the shop gets no answer at all.
    Hangs,
    /// It arrives, and the shop gets a page of HTML.
    LosesItsAnswer,
}

/// How answers to questions come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    TheyAre,
    /// With a text that could be read in two ways.
    InDoubt,
    /// Without their list of operations.
    WithoutOperations,
    /// Refunds do not tell their sums.
    WithoutSumsOfRefunds,
    /// Refunds are of a type that nobody knows.
    WithRefundsOfAnOddType,
    /// Refunds and payouts are called faulty, whatever became of them.
    Faulty,
    /// The same, called under way.
    UnderWay,
    /// By a key that is not the platform's.
    SignedByAnother,
}

#[derive(Clone)]
pub struct GateWay(Arc<Seen>);

struct Seen {
    port: u16,
    platform: OnceLock<String>,
    money: Mutex<Money>,
    is_deaf: AtomicBool,
    /// Answers about this payment are kept on the way.
    held: Mutex<Option<String>>,
    answers_as: Mutex<Answers>,
    /// Path and body of every request that is no question, as it came.
    sent: Mutex<Vec<(String, Bytes)>>,
    kept: Mutex<Vec<(String, Bytes)>>,
    /// The payments that were asked about, in this order.
    questions: Mutex<Vec<String>>,
    /// What the platform answered to questions.
    answers: Mutex<Vec<Value>>,
}

/// Longer than any client of good sense waits.
const SILENCE: Duration = Duration::from_secs(120);

impl GateWay {
    pub async fn opens(money: Money) -> Self {
        let seen = Seen {
            port: free_port(),
            platform: OnceLock::new(),
            money: Mutex::new(money),
            is_deaf: AtomicBool::new(false),
            held: Mutex::default(),
            answers_as: Mutex::new(Answers::TheyAre),
            sent: Mutex::default(),
            kept: Mutex::default(),
            questions: Mutex::default(),
            answers: Mutex::default(),
        };
        let way = Self(Arc::new(seen));
        let listener = TcpListener::bind(("127.0.0.1", way.0.port)).await.expect("a port");
        let routes = Router::new().fallback(pass).with_state(way.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        way
    }

    /// A shop that reaches Gate by this way alone.
    pub async fn shop(&self, more: &[(&str, &str)]) -> TestShop {
        let shop = TestShop::start_with(&[&[("GATE_URL", self.address().as_str())], more].concat()).await;
        self.leads_to(&shop.sandbox.address);
        shop
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.0.port)
    }

    pub fn leads_to(&self, platform: &str) {
        self.0.platform.set(platform.to_owned()).expect("one platform");
    }

    /// From now on.
    pub fn treats_money(&self, money: Money) {
        *self.0.money.lock().expect("money") = money;
    }

    /// How answers to questions come from now on, each signed by the platform's key unless they say otherwise.
    pub fn answers_as(&self, answers: Answers) {
        *self.0.answers_as.lock().expect("answers") = answers;
    }

    /// Whether questions get a page of HTML from now on.
    pub fn is_deaf(&self, is_deaf: bool) {
        self.0.is_deaf.store(is_deaf, Ordering::SeqCst);
    }

    /// Keeps answers about this payment on the way, until `None` or another one is named.
    pub fn holds_answers_about(&self, payment_id: Option<&str>) {
        *self.0.held.lock().expect("what is held") = payment_id.map(str::to_owned);
    }

    /// How many requests came that are no questions.
    pub fn sent(&self) -> usize {
        self.0.sent.lock().expect("requests").len()
    }

    /// The sales that were sent.
    pub fn sales(&self) -> Vec<Value> {
        let sent = self.0.sent.lock().expect("requests");
        let sales = sent.iter().filter(|(path, _)| path.ends_with("/sale"));
        sales.map(|(_, body)| serde_json::from_slice(body).expect("JSON")).collect()
    }

    /// Requests that move money, each with how often it came: by its path, payment and name.
    pub fn times_sent(&self) -> BTreeMap<String, usize> {
        let mut times = BTreeMap::new();
        for (path, body) in self.0.sent.lock().expect("requests").iter() {
            let body: Value = serde_json::from_slice(body).expect("JSON");
            let name = body.pointer("/payment/merchant_refund_id").and_then(Value::as_str).unwrap_or_default();
            *times.entry(format!("{path} {} {name}", payment_of(&body))).or_default() += 1;
        }
        times
    }

    /// The payments that were asked about, in this order.
    pub fn questions(&self) -> Vec<String> {
        self.0.questions.lock().expect("questions").clone()
    }

    pub fn questions_about(&self, payment_id: &str) -> usize {
        self.questions().iter().filter(|asked| *asked == payment_id).count()
    }

    /// What the platform answered to questions so far.
    pub fn answers(&self) -> Vec<Value> {
        self.0.answers.lock().expect("answers").clone()
    }

    /// What was kept arrives now.
    pub async fn delivers(&self) {
        let kept = std::mem::take(&mut *self.0.kept.lock().expect("kept requests"));
        for (path, body) in kept {
            assert_eq!(self.forward(&path, body).await.status(), StatusCode::OK, "{path} arrives");
        }
    }

    /// Lets time pass in such steps until the platform was asked so often more about a payment.
    pub async fn is_asked(&self, shop: &TestShop, payment_id: &str, times: usize, step: Duration) {
        let enough = self.questions_about(payment_id) + times;
        eventually(&format!("{times} more questions about {payment_id}"), async || {
            shop.time_passes(step);
            (self.questions_about(payment_id) >= enough).then_some(())
        })
        .await;
    }

    async fn forward(&self, path: &str, body: Bytes) -> Response {
        let address = format!("{}{path}", self.0.platform.get().expect("a platform"));
        let answer = reqwest::Client::new().post(address).body(body).send().await;
        let Ok(answer) = answer else { return StatusCode::BAD_GATEWAY.into_response() };
        let status = StatusCode::from_u16(answer.status().as_u16()).expect("a status");
        match answer.bytes().await {
            Ok(body) => (status, body).into_response(),
            // The sandbox breaks off where its faults say so.
            Err(_) => StatusCode::BAD_GATEWAY.into_response(),
        }
    }
}

fn payment_of(body: &Value) -> String {
    body.pointer("/general/payment_id").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn page_of_html() -> Response {
    (StatusCode::BAD_GATEWAY, "<html>").into_response()
}

async fn pass(State(way): State<GateWay>, uri: Uri, body: Bytes) -> Response {
    let path = uri.path().to_owned();
    if path.ends_with("/status") {
        return way.ask(&path, body).await;
    }
    way.0.sent.lock().expect("requests").push((path.clone(), body.clone()));
    let money = *way.0.money.lock().expect("money");
    match money {
        Money::Passes => way.forward(&path, body).await,
        Money::IsLost => page_of_html(),
        Money::IsKept => {
            way.0.kept.lock().expect("kept requests").push((path, body));
            page_of_html()
        }
        Money::Hangs => {
            tokio::time::sleep(SILENCE).await;
            page_of_html()
        }
        Money::LosesItsAnswer => {
            way.forward(&path, body).await;
            page_of_html()
        }
    }
}

impl GateWay {
    async fn ask(&self, path: &str, body: Bytes) -> Response {
        let asked: Value = serde_json::from_slice(&body).expect("JSON");
        self.0.questions.lock().expect("questions").push(payment_of(&asked));
        if self.0.is_deaf.load(Ordering::SeqCst) {
            return page_of_html();
        }
        let (parts, body) = self.forward(path, body).await.into_parts();
        let about = payment_of(&asked);
        while self.0.held.lock().expect("what is held").as_ref() == Some(&about) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        if let Ok(answer) = serde_json::from_slice(&body) {
            let mut answer: Value = answer;
            self.0.answers.lock().expect("answers").push(answer.clone());
            let answers_as = *self.0.answers_as.lock().expect("answers");
            if answers_as != Answers::TheyAre && answer.get("signature").is_some() {
                twist(&mut answer, answers_as);
                answer.as_object_mut().expect("an object").remove("signature");
                let key = if answers_as == Answers::SignedByAnother { "another key" } else { PROJECT_SECRET };
                return (parts.status, signed(&answer.to_string(), key)).into_response();
            }
        }
        Response::from_parts(parts, body.into())
    }
}

fn twist(answer: &mut Value, answers: Answers) {
    if answers == Answers::InDoubt {
        answer["note"] = "a;payment:status:refunded".into();
    }
    if answers == Answers::WithoutOperations {
        answer.as_object_mut().expect("an object").remove("operations");
    }
    let status = if answers == Answers::Faulty { "internal error" } else { "processing" };
    if matches!(answers, Answers::Faulty | Answers::UnderWay) {
        let is_payout = answer["payment"]["type"] == "payout";
        answer["payment"]["status"] = if is_payout { status } else { "success" }.into();
    }
    let operations = answer.get_mut("operations").and_then(Value::as_array_mut);
    for operation in operations.into_iter().flatten().filter(|operation| operation["type"] != "sale") {
        match answers {
            Answers::WithoutSumsOfRefunds => drop(operation.as_object_mut().expect("an object").remove("sum_initial")),
            Answers::WithRefundsOfAnOddType => operation["type"] = "gift".into(),
            Answers::Faulty | Answers::UnderWay => operation["status"] = status.into(),
            Answers::TheyAre | Answers::InDoubt | Answers::WithoutOperations | Answers::SignedByAnother => {}
        }
    }
}
