//! ACT: the registry of orders: found by a filter that lives in the address.

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use leptos::prelude::*;

use crate::{
    components::office::Tab,
    domain::{
        day::DaySpan,
        people::operator::Operator,
        registry::{Listing, ORDER_FIELDS, ORDER_LINKS, OrderFilter},
        text::fields::Fields,
    },
    error::AppError,
    pages::admin::orders::registry::OrdersPage,
    server::{
        admin::{
            lists,
            office::{Office, sentence},
        },
        state::AppState,
        store::ListError,
    },
};

/// Rows of a page.
const PAGE: usize = 50;

pub async fn show(State(state): State<AppState>, operator: Operator, RawQuery(query): RawQuery) -> Result<Response, AppError> {
    let (mut fields, filter) = asked(&state, query.as_deref());
    let Some((filter, span)) = filter else { return Ok(refused(&state, &operator, fields)) };
    match state.store.registry(&filter, span, PAGE).await {
        Ok(listing) => Ok(page(&state, &operator, fields, Some((filter, listing)))),
        Err(ListError::Store(error)) => Err(error.into()),
        Err(ListError::TooMany) => {
            refuse_too_many(&mut fields);
            Ok(refused(&state, &operator, fields))
        }
    }
}

/// What an address asks for, with the moments of its days. `None`: something cannot be read, and is told in the fields.
pub fn asked(state: &AppState, query: Option<&str>) -> (Fields, Option<(OrderFilter, DaySpan)>) {
    let mut fields = lists::fields(query, ORDER_FIELDS, ORDER_LINKS);
    let found = OrderFilter::read(&mut fields).map(|filter| {
        let span = lists::moments(&mut fields, (filter.from, filter.to), &state.config.time_zone);
        (filter, span)
    });
    let found = found.filter(|_| !fields.is_refused());
    (fields, found)
}

pub fn refuse_too_many(fields: &mut Fields) {
    fields.refuse("q", sentence(&ListError::TooMany));
}

/// The page with what is wrong with the filter.
pub fn refused(state: &AppState, operator: &Operator, fields: Fields) -> Response {
    page(state, operator, fields, None)
}

fn page(state: &AppState, operator: &Operator, fields: Fields, found: Option<(OrderFilter, Listing)>) -> Response {
    let office = Office::titled("Orders").under(Tab::Orders).refused_if(found.is_none());
    let zone = state.config.time_zone.clone();
    office.show(state, operator, move || view! { <OrdersPage fields=fields found=found zone=zone/> })
}
