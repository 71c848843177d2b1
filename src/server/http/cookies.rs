//! Every cookie of the shop: what it is called, how long it stays, and who gets at it. No script does.

use axum_extra::extract::cookie::{Cookie, SameSite};
use time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer};

use crate::server::{
    running::limits,
    state::AppState,
    store::{DEVICE_REMEMBERED_S, Sessions},
};

/// What a visitor chose.
pub const MARKET: &str = "market";
pub const LANGUAGE: &str = "lang";
/// Opens a cart.
pub const CART: &str = "cart";
/// Proves which orders were placed in this browser.
pub const ORDERED: &str = "ordered";
/// An operator's session.
const OPERATOR: &str = "operator";
/// A device that an operator signed in with.
pub const DEVICE: &str = "device";

/// With HTTPS the browser itself makes sure that no other host sets our cookies.
pub fn name(state: &AppState, name: &str) -> String {
    if state.config.is_https() { format!("__Host-{name}") } else { name.to_owned() }
}

/// A cookie of the shop, kept for as long as the browser keeps any. Links of other sites lead to a shop that knows it.
pub fn of_visitor(state: &AppState, of: &str, value: String) -> Cookie<'static> {
    let mut cookie = cookie(state, of, value, SameSite::Lax);
    cookie.make_permanent();
    cookie
}

/// The cookie that knows a device again.
pub fn of_device(state: &AppState, token: String) -> Cookie<'static> {
    let mut cookie = cookie(state, DEVICE, token, SameSite::Strict);
    cookie.set_max_age(Duration::seconds(DEVICE_REMEMBERED_S));
    cookie
}

/// Operators' sessions, and their cookie: our own pages alone send it.
pub fn sessions(state: &AppState) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(state.store.sessions())
        .with_name(name(state, OPERATOR))
        .with_same_site(SameSite::Strict)
        .with_secure(state.config.is_https())
        .with_http_only(true)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::seconds(limits::SESSION_LASTS_S)))
}

fn cookie(state: &AppState, of: &str, value: String, same_site: SameSite) -> Cookie<'static> {
    let mut cookie = Cookie::new(name(state, of), value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(same_site);
    cookie.set_secure(state.config.is_https());
    cookie
}
