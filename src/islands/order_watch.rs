//! Loads a page again when its event stream tells something else than the page shows.

use std::{cell::Cell, rc::Rc};

use leptos::prelude::*;

use super::{
    dom::{on, window},
    order_events,
};

/// Stands on the page of an order whose state may still change, or on one that waits for it (`data-order` names it).
#[island]
pub fn OrderWatch() -> impl IntoView {
    Effect::new(|_| watch());
    view! { <span hidden=true></span> }
}

fn watch() -> Option<()> {
    let window = window()?;
    let document = window.document()?;
    let shown = document.query_selector("[data-event]").ok()??;
    let path = window.location().pathname().ok()?;
    let order = shown.get_attribute("data-order").unwrap_or_else(|| path.clone());
    let shown = shown.get_attribute("data-event")?;
    // What the customer sends may be what changes the order. Loading the page again would then call off where it leads.
    let is_left = Rc::new(Cell::new(false));
    let (sends, comes_back) = (is_left.clone(), is_left.clone());
    on(&document, "submit", move |_| sends.set(true))?;
    on(&window, "pageshow", move |_| comes_back.set(false))?;
    order_events::follow(&order, move |told| {
        if told != shown && !is_left.get() {
            // Not reload(): a page that was posted would be posted again.
            let _ = window.location().replace(&path);
        }
    })
}
