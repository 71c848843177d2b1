//! Limits how often one network address may ask. A faster one is told when to come back.

use std::net::IpAddr;

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    error::AppError,
    server::{
        running::paces::{Paces, Wish},
        state::AppState,
    },
};

/// Counts a refused callback of this address. Callbacks that verify are not counted, and are taken from any address.
pub fn refused_callback(paces: &Paces, address: IpAddr) -> Result<(), AppError> {
    paces.ask(Wish::RefusedCallback, address).map_err(|wait_s| AppError::TooOften { wait_s })
}

/// What a request asks for, if that is counted.
fn wish(method: &Method, route: &str) -> Option<Wish> {
    if method != Method::POST {
        return None;
    }
    match route {
        "/cart" | "/cart/lines" => Some(Wish::Cart),
        "/checkout" => Some(Wish::Checkout),
        "/orders/{token}/pay" | "/orders/{token}/continue" => Some(Wish::Payment),
        "/admin/sign-in" | "/admin/sign-in/code" => Some(Wish::SignIn),
        _ => None,
    }
}

/// Stands before every route.
pub async fn keep(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let Some(wish) = wish(request.method(), route) else { return next.run(request).await };
    let address = state.proxies.address_of(request.extensions(), request.headers());
    match state.paces.ask(wish, address) {
        Ok(()) => next.run(request).await,
        Err(wait_s) => AppError::TooOften { wait_s }.into_response(),
    }
}
