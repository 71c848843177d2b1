//! The frame of every page, and the pages of refusals.

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::*;

named! {
    /// Whose page it is; the stylesheet knows each by its name.
    pub enum Look {
        /// The platform's own pages.
        Sandbox = "sandbox",
        Payco = "payco",
        PayMaya = "paymaya",
        Bancontact = "bancontact",
    }
}

/// Marks the answer of a page that has scripts, for its content policy.
#[derive(Debug, Clone, Copy)]
pub struct Scripted;

/// Marks the answer of a page whose forms lead to these origins in the end, for its content policy.
#[derive(Debug, Clone)]
pub struct LeadsTo(pub Vec<String>);

/// A whole page around its main part, without scripts.
pub fn page(status: StatusCode, look: Look, title: &str, main: impl IntoView + 'static) -> Response {
    scripted(status, look, title, Vec::new(), main)
}

/// A whole page around its main part, perhaps with scripts.
pub fn scripted(status: StatusCode, look: Look, title: &str, scripts: Vec<AnyView>, main: impl IntoView + 'static) -> Response {
    let is_scripted = !scripts.is_empty();
    let title = format!("{title} – Sandbox");
    let page = view! {
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <link rel="stylesheet" href="/assets/sandbox.css" />
                <link rel="icon" href="data:," />
                {scripts}
            </head>
            <body class=look.name()>
                <header class="banner">
                    <strong>"Sandbox"</strong>
                    " — no real money"
                </header>
                <main>{main}</main>
            </body>
        </html>
    };
    let mut response = (status, Html(format!("<!DOCTYPE html>{}", page.to_html()))).into_response();
    if is_scripted {
        response.extensions_mut().insert(Scripted);
    }
    response
}

/// The page of every unknown address.
pub fn not_found() -> Response {
    let main = view! {
        <h1>"Nothing here"</h1>
        <p>"The sandbox has no page at this address. " <a href="/">"What the sandbox is"</a></p>
        <p>"A shop opens the Payment Page at " <code>"/payment"</code> ", one slash and nothing after it."</p>
    };
    page(StatusCode::NOT_FOUND, Look::Sandbox, "Nothing here", main)
}

/// Any other short refusal.
pub fn refused(status: StatusCode, heading: &'static str, reason: impl Into<String>) -> Response {
    let main = view! {
        <h1>{heading}</h1>
        <p>{reason.into()}</p>
    };
    page(status, Look::Sandbox, heading, main)
}
