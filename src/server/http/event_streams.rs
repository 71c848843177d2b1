//! Event streams of orders. Strangers open them, so they have places, and an end; all who watch one order share one look at it.

use std::{
    collections::HashMap,
    convert::Infallible,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::response::{
    IntoResponse, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, stream};
use metrics::gauge;
use tokio::{
    sync::watch,
    time::{Interval, interval},
};

use super::places::{Full, Most, Place, Places};
use crate::{
    domain::order::Order,
    pages::order::status_event,
    server::{customer_address::network, limits, state::AppState},
};

/// How often the store is asked for an order that somebody watches. The store, not a channel in memory: the callback may reach
/// another process of the shop.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often a stream sees whether its time is over.
const END_IS_SEEN_WITHIN: Duration = Duration::from_secs(1);

/// Who watches which order.
pub struct EventStreams {
    by_order: Arc<Places<String>>,
    by_address: Arc<Places<IpAddr>>,
    in_all: usize,
    watched: Arc<Watched>,
}

/// The news of each order that is watched, by the order's token.
#[derive(Default)]
struct Watched(Mutex<HashMap<String, Arc<watch::Sender<String>>>>);

/// The places of one stream; given back when dropped.
struct Watcher {
    _of_order: Place<String>,
    _of_address: Place<IpAddr>,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        gauge!("event_streams").decrement(1);
    }
}

impl EventStreams {
    /// Of so many connections some are for streams.
    pub fn among(connections: usize) -> Self {
        let share = connections / 100 * limits::EVENT_STREAMS_OF_100_CONNECTIONS;
        let in_all = limits::EVENT_STREAMS.min(share).max(limits::EVENT_STREAMS_OF_ONE_ORDER);
        Self { by_order: Arc::default(), by_address: Arc::default(), in_all, watched: Arc::default() }
    }

    /// Tells the order's status, at once and at every change.
    pub fn open(&self, state: &AppState, order: &Order, address: IpAddr) -> Result<Response, Full> {
        let watcher = self.enter(&order.token, address)?;
        let news = Watched::news(&self.watched, state, order);
        // Proxies that gather answers would keep the news from the customer.
        let unbuffered = [("x-accel-buffering", "no")];
        let told = Sse::new(told(state, news, watcher)).keep_alive(KeepAlive::default());
        Ok((unbuffered, told).into_response())
    }

    fn enter(&self, token: &str, address: IpAddr) -> Result<Watcher, Full> {
        let of_one_order = Most { of_one: limits::EVENT_STREAMS_OF_ONE_ORDER, in_all: self.in_all };
        let of_one_address = Most { of_one: limits::EVENT_STREAMS_OF_ONE_ADDRESS, in_all: self.in_all };
        let (order, address) =
            (self.by_order.take(token.to_owned(), of_one_order)?, self.by_address.take(network(address), of_one_address)?);
        gauge!("event_streams").increment(1);
        Ok(Watcher { _of_order: order, _of_address: address })
    }
}

impl Watched {
    /// The news of an order, which was just read. Whoever is the first to watch it has somebody look at it from now on.
    fn news(watched: &Arc<Self>, state: &AppState, order: &Order) -> watch::Receiver<String> {
        let now = status_event(order);
        let mut all = watched.lock();
        if let Some(news) = all.get(&order.token) {
            tell(news, now);
            return news.subscribe();
        }
        let (news, first) = watch::channel(now);
        let news = Arc::new(news);
        all.insert(order.token.clone(), news.clone());
        gauge!("orders_watched").increment(1);
        tokio::spawn(look(state.clone(), Look { watched: watched.clone(), token: order.token.clone(), news }));
        first
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<watch::Sender<String>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Only what is new is told.
fn tell(news: &watch::Sender<String>, now: String) {
    news.send_if_modified(|told| {
        let is_new = *told != now;
        if is_new {
            *told = now;
        }
        is_new
    });
}

/// The one look at an order. However it ends, the next one to watch the order begins another.
struct Look {
    watched: Arc<Watched>,
    token: String,
    news: Arc<watch::Sender<String>>,
}

impl Look {
    /// Under the lock, so that nobody begins to watch meanwhile.
    fn ends_if_nobody_watches(&self) -> bool {
        let mut all = self.watched.lock();
        let ends = self.news.receiver_count() == 0;
        if ends {
            all.remove(&self.token);
        }
        ends
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        let mut all = self.watched.lock();
        if all.get(&self.token).is_some_and(|news| Arc::ptr_eq(news, &self.news)) {
            all.remove(&self.token);
        }
        gauge!("orders_watched").decrement(1);
    }
}

/// Until nobody watches any more, or the order cannot be read: streams end then, and pages ask again.
async fn look(state: AppState, look: Look) {
    let mut ticks = interval(LOOK_EVERY);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = state.stopped() => return,
        }
        if look.ends_if_nobody_watches() {
            return;
        }
        match state.store.order(&look.token).await {
            Ok(Some(order)) => tell(&look.news, status_event(&order)),
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "an order that is watched cannot be read");
                return;
            }
        }
    }
}

/// What one stream is made of.
struct Telling {
    state: AppState,
    news: watch::Receiver<String>,
    ends_at: i64,
    looks: Interval,
    _watcher: Watcher,
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
    watcher: Watcher,
) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    news.mark_changed();
    let ends_at = state.now().saturating_add(limits::EVENT_STREAM_LASTS_S);
    let telling = Telling { state: state.clone(), news, ends_at, looks: interval(END_IS_SEEN_WITHIN), _watcher: watcher };
    stream::unfold(telling, |mut telling| async move {
        let status = telling.next().await?;
        Some((Ok(Event::default().event("status").data(status)), telling))
    })
}
