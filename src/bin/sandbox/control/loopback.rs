//! `/control` is for this machine alone.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request},
    http::{
        HeaderMap, StatusCode,
        header::{HOST, ORIGIN},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use url::{Host, Url};

use crate::{control::refusal::Refusal, web::guard::text};

/// Lets loopback peers through that address the sandbox by a loopback name and do not come from another site.
/// The name matters: if a foreign name pointed at this machine, a foreign page would look like ours.
pub async fn only(ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request, next: Next) -> Response {
    let own = own_origin(request.headers());
    let reason = if !peer.ip().to_canonical().is_loopback() {
        "/control answers on loopback only"
    } else if own.is_none() {
        "/control answers to the names localhost, 127.0.0.1 and [::1] only"
    } else if text(request.headers(), &ORIGIN).is_some_and(|origin| Some(origin) != own.as_deref()) {
        "/control takes nothing from pages of other sites"
    } else {
        return next.run(request).await;
    };
    Refusal::new(StatusCode::FORBIDDEN, reason).into_response()
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
