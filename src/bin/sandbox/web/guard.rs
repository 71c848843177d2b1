//! Which pages may send what: no page of another site in a browser presses a customer's buttons or speaks to Gate.

use axum::{
    extract::Request,
    http::{
        HeaderMap, StatusCode,
        header::{HOST, HeaderName, ORIGIN},
    },
    middleware::Next,
    response::Response,
};

use crate::{
    acts::refused::RefusalCode,
    web::{answer, page},
};

/// Browsers say here which page a request comes from.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Forms of our own pages. Every shop opens the Payment Page, but only the customer acts on it.
pub async fn own_pages_only(request: Request, next: Next) -> Response {
    if is_foreign(request.headers()) { foreign() } else { next.run(request).await }
}

/// The page that refuses another site's form.
pub fn foreign() -> Response {
    page::refused(StatusCode::FORBIDDEN, "Not from here", "This form was sent by a page of another site.")
}

/// Shops speak to Gate and the Data API from their servers, which send none of a browser's headers.
pub async fn no_pages(request: Request, next: Next) -> Response {
    if is_foreign(request.headers()) { answer::refusal(&RefusalCode::NotAServer.into()) } else { next.run(request).await }
}

/// Whether a page of another site sends this. What the browser itself says comes first: no page can change that.
pub fn is_foreign(headers: &HeaderMap) -> bool {
    match text(headers, &FETCH_SITE) {
        Some(site) => !["same-origin", "none"].contains(&site),
        None => {
            let own = text(headers, &HOST);
            text(headers, &ORIGIN).is_some_and(|origin| origin.split_once("://").map(|(_, host)| host) != own)
        }
    }
}

/// A header's text; one that is no text counts as present, and matches nothing.
pub fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}
