//! Lets messages of the Payment Page's frame through to the embedding script, and no others.
//!
//! The platform's script itself does not check where a message is from. This listener hears messages first and stops those that
//! are not from the exact origin and window of the frame, not of the known shape, or without the frame's own guid.

use js_sys::{JSON, Reflect};
use leptos::web_sys::{Event, HtmlIFrameElement, MessageEvent, Url};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use crate::islands::dom::window;

/// Guards messages from now on. `leave` is called when the frame wants the window led to a foreign host.
pub fn stand(payment_page: &str, leave: impl Fn() + 'static) -> Option<()> {
    let origin = Url::new(payment_page).ok()?.origin();
    let guard = Closure::<dyn Fn(Event)>::new(move |event: Event| match judge(&event, &origin) {
        Verdict::Passes => {}
        Verdict::Stopped => event.stop_immediate_propagation(),
        Verdict::WantsAway => {
            event.stop_immediate_propagation();
            leave();
        }
    });
    let heard_first = true;
    window()?.add_event_listener_with_callback_and_bool("message", guard.as_ref().unchecked_ref(), heard_first).ok()?;
    guard.forget();
    Some(())
}

enum Verdict {
    Passes,
    Stopped,
    /// Authentic, and asks for an address that is neither ours nor the Payment Page's.
    WantsAway,
}

/// The frame that the script made.
pub fn frame() -> Option<HtmlIFrameElement> {
    window()?.document()?.query_selector("iframe.ep-iframe").ok()??.dyn_into().ok()
}

fn judge(event: &Event, origin: &str) -> Verdict {
    authentic(event, origin).map_or(Verdict::Stopped, |(message, data)| match message.as_str() {
        "epframe.redirect" => redirect(&data, origin),
        _ => Verdict::Passes,
    })
}

/// The message and its data, if it is the frame's own.
fn authentic(event: &Event, origin: &str) -> Option<(String, JsValue)> {
    let event = event.dyn_ref::<MessageEvent>()?;
    let frame = frame()?;
    let from_frame = event.source()?.loose_eq(&frame.content_window()?.into());
    let said = JSON::parse(&event.data().as_string()?).ok()?;
    let text = |name: &str| Reflect::get(&said, &name.into()).ok()?.as_string();
    let (message, guid) = (text("message")?, text("guid")?);
    let fits = from_frame && event.origin() == origin && message.starts_with("epframe.") && frame.id() == format!("iframe-{guid}");
    fits.then(|| (message, Reflect::get(&said, &"data".into()).unwrap_or_default()))
}

fn redirect(data: &JsValue, origin: &str) -> Verdict {
    let address = Reflect::get(data, &"url".into()).ok().and_then(|url| url.as_string());
    let Some(url) = address.and_then(|address| Url::new(&address).ok()) else { return Verdict::Stopped };
    let ours = window().and_then(|window| window.location().origin().ok());
    match url.protocol().as_str() {
        "http:" | "https:" if url.origin() == origin || Some(url.origin()) == ours => Verdict::Passes,
        "http:" | "https:" => Verdict::WantsAway,
        _ => Verdict::Stopped,
    }
}
