//! Draws the page of an [`AppError`], in the visitor's language and the shop's own look.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use leptos::prelude::*;

use super::{respond::Page, state::AppState, visitor::Visitor};
use crate::{
    error::AppError,
    pages::failure::{FailurePage, words},
};

/// Replaces an answer that carries an error by its page. Only then is anything asked about the visitor.
pub async fn draw(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let response = next.run(Request::from_parts(parts.clone(), body)).await;
    let Some(error) = response.extensions().get::<AppError>().copied() else { return response };
    let Ok(visitor) = Visitor::from_request_parts(&mut parts, &state).await.map(Visitor::sent_home);
    let allow = response.headers().get(header::ALLOW).cloned();
    let locale = visitor.locale;
    let (title, _) = words(error, locale);
    let page = Page::titled(title).with_status(error.status());
    let mut drawn = page.show(&state, &visitor, move || view! { <FailurePage error=error locale=locale/> });
    if let Some(allow) = allow {
        drawn.headers_mut().insert(header::ALLOW, allow);
    }
    if error == AppError::Unavailable {
        drawn.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    drawn
}
