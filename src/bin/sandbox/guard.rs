//! Who may reach `/control`: this machine, and no page of another site in a browser on it.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request},
    http::{
        HeaderMap, StatusCode,
        header::{HOST, HeaderName, ORIGIN},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use url::{Host, Url};

use crate::control::Refusal;

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
