//! The form that asks how to pay, as it is posted and as it is shown: for a cart, and for an order that exists already.

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use leptos_i18n::Locale as _;
use serde::Deserialize;

use crate::{
    domain::shop::checkout::CheckoutForm,
    i18n::td_string,
    pages::checkout::{CheckoutPage, CheckoutView},
    server::{
        http::{content_security::Policy, respond::Page, visitor::Visitor},
        state::AppState,
    },
};

/// The form as it came. Fields left out read as empty.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PostedCheckout {
    email: String,
    last_name: String,
    phone: String,
    payment_method: String,
    /// The cart the customer saw, and its total; absent when the form was not made by our page.
    pub cart: Option<String>,
    pub total: Option<String>,
}

impl PostedCheckout {
    pub fn form(&self) -> CheckoutForm {
        CheckoutForm {
            email: self.email.clone(),
            last_name: self.last_name.clone(),
            phone: self.phone.clone(),
            payment_method: self.payment_method.clone(),
        }
    }
}

/// A product's name in the visitor's language.
pub fn product_name(state: &AppState, visitor: &Visitor, slug: &str) -> String {
    state
        .catalog
        .product(slug)
        .map_or_else(|| slug.to_owned(), |product| product.name.in_language(visitor.locale.as_str()).to_owned())
}

/// The checkout page, 422 when something in it is to be mended.
pub fn show_form(state: &AppState, visitor: &Visitor, checkout: CheckoutView) -> Response {
    let refused = checkout.errors.any() || checkout.notice.is_some();
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let locale = visitor.locale;
    let title = td_string!(locale, checkout.title);
    // Who hears only the title hears that something is to be mended.
    let title = if refused { format!("{}: {title}", td_string!(locale, checkout.errors)) } else { title.to_owned() };
    let payment_page = state.config.payment_page_url.origin();
    let policy =
        Policy { embeds: checkout.embedding.as_ref().map(|_| payment_page.clone()), leads_to: Some(payment_page), framed_by: None };
    let page = Page::titled(title).with_status(status).with_policy(policy);
    page.show(state, visitor, move || view! { <CheckoutPage checkout=checkout locale=locale/> })
}
