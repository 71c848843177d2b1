//! The pages to look around in: catalogue, product, terms.

use axum::{
    extract::{Query, State},
    response::Response,
};
use leptos::prelude::*;
use leptos_i18n::Locale as _;
use serde::Deserialize;

use crate::{
    domain::text::seen,
    error::AppError,
    i18n::td_string,
    pages::{
        catalogue::{CataloguePage, CataloguePart, heading},
        product::{NotAdded, ProductPage},
        terms::TermsPage,
    },
    server::{
        http::{input::Segment, respond::Page, visitor::Visitor},
        state::AppState,
    },
};

/// `/?category=…&q=…&page=…`. Anything else in the query is not ours to judge.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct CatalogueFilter {
    category: String,
    q: String,
    /// Empty: the first one.
    page: String,
}

/// Longer searches are cut: nothing here has so long a name.
const LONGEST_SEARCH: usize = 100;

pub async fn catalogue(
    State(state): State<AppState>,
    visitor: Visitor,
    filter: Result<Query<CatalogueFilter>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, AppError> {
    let Query(filter) = filter.map_err(|_| AppError::BadRequest)?;
    let category = match filter.category.as_str() {
        "" => None,
        slug => Some(state.catalog.category(slug).ok_or(AppError::NotFound)?.slug.clone()),
    };
    let words: String = seen(&filter.q).chars().take(LONGEST_SEARCH).collect();
    let page = if filter.page.is_empty() { Ok(1) } else { filter.page.parse() };
    let page = page.map_err(|_| AppError::NotFound)?;
    let found = state.catalog.search(category.as_deref(), &words, page).ok_or(AppError::NotFound)?;
    let wanted = CataloguePart { category, words, found };
    let (market, locale, catalog) = (visitor.market, visitor.locale, state.catalog.clone());
    let page = Page::titled(heading(&catalog, &wanted, locale));
    Ok(page.show(&state, &visitor, move || {
        view! { <CataloguePage catalog=&catalog wanted=wanted market=market locale=locale/> }.into_any()
    }))
}

pub async fn product(State(state): State<AppState>, visitor: Visitor, Segment(slug): Segment) -> Result<Response, AppError> {
    show_product(&state, &visitor, &slug, None).await
}

/// The product's page, perhaps with the reason why it did not get into the cart.
pub async fn show_product(
    state: &AppState,
    visitor: &Visitor,
    slug: &str,
    refused: Option<NotAdded>,
) -> Result<Response, AppError> {
    let product = state.catalog.product(slug).ok_or(AppError::NotFound)?.clone();
    let left = state.store.left_of(&product, visitor.customer_id()?, state.now()).await?;
    let (market, locale) = (visitor.market, visitor.locale);
    let status = if refused.is_some() { axum::http::StatusCode::UNPROCESSABLE_ENTITY } else { axum::http::StatusCode::OK };
    let page = Page::titled(product.name.in_language(locale.as_str())).with_status(status);
    Ok(page.show(state, visitor, move || {
        view! { <ProductPage product=&product left=left refused=refused market=market locale=locale/> }.into_any()
    }))
}

pub async fn terms(State(state): State<AppState>, visitor: Visitor) -> Response {
    let locale = visitor.locale;
    Page::titled(td_string!(locale, terms.title)).show(&state, &visitor, move || view! { <TermsPage locale=locale/> })
}
