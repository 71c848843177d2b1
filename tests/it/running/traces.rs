//! Traces: a collector gets the spans of requests and of calls to the platform, and nothing of anybody; the shop does not notice
//! one that is dead or does not answer.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, extract::State, routing::post};
use tokio::net::TcpListener;

use crate::kit::{Customer, Folder, Program, Purchase, Sandbox, eventually, free_port, shop_program};

const SECRET: &str = "canary-secret-hj3k9";
const EMAIL: &str = "canary.email@example.com";
const LAST_NAME: &str = "Canarylastname";

/// A shop whose traces go there.
struct Stand {
    program: Program,
    _sandbox: Sandbox,
    _folder: Folder,
}

impl Stand {
    fn tracing_to(collector: &str) -> Self {
        let folder = Folder::new();
        let settings = [
            ("PROJECT_SECRET", SECRET),
            ("STATUS_AFTER_S", "1"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector),
            // Milliseconds between two parcels.
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ];
        let sandbox = Sandbox::start(&folder, &settings);
        Self { program: shop_program(free_port(), &sandbox, &folder, &settings), _sandbox: sandbox, _folder: folder }
    }

    async fn sells(&self) -> Purchase {
        let customer = Customer::of(&self.program.address);
        customer.shops_in("BE").await;
        customer.puts_in_cart("flax-twine", 1).await;
        let purchase = customer.checks_out("bancontact", EMAIL, LAST_NAME).await;
        customer.answers_with(&purchase, "approve").await;
        customer.sees(&purchase.order_path(), "success").await;
        purchase
    }
}

type Parcels = Arc<Mutex<Vec<Bytes>>>;

async fn collector() -> (String, Parcels) {
    let parcels = Parcels::default();
    let keep = async |State(parcels): State<Parcels>, parcel: Bytes| parcels.lock().expect("parcels").push(parcel);
    let routes = Router::new().route("/v1/traces", post(keep)).with_state(parcels.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (address, parcels)
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_gets_requests_and_calls_to_the_platform_and_nothing_of_anybody() {
    let (address, parcels) = collector().await;
    let stand = Stand::tracing_to(&address);
    let purchase = stand.sells().await;
    // Nobody pays this one, so the platform is asked about it.
    Customer::of(&stand.program.address).orders("BE", "flax-twine", "bancontact").await;
    let all = || parcels.lock().expect("parcels").concat();
    for told in
        ["storefront", "request", "/checkout", "/callbacks", purchase.payment_id(), "platform", "/v2/payment/status", "status_code"]
    {
        eventually(told, async || holds(&all(), told).then_some(())).await;
    }
    let token = purchase.order_path().replace("/orders/", "");
    for canary in [SECRET, EMAIL, LAST_NAME, &token] {
        assert!(!holds(&all(), canary), "{canary}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_dead_or_does_not_answer_changes_nothing() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let hangs = format!("http://{}", silent.local_addr().expect("its address"));
    let dead = format!("http://127.0.0.1:{}", free_port());
    for collector in [hangs, dead] {
        let mut stand = Stand::tracing_to(&collector);
        for _ in 0..3 {
            stand.sells().await;
        }
        assert_eq!(stand.program.is_asked_to_stop(), Some(0), "{collector}: it stops when it is asked to");
    }
}
