//! Sends the form that leads to the wallet or bank; without scripts its button does.

use leptos::{prelude::*, web_sys::HtmlFormElement};

use super::dom::{element_as, is_restored, on, window};

/// Stands beside the form.
#[island]
pub fn SendOn() -> impl IntoView {
    Effect::new(|_| send());
    view! { <span hidden=true></span> }
}

fn send() -> Option<()> {
    let form: HtmlFormElement = element_as("handover")?;
    // A customer who comes back to this page is not sent away again.
    let window = window()?;
    on(&window, "pageshow", |event| {
        if is_restored(&event) {
            let _ = super::dom::window().map(|window| window.location().reload());
        }
    })?;
    form.submit().ok()
}
