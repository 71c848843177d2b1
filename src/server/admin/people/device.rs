//! Devices that signed in before, known by a cookie of their own. It opens nothing: it only keeps strangers' guesses from slowing
//! down whoever works here.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, State},
    http::{HeaderValue, header, request::Parts},
    response::Response,
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use sha2::{Digest, Sha256};

use crate::{
    error::AppError,
    server::{running::chance, state::AppState, store::DEVICE_REMEMBERED_S},
};

/// The token in this browser's cookie, if it has one.
pub struct Device(Option<String>);

impl FromRequestParts<AppState> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let jar = CookieJar::from_headers(&parts.headers);
        let token = jar.get(cookie_name(state)).map(|cookie| cookie.value().to_owned());
        Ok(Self(token.filter(|token| chance::is_token(token))))
    }
}

impl Device {
    /// What failures on this device are counted for, if this operator signed in with it before.
    pub async fn known_to(&self, state: &AppState, operator: i64) -> Result<Option<String>, AppError> {
        let Some(token) = &self.0 else { return Ok(None) };
        let digest = digest(token);
        let is_known = state.store.knows_device(operator, digest, state.now()).await?;
        Ok(is_known.then(|| digest.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The operator signed in: the next time this device is known. The cookie goes out with the answer.
    pub async fn remember(&self, state: &AppState, operator: i64, mut response: Response) -> Result<Response, AppError> {
        let is_known = self.known_to(state, operator).await?.is_some();
        // A token that was known to nobody may have been put there by a stranger.
        let token = self.0.clone().filter(|_| is_known).unwrap_or_else(chance::token);
        state.store.remember_device(operator, digest(&token), state.now()).await?;
        response.extensions_mut().insert(Remembered(token));
        Ok(response)
    }
}

/// The token that an answer gives to its browser.
#[derive(Clone)]
struct Remembered(String);

/// Adds the cookie to an answer, after that of the session.
pub async fn send_cookie(State(state): State<AppState>, mut response: Response) -> Response {
    if let Some(Remembered(token)) = response.extensions_mut().remove()
        && let Ok(cookie) = HeaderValue::from_str(&cookie(&state, token).to_string())
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn cookie(state: &AppState, token: String) -> Cookie<'static> {
    let mut cookie = Cookie::new(cookie_name(state), token);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Strict);
    cookie.set_secure(state.config.is_https());
    cookie.set_max_age(time::Duration::seconds(DEVICE_REMEMBERED_S));
    cookie
}

/// With HTTPS the browser itself makes sure that no other host sets it.
fn cookie_name(state: &AppState) -> &'static str {
    if state.config.is_https() { "__Host-device" } else { "device" }
}

/// Whoever reads the database cannot pass for a device that stands there.
fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}
