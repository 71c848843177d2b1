//! Links from one page of a list to its others.

use leptos::prelude::*;

/// A link, if there is a page that way.
#[derive(Debug, Clone)]
pub struct PageLink {
    words: &'static str,
    rel: Option<&'static str>,
    address: Option<String>,
}

/// To where the list begins.
pub fn first(words: &'static str, address: Option<String>) -> PageLink {
    PageLink { words, rel: None, address }
}

pub fn previous(words: &'static str, address: Option<String>) -> PageLink {
    PageLink { words, rel: Some("prev"), address }
}

pub fn next(words: &'static str, address: Option<String>) -> PageLink {
    PageLink { words, rel: Some("next"), address }
}

#[component]
pub fn Paging(#[prop(default = "Pages")] label: &'static str, #[prop(into)] links: Vec<PageLink>) -> impl IntoView {
    let links = links.into_iter().filter_map(|PageLink { words, rel, address }| {
        let address = address?;
        Some(view! { <a rel=rel href=address>{words}</a> })
    });
    let links: Vec<_> = links.collect();
    (!links.is_empty()).then(|| view! { <nav class="pages" aria-label=label>{links}</nav> })
}
