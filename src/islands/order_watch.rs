//! Watches an order and shows its page anew when the platform has spoken.

use leptos::prelude::*;

use super::{dom::window, order_events};

/// Stands on the page of an order whose state may still change.
#[island]
pub fn OrderWatch() -> impl IntoView {
    Effect::new(|_| watch());
    view! { <span hidden=true></span> }
}

/// Other news than the page shows loads it again.
fn watch() -> Option<()> {
    let window = window()?;
    let shown = window.document()?.query_selector("[data-event]").ok()??.get_attribute("data-event")?;
    let path = window.location().pathname().ok()?;
    order_events::follow(&path.clone(), move |told| {
        if told != shown {
            // Not reload(): a page that was posted would be posted again.
            let _ = window.location().replace(&path);
        }
    })
}
