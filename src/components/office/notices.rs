//! Sentences above a page or a form: what came of the last act, and why one was not done.

use leptos::prelude::*;

/// What came of the last act.
#[component]
pub fn Told<W: IntoView + 'static>(words: Option<W>) -> impl IntoView {
    words.map(|words| view! { <p class="told" role="status">{words}</p> })
}

/// Why nothing was done.
#[component]
pub fn Refused(#[prop(into)] reason: Option<String>) -> impl IntoView {
    reason.map(|reason| view! { <p class="notice" role="alert">{reason}</p> })
}
