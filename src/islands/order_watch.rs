//! Watches an order and shows its page anew when the platform has spoken.

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

/// Opens the order's event stream; a status other than the shown one loads the page again.
fn watch() -> Option<()> {
    let window = web_sys::window()?;
    let shown = window.document()?.query_selector("[data-payment-status]").ok()??;
    let path = window.location().pathname().ok()?;
    let events = web_sys::EventSource::new(&format!("{path}/events")).ok()?;
    let heard = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        let known = (shown.get_attribute("data-payment-status"), shown.get_attribute("data-payment-id"));
        if let (Some(data), (Some(status), Some(payment_id))) = (event.data().as_string(), known) {
            let told = |name: &str, value: &str| data.contains(&format!("\"{name}\":\"{value}\""));
            if !(told("status", &status) && told("payment_id", &payment_id)) {
                // Not reload(): a page that was posted would be posted again.
                let _ = window.location().replace(&path);
            }
        }
    });
    events.add_event_listener_with_callback("status", heard.as_ref().unchecked_ref()).ok()?;
    heard.forget();
    // A stream left open would keep the page out of the back/forward cache.
    let leave = Closure::<dyn Fn()>::new(move || events.close());
    web_sys::window()?.add_event_listener_with_callback("pagehide", leave.as_ref().unchecked_ref()).ok()?;
    leave.forget();
    Some(())
}
