//! The event stream of a page of the back office: what it compares, at once and at every change.

use std::{future::Future, time::Duration};

use axum::response::{
    IntoResponse, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures::stream;

use crate::server::{state::AppState, store::StoreError};

/// How often the store is asked for what somebody watches.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After so many looks the browser asks anew, and who it is is asked, too.
const LOOKS: u32 = 240;

/// Streams what `look` finds until it finds nothing more.
pub fn stream<F, L>(state: &AppState, look: L) -> Response
where
    L: Fn() -> F + Send + 'static,
    F: Future<Output = Result<Option<String>, StoreError>> + Send + 'static,
{
    let ticks = tokio::time::interval(LOOK_EVERY);
    let start = (state.stopping.clone(), look, ticks, String::new(), 0_u32);
    let events = stream::unfold(start, |(mut stopping, look, mut ticks, told, mut looks)| async move {
        while looks < LOOKS {
            looks += 1;
            tokio::select! {
                _ = ticks.tick() => {}
                _ = stopping.wait_for(|stopping| *stopping) => return None,
            }
            let news = match look().await {
                Ok(news) => news?,
                Err(error) => return Some((Err(error), (stopping, look, ticks, told, looks))),
            };
            if news != told {
                let event = Event::default().event("status").data(&news);
                return Some((Ok(event), (stopping, look, ticks, news, looks)));
            }
        }
        None
    });
    // Proxies that gather answers would keep the news from the page.
    ([("x-accel-buffering", "no")], Sse::new(events).keep_alive(KeepAlive::default())).into_response()
}
