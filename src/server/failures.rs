//! What a visitor is told when something failed: which error of the store becomes which [`AppError`], and the page of it, in
//! the visitor's language and the shop's own look.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use crate::{
    domain::people::operator::Operator,
    error::AppError,
    pages::failure::{FailurePage, OfficeFailurePage, office_words, words},
    server::{
        admin::office::Office,
        api::{self, refused::ApiError},
        http::{respond::Page, visitor::Visitor},
        state::AppState,
        store::StoreError,
    },
};

/// Replaces an answer that carries an error by its page. Only then is anything asked about the visitor.
pub async fn draw(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let response = next.run(Request::from_parts(parts.clone(), body)).await;
    let Some(error) = response.extensions().get::<AppError>().copied() else { return response };
    let path = parts.uri.path();
    let mut drawn = if path == "/admin" || path.starts_with("/admin/") {
        in_the_back_office(&state, response.extensions().get::<Operator>(), error)
    } else if api::is_of_programs(path) {
        ApiError::Failed(error).into_response()
    } else {
        in_the_shop(&state, &mut parts, error).await
    };
    if let Some(allow) = response.headers().get(header::ALLOW).cloned() {
        drawn.headers_mut().insert(header::ALLOW, allow);
    }
    if let Some(seconds) = error.again_after_s() {
        drawn.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    drawn
}

fn in_the_back_office(state: &AppState, operator: Option<&Operator>, error: AppError) -> Response {
    let (title, text) = office_words(error);
    let office = Office::titled(title).with_status(error.status());
    let content = move || view! { <OfficeFailurePage title=title text=text/> };
    let mut response = match operator {
        Some(operator) => office.show(state, operator, content),
        None => office.show_outside(state, content),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn in_the_shop(state: &AppState, parts: &mut Parts, error: AppError) -> Response {
    let Ok(visitor) = Visitor::from_request_parts(parts, state).await.map(Visitor::sent_home);
    let locale = visitor.locale;
    let (title, _) = words(error, locale);
    let page = Page::titled(title).with_status(error.status());
    page.show(state, &visitor, move || view! { <FailurePage error=error locale=locale/> })
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        match error {
            StoreError::Failed(_) | StoreError::Refused(_) | StoreError::NoAnswer | StoreError::NotNow => AppError::Unavailable,
            StoreError::Migration(_)
            | StoreError::Newer { .. }
            | StoreError::OlderShopRuns(_)
            | StoreError::Folder(_)
            | StoreError::Inconsistent(_)
            | StoreError::NoRow
            | StoreError::NotThere(_)
            | StoreError::Moved
            | StoreError::UnknownDatabase(_) => AppError::Internal,
        }
    }
}
