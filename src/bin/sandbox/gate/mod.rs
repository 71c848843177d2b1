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
    acts::refused::Refused, gate::request::Request, ledger::Transaction, payments::operation::Operation, sandbox::Sandbox,
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
        .route("/v2/payment/clarification", accepts(Act::Clarify))
        .route("/v2/payment/status", post(status::tell))
        .route("/v2/payment/refund", accepts(Act::Refund(None)))
        .route("/v2/{*elsewhere}", any(nowhere));
    for method in Method::ALL {
        let gate = &method.rules().gate;
        routes = routes.route(gate.sale, accepts(Act::Sell(method)));
        if let Some(path) = gate.refund {
            routes = routes.route(path, accepts(Act::Refund(Some(method))));
        }
        if let Some(payout) = &gate.payout {
            routes = routes.route(payout.path, accepts(Act::PayOut(method)));
        }
    }
    let wrong_verb = async |body: Bytes| answer::refusal(&body, Refused::OnlyPost);
    let failing = from_fn_with_state(Arc::clone(sandbox), failure::fail_as_asked);
    routes.method_not_allowed_fallback(wrong_verb).layer(failing)
}

/// What an address does.
#[derive(Debug, Clone, Copy)]
enum Act {
    Sell(Method),
    Clarify,
    /// `None`: whatever the payment's method is.
    Refund(Option<Method>),
    PayOut(Method),
}

fn accepts(act: Act) -> MethodRouter<Arc<Sandbox>> {
    post(async move |State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap, body: Bytes| -> Response {
        match done(act, &sandbox, &headers, &body).await {
            Ok(operation) => answer::accepted(&body, &operation),
            Err(refused) => answer::refusal(&body, refused),
        }
    })
}

async fn done(act: Act, sandbox: &Arc<Sandbox>, headers: &HeaderMap, body: &[u8]) -> Result<Operation, Refused> {
    let request = block_in_place(|| Request::read(headers, body, &sandbox.settings))?;
    let act = move |tx: &Transaction, sandbox: &Sandbox| match act {
        Act::Sell(method) => sale::sell(tx, sandbox, method, &request),
        Act::Clarify => clarification::clarify(tx, sandbox, &request),
        Act::Refund(method) => refund::refund(tx, sandbox, method, &request),
        Act::PayOut(method) => payout::pay_out(tx, sandbox, method, &request),
    };
    sandbox.act(act).await
}

/// Any other address; the address where a method without refunds would have them says so.
async fn nowhere(uri: Uri, body: Bytes) -> Response {
    let has_none = |method: &Method| {
        method.rules().gate.refund.is_none() && method.rules().gate.sale.replace("/sale", "/refund") == uri.path()
    };
    let refused = if Method::ALL.iter().any(has_none) { Refused::NoRefunds } else { Refused::NothingHere };
    answer::refusal(&body, refused)
}
