//! Loads a page again when its event stream tells something else than the page shows.

use leptos::prelude::*;

use super::{dom::window, order_events};

/// Stands on the page of an order whose state may still change, or on one that waits for it (`data-order` names it).
#[island]
pub fn OrderWatch() -> impl IntoView {
    Effect::new(|_| watch());
    view! { <span hidden=true></span> }
}

fn watch() -> Option<()> {
    let window = window()?;
    let shown = window.document()?.query_selector("[data-event]").ok()??;
    let path = window.location().pathname().ok()?;
    let order = shown.get_attribute("data-order").unwrap_or_else(|| path.clone());
    let shown = shown.get_attribute("data-event")?;
    order_events::follow(&order, move |told| {
        if told != shown {
            // Not reload(): a page that was posted would be posted again.
            let _ = window.location().replace(&path);
        }
    })
}
