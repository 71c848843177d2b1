//! What every island asks of the document.

use leptos::web_sys::{self, Element, Event, EventTarget, KeyboardEvent, PageTransitionEvent, Window};
use wasm_bindgen::{JsCast, closure::Closure};

use crate::i18n::Locale;

pub fn window() -> Option<Window> {
    web_sys::window()
}

pub fn element(id: &str) -> Option<Element> {
    window()?.document()?.get_element_by_id(id)
}

/// An element of this id and type.
pub fn element_as<T: JsCast>(id: &str) -> Option<T> {
    element(id)?.dyn_into().ok()
}

/// Acts on an event for as long as the page lives.
pub fn on(target: &EventTarget, event: &str, act: impl Fn(Event) + 'static) -> Option<()> {
    let act = Closure::<dyn Fn(Event)>::new(act);
    target.add_event_listener_with_callback(event, act.as_ref().unchecked_ref()).ok()?;
    act.forget();
    Some(())
}

/// Whether a `pageshow` brings a page back from the back/forward cache.
pub fn is_restored(event: &Event) -> bool {
    event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted)
}

/// Whether the page came back from there before the islands listened; a script in the document notes it.
pub fn was_restored() -> bool {
    let root = window().and_then(|window| window.document()).and_then(|document| document.document_element());
    root.is_some_and(|root| root.has_attribute("data-restored"))
}

pub fn is_escape(event: &Event) -> bool {
    event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape")
}

/// The embedding script's overlay. While it is open, screen readers do not announce the page behind it.
const OVERLAY: &str = "ep-modal-wrap";
const STATUS_OVER_THE_PAGE: &str = "payment-status-over";

/// Adds a live region to the overlay, if there is one, where what happens is announced.
pub fn make_heard_over_the_page() -> Option<()> {
    let overlay = element(OVERLAY)?;
    let status = window()?.document()?.create_element("p").ok()?;
    status.set_id(STATUS_OVER_THE_PAGE);
    status.set_attribute("role", "status").ok()?;
    overlay.append_child(&status).ok()?;
    Some(())
}

pub fn status_over_the_page() -> Option<Element> {
    element(STATUS_OVER_THE_PAGE)
}

/// The page's language, as the server wrote it.
pub fn language() -> Locale {
    let root = window().and_then(|window| window.document()).and_then(|document| document.document_element());
    root.and_then(|root| root.get_attribute("lang")).and_then(|lang| lang.parse().ok()).unwrap_or_default()
}
