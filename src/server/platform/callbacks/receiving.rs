//! ACT: `POST /callbacks`. What verifies is written down durably, then acknowledged; nothing else moves an order.
//!
//! | body | answer | effect |
//! |---|---|---|
//! | verifies; new, repeated, late, or refused by the rules | 200 | journal; the order moves if it may |
//! | verifies; unknown payment, other amount, currency or project, readable in two ways | 200 | journal; a case |
//! | verifies; of a kind this shop does not use | 200 | journal; a case if it may be about money of this shop |
//! | signature wrong or missing; not JSON, duplicate members, beyond a limit of `protocol/signed/document_limits.rs` | 400 | none |
//! | larger than `limits::CALLBACK_BYTES` | 413 | none |
//! | refused, from an address whose callbacks are refused often | 429 | none, not even a record |
//! | store not writable, or too many waiting | 503 | none; the platform sends again |

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use metrics::counter;

use crate::{
    domain::orders::history::Source,
    protocol::{callback::DocumentRefused, signed::json::JsonError},
    server::{
        http::{customer_address::CustomerAddress, pace},
        platform::callbacks::{
            taking_in::take_in,
            verifying::{NotVerified, verify},
        },
        running::telling::request,
        state::AppState,
    },
};

pub async fn receive(
    State(state): State<AppState>,
    CustomerAddress(address): CustomerAddress,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let refuse = |refused, body: &[u8]| match pace::refused_callback(&state.paces, address) {
        Ok(()) => refuse(&state, refused, body),
        // A flood of them is not recorded.
        Err(too_often) => too_often.into_response(),
    };
    let body = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => return refuse(TOO_LARGE, &[]),
        // The request broke off; the platform sends it again.
        Err(rejection) => return rejection.into_response(),
    };
    let callback = match verify(&body, &state.config).await {
        Ok(callback) => callback,
        Err(NotVerified::Refused(refused)) => return refuse(refused, &body),
        Err(busy @ NotVerified::TooManyWaiting) => return not_now(&busy),
    };
    if let Some(payment_id) = callback.payment_id() {
        request::is_about(payment_id);
    }
    match take_in(&state, body.to_vec(), &[callback], Source::Callback).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => not_now(&error),
    }
}

/// Nothing was stored; the platform sends it again.
fn not_now(why: &dyn std::error::Error) -> Response {
    tracing::error!(%why, "a callback could not be written down");
    counter!("callbacks_total", "outcome" => "not stored").increment(1);
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response()
}

const TOO_LARGE: DocumentRefused = DocumentRefused::Unreadable(JsonError::TooLarge);

fn refuse(state: &AppState, refused: DocumentRefused, body: &[u8]) -> Response {
    // The body is neither logged nor stored: anybody may have sent it.
    state.refusals.tell(state.now(), &refused.to_string(), body);
    tracing::warn!(reason = %refused, "a callback was refused");
    counter!("callbacks_total", "outcome" => "refused").increment(1);
    let status = if refused == TOO_LARGE { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
    status.into_response()
}
