//! Event streams. Those of orders each have an end, and all that watch one order share one look at it.

use std::{convert::Infallible, net::IpAddr, time::Duration};

use axum::{
    BoxError,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, TryStreamExt, stream};
use tokio::{
    sync::watch,
    time::{Interval, interval},
};

use crate::{
    domain::orders::{beside::BesideOrder, order::Order},
    pages::order::status_event,
    server::{
        running::{
            limits,
            places::Full,
            watching::{SharedLook, StreamPlaces},
        },
        state::AppState,
    },
};

/// How often a watched order is read from the store. It is read, instead of using a channel in memory, because the callback may
/// reach another process.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often a stream checks whether its time is over.
const END_IS_SEEN_WITHIN: Duration = Duration::from_secs(1);

/// Sends the order's status, at once and at every change.
pub fn open(state: &AppState, order: &Order, beside: &BesideOrder, address: IpAddr) -> Result<Response, Full> {
    let watcher = state.event_streams.enter(&order.token, address)?;
    let (news, look) = state.event_streams.news(&order.token, status_event(order, beside));
    if let Some(look) = look {
        tokio::spawn(keep_up(state.clone(), look));
    }
    Ok(answer(told(state, news, watcher)))
}

/// Sends each of these as `event: status`.
pub fn answer<E: Into<BoxError> + 'static>(news: impl Stream<Item = Result<String, E>> + Send + 'static) -> Response {
    // Proxies that gather answers would keep the news from the page.
    let unbuffered = [("x-accel-buffering", "no")];
    let events = news.map_ok(|news| Event::default().event("status").data(news));
    (unbuffered, Sse::new(events).keep_alive(KeepAlive::default())).into_response()
}

/// Reads the order until nobody watches it, or it cannot be read. Then the streams end, and pages open new ones.
async fn keep_up(state: AppState, look: SharedLook) {
    let mut ticks = interval(LOOK_EVERY);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = state.stopped() => return,
        }
        if look.ends_if_nobody_watches() {
            return;
        }
        match state.store.order_and_beside(&look.token).await {
            Ok(Some((order, beside))) => look.tell(status_event(&order, &beside)),
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "an order that is watched cannot be read");
                return;
            }
        }
    }
}

/// One stream.
struct Telling {
    state: AppState,
    news: watch::Receiver<String>,
    ends_at: i64,
    looks: Interval,
    _watcher: StreamPlaces,
}

impl Telling {
    /// `None`: the stream ends.
    async fn next(&mut self) -> Option<String> {
        loop {
            let Self { state, news, looks, .. } = self;
            tokio::select! {
                changed = news.changed() => {
                    changed.ok()?;
                    return Some(news.borrow_and_update().clone());
                }
                _ = looks.tick() => {}
                () = state.stopped() => return None,
            }
            if self.state.now() >= self.ends_at {
                return None;
            }
        }
    }
}

fn told(
    state: &AppState,
    mut news: watch::Receiver<String>,
    watcher: StreamPlaces,
) -> impl Stream<Item = Result<String, Infallible>> + use<> {
    news.mark_changed();
    let ends_at = state.now().saturating_add(limits::EVENT_STREAM_LASTS_S);
    let telling = Telling { state: state.clone(), news, ends_at, looks: interval(END_IS_SEEN_WITHIN), _watcher: watcher };
    stream::unfold(telling, |mut telling| async move {
        let status = telling.next().await?;
        Some((Ok(status), telling))
    })
}
