//! The filter of a list. It is sent by GET, so that what is wanted stands in the address.

use leptos::prelude::*;

#[component]
pub fn Filter(
    /// The list's path.
    action: &'static str,
    /// What is listed.
    label: &'static str,
    #[prop(default = "Show")] button: &'static str,
    /// What the link to the whole list is called, where there is one.
    #[prop(into, default = None)]
    whole: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <form class="filter" method="get" action=action role="search" aria-label=label>
            {children()}
            <div class="filter-send">
                <button>{button}</button>
                {whole.map(|whole| view! { <a href=action>{whole}</a> })}
            </div>
        </form>
    }
}
