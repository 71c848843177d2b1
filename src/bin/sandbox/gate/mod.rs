//! Gate: the platform's interface for shops that send payments, refunds and payouts themselves, under `/v2`.
//!
//! Each request is checked whole, then done in one transaction and answered "accepted"; what becomes of it comes later,
//! by callbacks or a status request.

mod answer;
mod clarification;
mod failure;
mod payout;
mod refund;
mod request;
mod sale;
mod status;

use std::sync::Arc;

use crate::{
    acts::refused::{RefusalCode, Refused},
    gate::request::GateRequest,
    ledger::Transaction,
    payments::operation::Operation,
    sandbox::Sandbox,
};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Uri},
    middleware::from_fn_with_state,
    response::Response,
    routing::{MethodRouter, any, post},
};
use storefront::platform::Method;
use tokio::task::block_in_place;

/// Every address of Gate. Those of a method are in the method table.
pub fn routes(sandbox: &Arc<Sandbox>) -> Router<Arc<Sandbox>> {
    let mut routes = Router::new()
        .route("/v2/payment/clarification", accepts(clarification::clarify))
        .route("/v2/payment/status", post(status::tell))
        .route("/v2/payment/refund", accepts(|tx, sandbox, request| refund::refund(tx, sandbox, None, request)))
        .route("/v2/{*elsewhere}", any(nowhere));
    for method in Method::ALL {
        let gate = &method.rules().gate;
        routes = routes.route(gate.sale, accepts(move |tx, sandbox, request| sale::sell(tx, sandbox, method, request)));
        if let Some(path) = gate.refund {
            routes = routes.route(path, accepts(move |tx, sandbox, request| refund::refund(tx, sandbox, Some(method), request)));
        }
        if let Some(payout) = &gate.payout {
            routes = routes.route(payout.path, accepts(move |tx, sandbox, request| payout::pay_out(tx, sandbox, method, request)));
        }
    }
    let wrong_verb = async |body: Bytes| answer::refusal(&body, RefusalCode::OnlyPost.into());
    let failing = from_fn_with_state(Arc::clone(sandbox), failure::fail_as_asked);
    routes.method_not_allowed_fallback(wrong_verb).layer(failing)
}

/// Reads and checks the request, does the act in one transaction, and answers whether it was accepted.
fn accepts(
    act: impl FnOnce(&Transaction, &Sandbox, &GateRequest) -> Result<Operation, Refused> + Clone + Send + Sync + 'static,
) -> MethodRouter<Arc<Sandbox>> {
    post(async move |State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap, body: Bytes| -> Response {
        let done = match block_in_place(|| GateRequest::read(&headers, &body, &sandbox.settings)) {
            Ok(request) => sandbox.act(move |tx, sandbox| act(tx, sandbox, &request)).await,
            Err(refused) => Err(refused),
        };
        match done {
            Ok(operation) => answer::accepted(&body, &operation),
            Err(refused) => answer::refusal(&body, refused),
        }
    })
}

/// Any other address; the address where a method without refunds would have them says so.
async fn nowhere(uri: Uri, body: Bytes) -> Response {
    let has_none = |method: &Method| {
        method.rules().gate.refund.is_none() && method.rules().gate.sale.replace("/sale", "/refund") == uri.path()
    };
    let refused = if Method::ALL.iter().any(has_none) { RefusalCode::NoRefunds } else { RefusalCode::NothingHere };
    answer::refusal(&body, refused.into())
}
