//! While developing (`cargo xtask dev` sets `DEV_RELOAD=1`): open pages load again when the shop was rebuilt.

use std::{convert::Infallible, time::Duration};

use axum::{
    Router,
    extract::State,
    http::header,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures::{StreamExt, stream};

use crate::server::state::AppState;

pub const SCRIPT: &str = "/dev/reload.js";

/// When the stream opens a second time, the shop was started again.
const SOURCE: &str = "\
const shop = new EventSource('/dev/reload');
let seen = false;
shop.onopen = () => { if (seen) location.reload(); seen = true; };
";

/// How soon the browser opens the stream again.
const TRIES_AGAIN_AFTER: Duration = Duration::from_millis(500);

pub fn routes() -> Router<AppState> {
    let script = async || ([(header::CONTENT_TYPE, "text/javascript")], SOURCE);
    Router::new().route(SCRIPT, get(script)).route("/dev/reload", get(wait))
}

/// Sends nothing until the shop stops. The browser then tries again every half second.
async fn wait(State(state): State<AppState>) -> Response {
    let mut stopping = state.stopping.clone();
    let hello = Event::default().retry(TRIES_AGAIN_AFTER).comment("here");
    let until_stop = async move {
        // An error means that the sender is gone: the shop stops.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    let events = stream::iter([Ok::<_, Infallible>(hello)]).chain(stream::pending()).take_until(Box::pin(until_stop));
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}
