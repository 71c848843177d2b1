//! A page that comes back, from another tab or out of the back/forward cache, asks whether it is still true.

use std::{cell::Cell, rc::Rc};

use leptos::{prelude::*, task::spawn_local, web_sys::Response};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::dom::{element, is_restored, on, window};

/// Stands on pages about the cart. The element with `data-current` says which state they show.
#[island]
pub fn StayCurrent() -> impl IntoView {
    Effect::new(|_| watch());
    view! { <span hidden=true></span> }
}

fn watch() -> Option<()> {
    let window = window()?;
    let document = window.document()?;
    let asking = Rc::new(Cell::new(false));
    let ask = move || {
        if !asking.replace(true) {
            let asking = asking.clone();
            spawn_local(async move {
                check().await;
                asking.set(false);
            });
        }
    };
    let (seen, shown) = (ask.clone(), document.clone());
    on(&document, "visibilitychange", move |_| {
        if !shown.hidden() {
            seen();
        }
    })?;
    on(&window, "pageshow", move |event| {
        if is_restored(&event) {
            ask();
        }
    })
}

async fn check() -> Option<()> {
    let location = window()?.location();
    let shown = window()?.document()?.query_selector("[data-current]").ok()??.get_attribute("data-current")?;
    let answer: Response = JsFuture::from(window()?.fetch_with_str(&location.href().ok()?)).await.ok()?.dyn_into().ok()?;
    if answer.redirected() {
        // Nothing is left to show here. Whoever was paying wants to see that order.
        let order = element("payment-order").and_then(|link| link.get_attribute("href"));
        return location.replace(&order.unwrap_or_else(|| answer.url())).ok();
    }
    let page = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    if answer.ok() && !page.contains(&format!("data-current=\"{shown}\"")) {
        match element("cart-changed") {
            // What was typed here stays; the customer decides.
            Some(notice) => notice.remove_attribute("hidden").ok()?,
            None => location.reload().ok()?,
        }
    }
    Some(())
}
