//! The event stream of an order, followed while the page is visible.

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::{
    prelude::set_timeout,
    task::spawn_local,
    web_sys::{EventSource, Headers, MessageEvent, RequestInit, Response},
};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;

use super::dom::{self, on, window};

/// After this long, a stream that the browser gave up is asked for again.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Tells what the stream of the order at this path says: `{"payment_id": …, "status": …}`, the present state first.
/// A page that comes back, also from the back/forward cache, opens a new stream and so asks again.
pub fn follow(order: &str, heard: impl Fn(String) + 'static) -> Option<()> {
    let window = window()?;
    let document = window.document()?;
    let stream = Stream { address: format!("{order}/events"), source: Rc::default(), heard: Rc::new(heard) };
    stream.open();

    let seen = stream.clone();
    on(&document, "visibilitychange", move |_| seen.open())?;
    let shown = stream.clone();
    on(&window, "pageshow", move |event| {
        if dom::is_restored(&event) {
            shown.open();
        }
    })?;
    // A stream left open would keep the page out of the back/forward cache.
    on(&window, "pagehide", move |_| stream.close())
}

#[derive(Clone)]
struct Stream {
    address: String,
    source: Rc<RefCell<Option<EventSource>>>,
    heard: Rc<dyn Fn(String)>,
}

impl Stream {
    fn close(&self) {
        self.source.take().iter().for_each(EventSource::close);
    }

    /// Only while the page is visible.
    fn open(&self) {
        self.close();
        let hidden = window().and_then(|window| window.document()).is_none_or(|document| document.hidden());
        if !hidden {
            self.source.replace(self.listen());
        }
    }

    fn listen(&self) -> Option<EventSource> {
        let source = EventSource::new(&self.address).ok()?;
        let tell = self.heard.clone();
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                tell(text);
            }
        });
        source.add_event_listener_with_callback("status", heard.as_ref().unchecked_ref()).ok()?;
        heard.forget();

        let (again, given_up) = (self.clone(), source.clone());
        on(&source, "error", move |_| {
            if given_up.ready_state() == EventSource::CLOSED {
                let again = again.clone();
                set_timeout(move || again.ask_and_open(), AGAIN_AFTER);
            }
        })?;
        Some(source)
    }

    /// When too many pages watch, the server gives no stream. The page then asks once for the present state, and for a stream.
    fn ask_and_open(&self) {
        self.open();
        let asking = self.clone();
        if self.source.borrow().is_some() {
            spawn_local(async move {
                asking.ask().await;
            });
        }
    }

    async fn ask(&self) -> Option<()> {
        let init = RequestInit::new();
        let headers = Headers::new().ok()?;
        headers.set("accept", "application/json").ok()?;
        init.set_headers(&headers);
        let answer: Response =
            JsFuture::from(window()?.fetch_with_str_and_init(&self.address, &init)).await.ok()?.dyn_into().ok()?;
        if answer.ok() {
            (self.heard)(JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?);
        }
        Some(())
    }
}
