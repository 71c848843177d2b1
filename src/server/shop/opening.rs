//! How this visitor's checkout opens the Payment Page.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{header::ACCEPT, request::Parts},
};

use crate::{
    pages::checkout::Embedding,
    platform::{Opening, PaymentPath},
    server::{http::visitor::query_value, state::AppState},
};

/// The shop's setting; with the sandbox, `?opening=` outweighs it.
#[derive(Debug, Clone, Copy)]
pub struct ChosenOpening {
    opening: Opening,
    asked_for: bool,
}

impl ChosenOpening {
    /// A form's address that keeps asking for the same opening.
    pub fn action(self, path: &str) -> String {
        if self.asked_for { format!("{path}?opening={}", self.opening.code()) } else { path.to_owned() }
    }

    /// What the checkout page needs for a frame, if there is to be one.
    pub fn embedding(self, state: &AppState) -> Option<Embedding> {
        let payment_page = state.config.payment_page_url.base().to_owned();
        let on_payment_page = state.config.payment_path == PaymentPath::PaymentPage;
        (self.opening.is_framed() && on_payment_page).then_some(Embedding { opening: self.opening, payment_page })
    }
}

impl FromRequestParts<AppState> for ChosenOpening {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let asked = query_value(parts, "opening").filter(|_| state.config.pays_in_sandbox());
        let asked = asked.and_then(|code| Opening::from_code(&code));
        Ok(Self { opening: asked.unwrap_or(state.config.opening), asked_for: asked.is_some() })
    }
}

/// How the browser wants to be told of a payment that is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToldBy {
    /// A form was sent: the browser is led on.
    Redirect,
    /// The page itself asked, to open the payment in a frame.
    Json,
}

impl FromRequestParts<AppState> for ToldBy {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Infallible> {
        let json = parts.headers.get(ACCEPT).is_some_and(|accept| accept == "application/json");
        Ok(if json { Self::Json } else { Self::Redirect })
    }
}
