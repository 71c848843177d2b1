//! `/`: what this program is.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use leptos::prelude::*;

use crate::{
    sandbox::Sandbox,
    web::page::{self, Look},
};

/// `GET /`
pub async fn show(State(sandbox): State<Arc<Sandbox>>) -> Response {
    let main = view! {
        <h1>"A copy of the payment platform"</h1>
        <p>
            "This program takes the payment platform’s place while a shop is tried and tested: "
            "it opens the Payment Page, plays the wallet or the bank, and sends signed callbacks. No money moves."
        </p>
        <dl>
            <dt>"Project"</dt>
            <dd>{sandbox.settings.project_id}</dd>
            <dt>"Callbacks"</dt>
            <dd>{sandbox.settings.callback_url.to_string()}</dd>
        </dl>
        <ul>
            <li><a href="/control">"Control panel"</a> ": payments, callbacks, faults, clock"</li>
            <li><a href="/payment">"Payment Page"</a> ": a shop opens it with signed parameters; without any, it says which are missing"</li>
            <li><a href="/example">"Example"</a> ": a page that embeds the Payment Page"</li>
        </ul>
    };
    page::page(StatusCode::OK, Look::Sandbox, "A copy of the payment platform", main)
}
