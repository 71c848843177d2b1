//! What an address may ask for, and how often. Whoever is faster is told when to come back.

use std::net::IpAddr;

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use metrics::counter;

use super::rates::Rates;
use crate::{
    error::AppError,
    server::{clock::SharedClock, customer_address::network, limits, state::AppState},
};

/// What costs something, and is counted by address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Cart,
    Checkout,
    Payment,
    SignIn,
    RefusedCallback,
}

/// How often each address asked for what lately.
pub struct Paces {
    carts: Rates<IpAddr>,
    checkouts: Rates<IpAddr>,
    payments: Rates<IpAddr>,
    sign_ins: Rates<IpAddr>,
    refused_callbacks: Rates<IpAddr>,
}

impl Paces {
    pub fn new(clock: &SharedClock) -> Self {
        let rates = |pace| Rates::new(pace, clock.clone());
        Self {
            carts: rates(limits::CARTS),
            checkouts: rates(limits::CHECKOUTS),
            payments: rates(limits::PAYMENTS),
            sign_ins: rates(limits::SIGN_INS),
            refused_callbacks: rates(limits::REFUSED_CALLBACKS),
        }
    }

    /// Error: the seconds to wait. People at this computer are no strangers; so do all customers look, too, behind a proxy that
    /// is not trusted, and none of them shall wait for the others.
    fn ask(&self, wish: Wish, address: IpAddr) -> Result<(), u64> {
        if address.is_loopback() {
            return Ok(());
        }
        let (rates, name) = match wish {
            Wish::Cart => (&self.carts, "cart"),
            Wish::Checkout => (&self.checkouts, "checkout"),
            Wish::Payment => (&self.payments, "payment"),
            Wish::SignIn => (&self.sign_ins, "sign-in"),
            Wish::RefusedCallback => (&self.refused_callbacks, "callback"),
        };
        rates.ask(&network(address)).inspect_err(|_| counter!("too_often_total", "what" => name).increment(1))
    }

    /// A callback from this address was refused. Those that verify are not counted: true ones are taken from anywhere.
    pub fn refused_callback(&self, address: IpAddr) -> Result<(), AppError> {
        self.ask(Wish::RefusedCallback, address).map_err(|wait_s| AppError::TooOften { wait_s })
    }
}

/// What a request to a route wishes for, if that is counted.
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

/// Stands in front of every address.
pub async fn keep(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let Some(wish) = wish(request.method(), route) else { return next.run(request).await };
    let address = state.proxies.address_of(request.extensions(), request.headers());
    match state.paces.ask(wish, address) {
        Ok(()) => next.run(request).await,
        Err(wait_s) => AppError::TooOften { wait_s }.into_response(),
    }
}
