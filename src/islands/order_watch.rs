//! Watches an order and shows its page anew when the platform has spoken.

use std::time::Duration;

use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys,
};

/// Stands on the page of an order whose state may still change.
#[island]
pub fn OrderWatch() -> impl IntoView {
    Effect::new(|_| watch());
    view! { <span hidden=true></span> }
}

/// Opens the order's event stream; other news than the page shows loads it again.
fn watch() -> Option<()> {
    let window = web_sys::window()?;
    let shown = window.document()?.query_selector("[data-event]").ok()??.get_attribute("data-event")?;
    let path = window.location().pathname().ok()?;
    let events = web_sys::EventSource::new(&format!("{path}/events")).ok()?;
    // Not reload(): a page that was posted would be posted again.
    let show_again = move || drop(web_sys::window().map(|window| window.location().replace(&path)));

    let again = show_again.clone();
    let heard = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        if event.data().as_string().is_some_and(|told| told != shown) {
            again();
        }
    });
    events.add_event_listener_with_callback("status", heard.as_ref().unchecked_ref()).ok()?;
    heard.forget();

    // A stream that the browser gave up for good is replaced by looking again after a while.
    let stream = events.clone();
    let lost = Closure::<dyn Fn()>::new(move || {
        if stream.ready_state() == web_sys::EventSource::CLOSED {
            set_timeout(show_again.clone(), Duration::from_secs(5));
        }
    });
    events.add_event_listener_with_callback("error", lost.as_ref().unchecked_ref()).ok()?;
    lost.forget();

    // A stream left open would keep the page out of the back/forward cache.
    let leave = Closure::<dyn Fn()>::new(move || events.close());
    window.add_event_listener_with_callback("pagehide", leave.as_ref().unchecked_ref()).ok()?;
    leave.forget();
    Some(())
}
