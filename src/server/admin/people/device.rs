//! Devices that an operator signed in with before, known by a cookie. It opens nothing; it only keeps strangers' failed sign-ins
//! from slowing the operator down.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, State},
    http::{HeaderValue, header, request::Parts},
    response::Response,
};
use axum_extra::extract::cookie::CookieJar;

use crate::{
    error::AppError,
    server::{
        http::cookies::{self, DEVICE},
        running::chance,
        state::AppState,
    },
};

/// The token in this browser's cookie, if it has one.
pub struct Device(Option<String>);

impl FromRequestParts<AppState> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let jar = CookieJar::from_headers(&parts.headers);
        let token = jar.get(&cookies::name(state, DEVICE)).map(|cookie| cookie.value().to_owned());
        Ok(Self(token.filter(|token| chance::is_token(token))))
    }
}

impl Device {
    /// The name by which failures on this device are counted, if this operator signed in with it before.
    pub async fn known_to(&self, state: &AppState, operator: i64) -> Result<Option<String>, AppError> {
        let Some(token) = &self.0 else { return Ok(None) };
        let digest = chance::digest(token);
        let is_known = state.store.knows_device(operator, digest, state.now()).await?;
        Ok(is_known.then(|| digest.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Remembers the device after a sign-in. The answer carries the cookie.
    pub async fn remember(&self, state: &AppState, operator: i64, mut response: Response) -> Result<Response, AppError> {
        let is_known = self.known_to(state, operator).await?.is_some();
        // An unknown token may have been set by a stranger, so it is replaced.
        let token = self.0.clone().filter(|_| is_known).unwrap_or_else(chance::token);
        state.store.remember_device(operator, chance::digest(&token), state.now()).await?;
        response.extensions_mut().insert(Remembered(token));
        Ok(response)
    }
}

/// The token that an answer gives to its browser.
#[derive(Clone)]
struct Remembered(String);

/// Adds the cookie to the answer, after the session's cookie.
pub async fn send_cookie(State(state): State<AppState>, mut response: Response) -> Response {
    if let Some(Remembered(token)) = response.extensions_mut().remove()
        && let Ok(cookie) = HeaderValue::from_str(&cookies::of_device(&state, token).to_string())
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
