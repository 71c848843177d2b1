//! Who watches which order. Places limit the number of streams; all streams of one order share one look at it.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use metrics::gauge;
use tokio::sync::watch;

use crate::server::running::{
    limits,
    places::{Full, Most, Place, Places},
    proxies::network,
};

/// The places, and the orders that are watched.
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
pub struct StreamPlaces {
    _of_order: Place<String>,
    _of_address: Place<IpAddr>,
}

impl Drop for StreamPlaces {
    fn drop(&mut self) {
        gauge!("event_streams").decrement(1);
    }
}

impl EventStreams {
    /// A share of so many connections may be streams.
    pub fn among(connections: usize) -> Self {
        let share = connections / 100 * limits::EVENT_STREAMS_OF_100_CONNECTIONS;
        let in_all = limits::EVENT_STREAMS.min(share).max(limits::EVENT_STREAMS_OF_ONE_ORDER);
        Self { by_order: Arc::default(), by_address: Arc::default(), in_all, watched: Arc::default() }
    }

    /// Takes places for one more stream.
    pub fn enter(&self, token: &str, address: IpAddr) -> Result<StreamPlaces, Full> {
        let of_one_order = Most { of_one: limits::EVENT_STREAMS_OF_ONE_ORDER, in_all: self.in_all };
        let of_one_address = Most { of_one: limits::EVENT_STREAMS_OF_ONE_ADDRESS, in_all: self.in_all };
        let (order, address) =
            (self.by_order.take(token.to_owned(), of_one_order)?, self.by_address.take(network(address), of_one_address)?);
        gauge!("event_streams").increment(1);
        Ok(StreamPlaces { _of_order: order, _of_address: address })
    }

    /// The news of an order that was just read. The first stream of an order also gets the look, and has to keep it up.
    pub fn news(&self, token: &str, now: String) -> (watch::Receiver<String>, Option<SharedLook>) {
        let mut all = self.watched.lock();
        if let Some(news) = all.get(token) {
            tell(news, now);
            return (news.subscribe(), None);
        }
        let (news, first) = watch::channel(now);
        let news = Arc::new(news);
        all.insert(token.to_owned(), news.clone());
        gauge!("orders_watched").increment(1);
        (first, Some(SharedLook { watched: self.watched.clone(), token: token.to_owned(), news }))
    }
}

impl Watched {
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

/// The one look at an order. When it ends, the next stream of the order begins another.
pub struct SharedLook {
    watched: Arc<Watched>,
    /// The order's.
    pub token: String,
    news: Arc<watch::Sender<String>>,
}

impl SharedLook {
    pub fn tell(&self, now: String) {
        tell(&self.news, now);
    }

    /// Under the lock, so that no stream begins meanwhile.
    pub fn ends_if_nobody_watches(&self) -> bool {
        let mut all = self.watched.lock();
        let ends = self.news.receiver_count() == 0;
        if ends {
            all.remove(&self.token);
        }
        ends
    }
}

impl Drop for SharedLook {
    fn drop(&mut self) {
        let mut all = self.watched.lock();
        if all.get(&self.token).is_some_and(|news| Arc::ptr_eq(news, &self.news)) {
            all.remove(&self.token);
        }
        gauge!("orders_watched").decrement(1);
    }
}
