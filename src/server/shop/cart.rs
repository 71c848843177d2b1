//! ACT: what goes into the cart and out of it.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    domain::shop::cart::Quantity,
    error::AppError,
    i18n::td_string,
    pages::{cart::CartPage, product::NotAdded},
    server::{
        http::{
            cookies::{self, CART},
            input::ShopForm,
            respond::Page,
            visitor::Visitor,
        },
        running::chance,
        shop::catalogue::show_product,
        state::AppState,
        store::FreshCart,
    },
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct LineForm {
    product: String,
    quantity: String,
}

pub async fn show(State(state): State<AppState>, visitor: Visitor) -> Result<Response, AppError> {
    let (locale, market, catalog) = (visitor.locale, visitor.market, state.catalog.clone());
    let cart = visitor.cart()?.cloned();
    let page = Page::titled(td_string!(locale, cart.title));
    Ok(page.show(&state, &visitor, move || {
        let priced = cart.as_ref().and_then(|cart| cart.priced(&catalog, market).ok());
        let current = cart.as_ref().map_or_else(String::new, |cart| cart.order_key.clone());
        view! { <CartPage cart=priced.as_ref() current=current locale=locale/> }.into_any()
    }))
}

/// Puts a product into the cart, then shows the cart.
pub async fn add(
    State(state): State<AppState>,
    visitor: Visitor,
    ShopForm(form): ShopForm<LineForm>,
) -> Result<Response, AppError> {
    let product = state.catalog.product(&form.product).ok_or(AppError::NotFound)?;
    let Some(quantity) = Quantity::parse(&form.quantity) else {
        return show_product(&state, &visitor, &product.slug, Some(NotAdded::BadQuantity)).await;
    };
    let left = state.store.left_of(product, visitor.customer_id()?, state.now()).await?;
    let in_cart = visitor.cart()?.into_iter().flat_map(|cart| &cart.lines).find(|line| line.slug == product.slug);
    let wanted = in_cart.map_or(quantity, |line| line.quantity.and(quantity));
    if left.is_some_and(|left| wanted.get() > left) {
        return show_product(&state, &visitor, &product.slug, Some(NotAdded::TooMany)).await;
    }
    let fresh = FreshCart { token: chance::token(), customer_id: chance::customer_id(), order_key: chance::token() };
    let token = state.store.add_to_cart(visitor.cart_token.as_deref(), &product.slug, quantity, fresh, state.now()).await?;
    Ok((CookieJar::new().add(cookies::of_visitor(&state, CART, token)), Redirect::to("/cart")).into_response())
}

/// Sets how many of a product are in the cart; 0 takes it out.
pub async fn change(
    State(state): State<AppState>,
    visitor: Visitor,
    ShopForm(form): ShopForm<LineForm>,
) -> Result<Redirect, AppError> {
    let in_cart = visitor.cart()?.is_some_and(|cart| cart.lines.iter().any(|line| line.slug == form.product));
    if !in_cart && state.catalog.product(&form.product).is_none() {
        return Err(AppError::NotFound);
    }
    let quantity = match form.quantity.trim() {
        "0" => None,
        text => Some(Quantity::parse(text).ok_or(AppError::BadRequest)?),
    };
    if let Some(token) = &visitor.cart_token {
        state.store.set_in_cart(token, &form.product, quantity, &chance::token(), state.now()).await?;
    }
    Ok(Redirect::to("/cart"))
}
