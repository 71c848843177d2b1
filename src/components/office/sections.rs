//! A part of a page under its heading.

use leptos::prelude::*;

#[component]
pub fn Section(
    /// The heading's, unique on the page.
    id: &'static str,
    #[prop(into)] title: String,
    children: Children,
) -> impl IntoView {
    view! {
        <section aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {children()}
        </section>
    }
}
