//! Stands before every address of the back office: checks who asks, whether they may, and that forms come from our own pages.

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use futures::StreamExt;
use tower_sessions::Session;

use crate::{
    domain::people::operator::{Operator, Permission},
    error::AppError,
    server::{
        admin::people::{
            kept::{Kept, without_secrets},
            session::{self, Epoch, Sign},
            sign_in,
        },
        http::input::is_cross_site,
        state::AppState,
    },
};

/// Who may open an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Anyone,
    /// Any operator who is signed in, also one who still has to set up a second factor.
    SignedIn,
    To(Permission),
}

/// Forms of the back office are small; files are read by their own address.
const MAX_KEPT_BYTES: usize = 32 * 1024;

pub async fn guard(State((state, door)): State<(AppState, Door)>, session: Session, request: Request, next: Next) -> Response {
    let changes = request.method() != Method::GET && request.method() != Method::HEAD;
    if changes && is_cross_site(request.headers(), &state.config.origin()) {
        return AppError::CrossSite.into_response();
    }
    let (mut response, operator) = match admit(&state, door, &session, request).await {
        Ok(Admitted { request, operator: Some((operator, epoch)) }) => {
            let response = next.run(request).await;
            (until_over(&state, &operator, epoch, response), Some(operator))
        }
        Ok(Admitted { request, operator: None }) => (next.run(request).await, None),
        Err(refusal) => (refusal.response, refusal.operator),
    };
    // An error page shows whose session it is.
    if let Some(operator) = operator {
        response.extensions_mut().insert(operator);
    }
    // No cache keeps a copy of these pages.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// An event stream ends with its session.
fn until_over(state: &AppState, operator: &Operator, epoch: Epoch, response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
        return response;
    }
    let over = session::is_over(state.clone(), operator.id, epoch);
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(over)))
}

/// A request that is let in, and its operator.
struct Admitted {
    request: Request,
    operator: Option<(Operator, Epoch)>,
}

/// The answer to a request that is not let in, and its operator if known.
struct Refusal {
    response: Response,
    operator: Option<Operator>,
}

async fn admit(state: &AppState, door: Door, session: &Session, mut request: Request) -> Result<Admitted, Box<Refusal>> {
    if door == Door::Anyone {
        return Ok(Admitted { request, operator: None });
    }
    let refused = |response: Response, operator| Err(Box::new(Refusal { response, operator }));
    let (operator, epoch) = match session::operator(state, session, sign_of(&request)).await {
        Ok(Some(found)) => found,
        Ok(None) => return refused(ask_who_it_is(state, request).await, None),
        Err(error) => return refused(error.into_response(), None),
    };
    if let Door::To(permission) = door {
        if operator.role.needs_second_factor() && !operator.has_second_factor && !state.config.is_reached_locally() {
            return refused(Redirect::to("/admin/account").into_response(), None);
        }
        if !operator.role.may(permission) {
            return refused(AppError::OtherRole.into_response(), Some(operator));
        }
    }
    request.extensions_mut().insert(operator.clone());
    Ok(Admitted { request, operator: Some((operator, epoch)) })
}

/// Browsers tell whether a person began a navigation. An event stream is opened by the page.
fn sign_of(request: &Request) -> Sign {
    let says = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let by_itself =
        says("sec-fetch-mode") == Some("navigate") && says("sec-fetch-user").is_none() && request.method() == Method::GET;
    if by_itself || request.uri().path().ends_with("/events") { Sign::OfAPage } else { Sign::OfLife }
}

/// What was typed into a form is kept, and comes back after sign-in.
async fn ask_who_it_is(state: &AppState, request: Request) -> Response {
    let address = request.uri().path_and_query().map_or("/admin", |address| address.as_str()).to_owned();
    if request.method() == Method::GET || request.method() == Method::HEAD {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", &address).finish();
        return Redirect::to(&format!("/admin/sign-in?{query}")).into_response();
    }
    let typed = typed(request).await;
    sign_in::ask_again(state, Kept { address, typed })
}

/// A form's fields; of a file nothing is kept.
async fn typed(request: Request<Body>) -> String {
    let is_form = request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/x-www-form-urlencoded");
    if !is_form {
        return String::new();
    }
    let body = to_bytes(request.into_body(), MAX_KEPT_BYTES).await.unwrap_or_default();
    without_secrets(&body)
}

/// The operator whom the guard let in.
impl FromRequestParts<AppState> for Operator {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, AppError> {
        // Missing only if the list of routes lets anyone open an address that needs an operator.
        parts.extensions.get::<Operator>().cloned().ok_or(AppError::Internal)
    }
}
