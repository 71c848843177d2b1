//! A page that is shown again, from another tab or out of the back/forward cache, asks whether it is still up to date.

use std::{cell::Cell, rc::Rc};

use js_sys::Reflect;
use leptos::{prelude::*, task::spawn_local, web_sys::Response};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::{
    dom::{element, is_restored, on, status_over_the_page, was_restored, window},
    payment_page::frame_guard,
};

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
    if came_back() || was_restored() {
        ask();
    }
    on(&window, "pageshow", move |event| {
        if is_restored(&event) {
            ask();
        }
    })
}

/// By the Back button, with the page as the browser kept it on disk.
fn came_back() -> bool {
    let entry =
        window().and_then(|window| window.performance()).map(|performance| performance.get_entries_by_type("navigation").get(0));
    let kind = entry.and_then(|entry| Reflect::get(&entry, &"type".into()).ok());
    kind.and_then(|kind| kind.as_string()).is_some_and(|kind| kind == "back_forward")
}

async fn check() -> Option<()> {
    let location = window()?.location();
    let shown = window()?.document()?.query_selector("[data-current]").ok()??.get_attribute("data-current")?;
    let answer: Response = JsFuture::from(window()?.fetch_with_str(&location.href().ok()?)).await.ok()?.dyn_into().ok()?;
    if answer.redirected() && frame_guard::frame().is_some() {
        // A payment is under way here: only the order's own event stream leads away from the page.
        return tell();
    }
    if answer.redirected() {
        // The cart is gone. If the customer was paying, they want to see that order.
        let order = element("payment-order").and_then(|link| link.get_attribute("href"));
        return location.replace(&order.unwrap_or_else(|| answer.url())).ok();
    }
    let page = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    if answer.ok() && !page.contains(&format!("data-current=\"{shown}\"")) {
        return tell().or_else(|| location.reload().ok());
    }
    Some(())
}

/// What was typed here stays; the customer decides. `None`: this page has no such notice.
fn tell() -> Option<()> {
    let notice = element("cart-changed")?;
    notice.remove_attribute("hidden").ok()?;
    if let Some(status) = status_over_the_page() {
        status.set_text_content(notice.text_content().as_deref());
    }
    Some(())
}
