//! Plays the fault `gate`: the request was done, but its answer does not arrive as it should.

use std::{io, sync::Arc};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, RETRY_AFTER},
    },
    middleware::Next,
    response::{Html, IntoResponse, Response},
};

use crate::{
    faults::GateFault,
    ledger::control,
    running::limits::{LARGEST_GATE_ANSWER, SILENCE},
    sandbox::Sandbox,
};

/// Reads the fault after the request was done, so that one set meanwhile counts.
pub async fn fail_as_asked(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    let faults = sandbox.ledger.look(control::faults).await.unwrap_or_default();
    match faults.gate {
        GateFault::Ok => answer,
        GateFault::Timeout => {
            tokio::time::sleep(SILENCE).await;
            broken_off()
        }
        GateFault::Reset => broken_off(),
        GateFault::HalfJson => half(answer).await,
        GateFault::Html502 => {
            let page =
                "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
            (StatusCode::BAD_GATEWAY, Html(page)).into_response()
        }
        GateFault::TooManyRequests => {
            (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, HeaderValue::from_static("1"))], "Too many requests").into_response()
        }
    }
}

/// Ends the connection before a body: the server drops it when the body fails.
fn broken_off() -> Response {
    let broken = futures::stream::iter([Err::<Vec<u8>, _>(io::Error::other("the fault says so"))]);
    Body::from_stream(broken).into_response()
}

/// A complete HTTP answer whose JSON ends in the middle.
async fn half(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_GATE_ANSWER).await else { return broken_off() };
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body.slice(..body.len() / 2)))
}
