//! The document around every page.

use leptos::{config::LeptosOptions, hydration::HydrationScripts, nonce::Nonce, prelude::*};
use leptos_i18n::Locale as _;

use crate::i18n::{Locale, td_string};

/// The names of the browser files; they change with their content.
#[derive(Debug, Clone)]
pub struct BrowserFiles {
    /// `storefront-1a2b3c4d`, the beginning of all three names.
    pub name: String,
}

/// The scripts a page needs: mostly none.
#[derive(Debug, Clone)]
pub struct Scripts {
    pub islands: bool,
    /// Address of the script that loads the page again after a rebuild.
    pub reload: Option<&'static str>,
    /// There when anything of this may run.
    pub nonce: Option<Nonce>,
}

/// A page may be left, and shown again, before its islands listen. They find it noted at the root.
const NOTES_RETURN: &str =
    "addEventListener('pageshow', (event) => event.persisted && (document.documentElement.dataset.restored = ''))";

/// `body` is a rendered page.
#[component]
pub fn Document(
    title: String,
    locale: Locale,
    files: BrowserFiles,
    body: String,
    scripts: Scripts,
    refreshed: bool,
) -> impl IntoView {
    let Scripts { islands, reload, nonce } = scripts;
    let reload = reload.map(|address| view! { <script type="module" src=address nonce=nonce.clone()></script> });
    let notes_return = islands.then(|| view! { <script nonce=nonce.clone() inner_html=NOTES_RETURN></script> });
    if let Some(nonce) = nonce {
        provide_context(nonce);
    }
    let options = LeptosOptions::builder().output_name(files.name.as_str()).build();
    let scripts = islands.then(|| view! { <HydrationScripts options=options islands=true/> });
    let style = format!("/pkg/{}.css", files.name);
    view! {
        <html lang=locale.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>{format!("{title} · {}", td_string!(locale, shop.name))}</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="preload" href="/fonts/instrument-sans.woff2" r#as="font" r#type="font/woff2" crossorigin=""/>
                <link rel="preload" href="/fonts/instrument-serif.woff2" r#as="font" r#type="font/woff2" crossorigin=""/>
                <link rel="stylesheet" href=style/>
                {refreshed.then(|| view! { <noscript><meta http-equiv="refresh" content="5"/></noscript> })}
                {notes_return}
                {scripts}
                {reload}
            </head>
            <body inner_html=body></body>
        </html>
    }
}
