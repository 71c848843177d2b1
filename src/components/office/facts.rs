//! Names and values, a line each.

use leptos::prelude::*;

#[component]
pub fn Facts(
    #[prop(into)] known: Vec<(&'static str, String)>,
    /// Further lines, whose values are more than text.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let lines = known.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    view! { <dl class="facts">{lines.collect_view()}{children.map(|children| children())}</dl> }
}
