//! A part of a page that is opened with a click.

use leptos::prelude::*;

#[component]
pub fn Fold(
    summary: &'static str,
    /// What it is of, for those who hear the summary without what stands around it.
    #[prop(into)]
    of: String,
    #[prop(default = false)] is_open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details open=is_open>
            <summary>{summary}" "<span class="visually-hidden">{of}</span></summary>
            {children()}
        </details>
    }
}
