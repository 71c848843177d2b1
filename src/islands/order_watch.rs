//! Watches an order and shows its page anew when the platform has spoken.

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys::{self, EventSource, EventTarget, MessageEvent},
};

/// Stands on the page of an order whose state may still change.
#[island]
pub fn OrderWatch() -> impl IntoView {
    Effect::new(|_| watch());
    view! { <span hidden=true></span> }
}

/// Follows the order's event stream while the page is seen. A stream begins with the present state,
/// so a page that comes back, also from the back/forward cache, asks again by opening one.
fn watch() -> Option<()> {
    let window = web_sys::window()?;
    let document = window.document()?;
    let shown = document.query_selector("[data-event]").ok()??.get_attribute("data-event")?;
    let path = window.location().pathname().ok()?;
    let stream: Rc<RefCell<Option<EventSource>>> = Rc::default();

    let leave = {
        let stream = stream.clone();
        move || stream.take().iter().for_each(EventSource::close)
    };
    let follow = {
        let (document, leave) = (document.clone(), leave.clone());
        move || {
            leave();
            if !document.hidden() {
                stream.replace(listen(&path, &shown));
            }
        }
    };
    follow();
    on(&document, "visibilitychange", follow.clone())?;
    // A stream left open would keep the page out of the back/forward cache.
    on(&window, "pagehide", leave)?;
    on(&window, "pageshow", follow)
}

/// Opens the stream; other news than the page shows loads it again.
fn listen(path: &str, shown: &str) -> Option<EventSource> {
    let events = EventSource::new(&format!("{path}/events")).ok()?;
    // Not reload(): a page that was posted would be posted again.
    let address = path.to_owned();
    let show_again = move || {
        let _ = web_sys::window().map(|window| window.location().replace(&address));
    };

    let (again, shown) = (show_again.clone(), shown.to_owned());
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if event.data().as_string().is_some_and(|told| told != shown) {
            again();
        }
    });
    events.add_event_listener_with_callback("status", heard.as_ref().unchecked_ref()).ok()?;
    heard.forget();

    // A stream that the browser gave up for good is replaced by looking again after a while.
    let stream = events.clone();
    on(&events, "error", move || {
        if stream.ready_state() == EventSource::CLOSED {
            set_timeout(show_again.clone(), Duration::from_secs(5));
        }
    })?;
    Some(events)
}

fn on(target: &EventTarget, event: &str, act: impl Fn() + 'static) -> Option<()> {
    let act = Closure::<dyn Fn()>::new(act);
    target.add_event_listener_with_callback(event, act.as_ref().unchecked_ref()).ok()?;
    act.forget();
    Some(())
}
