//! `/example`: a page that embeds the Payment Page as a shop does, with a fresh payment for each way to open it.

use std::sync::Arc;

use crate::{
    payment_page::parameters,
    payments::fields::Fields,
    running::{chance, settings::Settings},
    sandbox::Sandbox,
    web::page::{self, Look},
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header::HOST},
    response::Response,
};
use leptos::prelude::*;
use storefront::protocol::signed::signature::Unsignable;
use url::Url;

/// The element a frame is put into.
const TARGET: &str = "payment";

/// A button's id, its text, and the parameter that makes it different.
type WayToOpen = (&'static str, &'static str, Option<(&'static str, &'static str)>);

const WAYS_TO_OPEN: [WayToOpen; 3] = [
    ("open-in-page", "Open in this page", Some(("target_element", TARGET))),
    ("open-over-page", "Open over this page", None),
    ("open-in-tab", "Open in this tab", Some(("redirect", "1"))),
];

/// `GET /example`
pub async fn show(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap) -> Response {
    let here = own_address(&headers);
    let buttons: Result<Vec<_>, Unsignable> = WAYS_TO_OPEN
        .into_iter()
        .map(|(id, text, parameter)| {
            let config = signed_config(&sandbox.settings, parameter, here.as_ref())?;
            Ok(view! { <button type="button" id=id data-config=config>{text}</button> })
        })
        .collect();
    let buttons = match buttons {
        Ok(buttons) => buttons.collect_view(),
        Err(reason) => return page::refused(StatusCode::INTERNAL_SERVER_ERROR, "No example", reason.to_string()),
    };
    let main = view! {
        <h1>"A shop that embeds the Payment Page"</h1>
        <p>
            "Each button opens a payment of its own over 10.00 EUR. The page uses " <code>"EPayWidget"</code>
            " of " <code>"/shared/merchant.js"</code> " as it would use the platform’s. Reload it for new payments."
        </p>
        <div class="row">{buttons}</div>
        <div id=TARGET></div>
        <h2 id="called">"Handlers called"</h2>
        <ol id="log" aria-labelledby="called" aria-live="polite"></ol>
    };
    let scripts = view! {
        <script src="/shared/merchant.js" defer></script>
        <script src="/assets/example.js" defer></script>
    };
    page::scripted(StatusCode::OK, Look::Sandbox, "Example", vec![scripts.into_any()], main)
}

/// What a shop's server gives to its page, in JSON: the parameters and their signature.
fn signed_config(settings: &Settings, parameter: Option<(&str, &str)>, here: Option<&Url>) -> Result<String, Unsignable> {
    let mut config = Fields::of([
        ("project_id", Some(&settings.project_id.to_string())),
        ("payment_id", Some(&format!("example-{}", chance::address_key()))),
        ("payment_amount", Some("1000")),
        ("payment_currency", Some("EUR")),
        ("customer_id", Some("example")),
        ("payment_description", Some("An example")),
        ("merchant_return_url", here.map(Url::as_str)),
    ]);
    if let Some((name, value)) = parameter {
        config.set(name, value);
    }
    let signature = settings.key.sign(&parameters::as_object(&config))?;
    config.set("signature", &signature);
    Ok(as_json(config))
}

fn as_json(fields: Fields) -> String {
    let members = fields.0.into_iter().map(|(name, value)| (name, serde_json::Value::String(value)));
    serde_json::Value::Object(members.collect()).to_string()
}

/// The address at which the visitor sees this page. `None`: the host is no valid one, so there is no way back.
fn own_address(headers: &HeaderMap) -> Option<Url> {
    let host = headers.get(HOST)?.to_str().ok()?;
    Url::parse(&format!("http://{host}/example")).ok().filter(|url| !url.as_str().contains(';'))
}
