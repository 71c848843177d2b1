//! Who may ask for what: `/control` is for this machine alone, and no page of another site in a browser presses a
//! customer's buttons or speaks to Gate.

use std::net::SocketAddr;

use axum::{
    Json,
    extract::{ConnectInfo, Request},
    http::{
        HeaderMap, StatusCode,
        header::{HOST, HeaderName, ORIGIN},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;
use url::{Host, Url};

use crate::{control::Refusal, look::page};

/// Browsers say here which page a request comes from.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Lets loopback peers through that address the sandbox by a loopback name and do not come from another site.
/// The name matters: a foreign name that was made to point at this machine would make a foreign page look like ours.
pub async fn loopback_only(ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request, next: Next) -> Response {
    let refused = |reason: &str| Refusal::new(StatusCode::FORBIDDEN, reason).into_response();
    if !peer.ip().to_canonical().is_loopback() {
        return refused("/control answers on loopback only");
    }
    let Some(own) = own_origin(request.headers()) else {
        return refused("/control answers to the names localhost, 127.0.0.1 and [::1] only");
    };
    if text(request.headers(), &ORIGIN).is_some_and(|origin| origin != own) {
        return refused("/control takes nothing from pages of other sites");
    }
    next.run(request).await
}

/// Forms of our own pages. Every shop opens the Payment Page, but only the customer acts on it.
pub async fn own_pages_only(request: Request, next: Next) -> Response {
    if is_foreign(request.headers()) { foreign() } else { next.run(request).await }
}

/// The page that says no to another site's form.
pub fn foreign() -> Response {
    page::refused(StatusCode::FORBIDDEN, "Not from here", "This form was sent by a page of another site.".to_owned())
}

/// Shops speak to Gate and the Data API from their servers, which say nothing of pages.
pub async fn no_pages(request: Request, next: Next) -> Response {
    if !is_foreign(request.headers()) {
        return next.run(request).await;
    }
    let message = "Requests have to come from a server, not from a page in a browser";
    (StatusCode::FORBIDDEN, Json(json!({ "status": "error", "code": "303", "message": message }))).into_response()
}

/// Whether a page of another site sends this. What the browser itself says of it comes first: no page can change that.
pub fn is_foreign(headers: &HeaderMap) -> bool {
    match text(headers, &FETCH_SITE) {
        Some(site) => !["same-origin", "none"].contains(&site),
        None => {
            let own = text(headers, &HOST);
            text(headers, &ORIGIN).is_some_and(|origin| origin.split_once("://").map(|(_, host)| host) != own)
        }
    }
}

/// The origin of our own pages, if the request names a loopback host.
fn own_origin(headers: &HeaderMap) -> Option<String> {
    let url = Url::parse(&format!("http://{}", text(headers, &HOST)?)).ok()?;
    let loopback = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    loopback.then(|| url.origin().ascii_serialization())
}

/// A header's text; one that is no text counts as there, and matches nothing.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}
