//! `/orders/{token}` in a frame: nothing but the way to the shop's own window.

use leptos::prelude::*;

use crate::{
    i18n::{Locale, td},
    islands::way_out::WayOut,
};

#[component]
pub fn WayOutPage(token: String, locale: Locale) -> impl IntoView {
    view! {
        <main class="way-out">
            <h1>{td!(locale, order.way_out_title)}</h1>
            <p><a class="button" id="way-out" href=format!("/orders/{token}") target="_top">{td!(locale, order.way_out)}</a></p>
            <WayOut/>
        </main>
    }
}
