//! ACT: one order's page, its events, and another try to pay it.

use std::time::Duration;

use axum::{
    extract::State,
    response::{
        IntoResponse, Redirect, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, stream};
use leptos::prelude::*;

use super::{
    chance,
    checkout_form::{PostedCheckout, product_name, show_form},
    input::{Segment, ShopForm},
    payment_page,
    respond::Page,
    state::AppState,
    store::{Attempted, Contact, StoreError},
    visitor::Visitor,
};
use crate::{
    components::order_summary::lines_of_order,
    domain::{
        checkout::{CheckoutErrors, CheckoutForm, Known},
        order::Order,
    },
    error::AppError,
    pages::{
        checkout::{CheckoutView, Notice},
        order::{OrderPage, status_event, words},
    },
};

/// GET and POST: the customer comes back either way, in any browser. What came with them is not looked at.
pub async fn show(State(state): State<AppState>, visitor: Visitor, Segment(token): Segment) -> Result<Response, AppError> {
    let order = find(&state, &token).await?;
    let visitor = visitor.in_language_of(&order);
    let (locale, now) = (visitor.locale, state.now());
    let (title, ..) = words(order.state(now), locale);
    let mut page = Page::titled(title).leading_to(state.config.payment_page_url.origin());
    if order.may_change(now) {
        page = page.refreshed_without_scripts();
    }
    Ok(page.show(&state, &visitor, move || view! { <OrderPage order=order now=now locale=locale/> }))
}

/// The form to pay an order in another way.
pub async fn show_ways(State(state): State<AppState>, visitor: Visitor, Segment(token): Segment) -> Result<Response, AppError> {
    let order = find(&state, &token).await?;
    let visitor = visitor.in_language_of(&order);
    if order.is_paid() {
        return Ok(Redirect::to(&format!("/orders/{token}")).into_response());
    }
    let last = order.attempts.last().and_then(|attempt| attempt.method);
    let payment_method = last.map_or(String::new(), |method| method.rules().code.to_owned());
    let form = CheckoutForm { payment_method, ..CheckoutForm::default() };
    Ok(show_form(&state, &visitor, view_of(&order, form, CheckoutErrors::default(), None)))
}

/// Another attempt, with what the order knows already and what was typed now.
pub async fn try_again(
    State(state): State<AppState>,
    visitor: Visitor,
    Segment(token): Segment,
    ShopForm(posted): ShopForm<PostedCheckout>,
) -> Result<Response, AppError> {
    let order = find(&state, &token).await?;
    let visitor = visitor.in_language_of(&order);
    if order.is_paid() {
        return Ok(Redirect::to(&format!("/orders/{token}")).into_response());
    }
    let form = posted.form();
    let known = Known { email: order.email.clone(), last_name: order.last_name.clone() };
    let checkout = match form.parse(order.total, &known) {
        Ok(checkout) => checkout,
        Err(errors) => return Ok(show_form(&state, &visitor, view_of(&order, form, errors, None))),
    };
    let contact = Contact { method: checkout.method, email: checkout.email, last_name: checkout.last_name };
    match state.store.try_again(&token, contact, &state.catalog, state.now()).await? {
        Some(Attempted::Ready(order)) => payment_page::send_to(&state, &order, visitor.locale),
        Some(Attempted::AlreadyPaid(_)) => Ok(Redirect::to(&format!("/orders/{token}")).into_response()),
        Some(Attempted::OutOfStock(slug)) => {
            let notice = Notice::OutOfStock(product_name(&state, &visitor, &slug));
            Ok(show_form(&state, &visitor, view_of(&order, form, CheckoutErrors::default(), Some(notice))))
        }
        None => Err(AppError::NotFound),
    }
}

async fn find(state: &AppState, token: &str) -> Result<Order, AppError> {
    if !chance::is_token(token) {
        return Err(AppError::NotFound);
    }
    state.store.order(token).await?.ok_or(AppError::NotFound)
}

/// What the order knows is said to be known, never shown: whoever holds the link may not be the customer.
fn view_of(order: &Order, form: CheckoutForm, errors: CheckoutErrors, notice: Option<Notice>) -> CheckoutView {
    CheckoutView {
        action: format!("/orders/{}/pay", order.token),
        order_number: Some(order.number.clone()),
        lines: lines_of_order(order),
        names_in: order.language.clone(),
        total: order.total,
        cart_key: None,
        methods: order.market.methods().collect(),
        form,
        errors,
        notice,
        email_known: order.email.is_some(),
        last_name_known: order.last_name.is_some(),
    }
}

/// How often the store is asked for an order that somebody watches.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The order's status, at once and at every change.
pub async fn events(State(state): State<AppState>, Segment(token): Segment) -> Result<Response, AppError> {
    find(&state, &token).await?;
    // Proxies that gather answers would keep the news from the customer.
    let unbuffered = [("x-accel-buffering", "no")];
    Ok((unbuffered, Sse::new(statuses(state, token)).keep_alive(KeepAlive::default())).into_response())
}

/// Asks the store rather than a channel in memory: the callback may reach another process of the shop.
fn statuses(state: AppState, token: String) -> impl Stream<Item = Result<Event, StoreError>> {
    let ticks = tokio::time::interval(LOOK_EVERY);
    stream::unfold((state, token, ticks, String::new()), |(mut state, token, mut ticks, told)| async move {
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = state.stopping.wait_for(|stopping| *stopping) => return None,
            }
            let order = match state.store.order(&token).await {
                Ok(order) => order?,
                Err(error) => return Some((Err(error), (state, token, ticks, told))),
            };
            let status = status_event(&order);
            if status != told {
                let event = Event::default().event("status").data(&status);
                return Some((Ok(event), (state, token, ticks, status)));
            }
        }
    })
}
