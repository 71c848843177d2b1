//! What all lines of a request have in common: its id and its route and, once it is known, the payment it is about. One search
//! for a payment finds its checkout, its callbacks and the questions about it.

use axum::{
    extract::{MatchedPath, Request},
    http::StatusCode,
};
use tower_http::request_id::RequestId;
use tracing::{Span, error_span, field::Empty};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Names the route, never the address: an order's address is a secret. It is there whatever else is logged.
pub fn span(request: &Request) -> Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or_default();
    error_span!("request", method = %request.method(), route = route(request), id, payment_id = Empty)
}

pub fn route(request: &Request) -> &str {
    request.extensions().get::<MatchedPath>().map_or("file", MatchedPath::as_str)
}

/// From here on, the lines of this request name this payment.
pub fn is_about(payment_id: &str) {
    Span::current().record("payment_id", payment_id);
}

/// Told by the trace; the log has a line for it.
pub fn was_answered(status: StatusCode) {
    Span::current().set_attribute("http.response.status_code", i64::from(status.as_u16()));
}

/// What the shop does by itself about a payment.
pub fn work(payment_id: &str) -> Span {
    error_span!("work", payment_id)
}
