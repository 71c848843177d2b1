//! What browsers send: forms, which must come from our own pages, and names in addresses.

use std::convert::Infallible;

use axum::{
    Form,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, StatusCode, Uri, header, request::Parts},
    response::IntoResponse,
};
use serde::de::DeserializeOwned;

use crate::{error::AppError, server::state::AppState};

/// A posted form. Another site's form is refused; an unreadable one gets a page that says so.
pub struct ShopForm<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for ShopForm<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AppError> {
        if is_cross_site(request.headers(), &state.config.origin()) {
            return Err(AppError::CrossSite);
        }
        match Form::<T>::from_request(request, state).await {
            Ok(Form(form)) => Ok(Self(form)),
            Err(rejection) => match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => Err(AppError::TooLarge),
                _ => Err(AppError::BadRequest),
            },
        }
    }
}

/// The name in an address such as `/products/{slug}`. Anything that is no text is not found.
pub struct Segment(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let Path(segment) = Path::from_request_parts(parts, state).await.map_err(|_| AppError::NotFound)?;
        Ok(Self(segment))
    }
}

/// The number in an address such as `/admin/cases/{id}`. Anything else is not found.
pub struct Number(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Number {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let Path(number) = Path::from_request_parts(parts, state).await.map_err(|_| AppError::NotFound)?;
        Ok(Self(number))
    }
}

/// Whether the page is shown in a frame. Very old browsers do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framed {
    Yes,
    No,
}

impl<S: Send + Sync> FromRequestParts<S> for Framed {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let destination = parts.headers.get("sec-fetch-dest").and_then(|value| value.to_str().ok());
        let framed = matches!(destination, Some("iframe" | "frame" | "embed" | "object" | "fencedframe"));
        Ok(if framed { Self::Yes } else { Self::No })
    }
}

/// Whether a form comes from another site. Browsers tell where it comes from; a program that does not tell carries no cookies of a
/// browser.
pub fn is_cross_site(headers: &HeaderMap, public_origin: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    if origin == public_origin {
        return false;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let origin = origin.as_ref().and_then(|origin| origin.authority()).map(|authority| authority.as_str());
    origin.is_none() || origin != host
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_may_post() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect::<HeaderMap>()
        };
        for (pairs, foreign) in [
            (&[("sec-fetch-site", "same-origin")][..], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "cross-site")], true),
            (&[("sec-fetch-site", "same-site")], true),
            (&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")], false),
            (&[("origin", "http://evil.example"), ("host", "127.0.0.1:3000")], true),
            (&[("origin", "https://shop.example"), ("host", "10.0.0.7:3000")], false),
            (&[("origin", "null"), ("host", "127.0.0.1:3000")], true),
            (&[("host", "127.0.0.1:3000")], false),
        ] {
            assert_eq!(is_cross_site(&headers(pairs), "https://shop.example"), foreign, "{pairs:?}");
        }
    }
}
