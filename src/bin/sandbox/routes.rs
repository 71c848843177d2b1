//! Every address of the sandbox, in one list, and the headers that go with every answer.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{
        HeaderValue,
        header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
    },
    middleware::{Next, from_fn},
    response::Response,
    routing::{get, post, put},
};

use crate::{confirm, control, guard, home, page, panel, payment_page, provider, result, sandbox::Sandbox};

const LARGEST_BODY: usize = 256 * 1024;

/// The whole service.
pub fn routes(sandbox: Arc<Sandbox>) -> Router {
    let control = Router::new()
        .route("/control", get(panel::show))
        .route("/control/panel/faults", post(panel::set_faults))
        .route("/control/panel/clock", post(panel::move_clock))
        .route("/control/panel/send-again", post(panel::send_again))
        .route("/control/panel/reset", post(panel::reset))
        .route("/control/payments", get(control::list_payments))
        .route("/control/payments/{payment_id}", get(control::show_payment))
        .route("/control/payments/{payment_id}/callbacks", post(control::send_again))
        .route("/control/faults", put(control::replace_faults).get(control::show_faults).delete(control::clear_faults))
        .route("/control/clock", post(control::move_clock))
        .route("/control/reset", post(control::reset))
        .layer(from_fn(guard::loopback_only));
    Router::new()
        .route("/", get(home::show))
        .route("/assets/sandbox.css", get(home::stylesheet))
        .route("/payment", get(payment_page::open_by_query).post(payment_page::open_by_form))
        .route("/payment/confirm", post(confirm::confirm))
        .route("/payment/{key}", get(result::show))
        .route("/provider/{method}/{key}", get(provider::show).post(provider::decide))
        .merge(control)
        .fallback(async || page::not_found())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn(protect))
        .with_state(sandbox)
}

/// No scripts, nothing from elsewhere. Shops may frame the customer's pages, nobody the control panel.
/// Referrers stay within the sandbox; without any, a browser would hide the origin of our own forms from the guard.
async fn protect(request: Request, next: Next) -> Response {
    let framed = request.uri().path().starts_with("/payment") || request.uri().path().starts_with("/provider");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = if framed { FRAMED } else { UNFRAMED };
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

macro_rules! policy {
    ($ancestors:literal) => {
        concat!(
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors ",
            $ancestors
        )
    };
}

const FRAMED: &str = policy!("*");
const UNFRAMED: &str = policy!("'none'");
