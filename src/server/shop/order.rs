//! ACT: one order's page, its events, and another try to pay it.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;

use crate::{
    components::order_summary::lines_of_order,
    domain::{
        orders::{beside::BesideOrder, order::Order},
        shop::{
            checkout::{Checkout, CheckoutErrors, CheckoutForm, within_limits},
            customer::Contact,
        },
    },
    error::AppError,
    i18n::td_string,
    pages::{
        checkout::{CheckoutView, Notice},
        order::{OrderPage, heading, status_event},
        way_out::WayOutPage,
    },
    platform::{Method, PaymentPath},
    server::{
        http::{
            content_security::Policy,
            customer_address::CustomerAddress,
            event_streams,
            input::{Framed, Segment, ShopForm},
            respond::Page,
            visitor::Visitor,
        },
        platform::questions,
        running::{chance, limits, places::Full},
        shop::{
            checkout_form::{PostedCheckout, product_name, show_form},
            opening::{ChosenOpening, ToldBy},
            ordering_browser,
            payment_page::send_to_pay,
        },
        state::AppState,
        store::Attempted,
    },
};

/// GET and POST: the customer comes back either way, in any browser. What came with them is not looked at.
pub async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    framed: Framed,
    Segment(token): Segment,
) -> Result<Response, AppError> {
    let (order, beside) = find_and_beside(&state, &token).await?;
    let visitor = visitor.in_language_of(&order);
    let (locale, now) = (visitor.locale, state.now());
    let payment_page = Some(state.config.payment_page_url.origin());
    // The one page that may be framed: the Payment Page may lead its frame here.
    let policy = Policy { leads_to: payment_page.clone(), framed_by: payment_page, embeds: None };
    if framed == Framed::Yes {
        let page = Page::titled(td_string!(locale, order.way_out_title)).with_policy(policy);
        return Ok(varied(page.show_bare(&state, &visitor, move || view! { <WayOutPage token=token locale=locale/> })));
    }
    if let Some(attempt) = order.telling_attempt().filter(|_| order.may_change(now)) {
        questions::customer_came_back(&state, &attempt.payment_id).await;
    }
    let mut page = Page::titled(heading(&order, &beside, now, locale)).with_policy(policy);
    if order.may_change(now) || beside.is_in_doubt(&order) {
        page = page.refreshed_without_scripts();
    }
    let path = state.config.payment_path;
    let cart_differs = differs(&visitor, &order);
    let content =
        move || view! { <OrderPage order=order beside=beside path=path cart_differs=cart_differs now=now locale=locale/> };
    Ok(varied(page.show(&state, &visitor, content)))
}

/// What is kept of the page in a frame is not shown outside of it, nor the other way round.
fn varied(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("sec-fetch-dest"));
    response
}

/// Whether this is the customer's own browser and its cart has changed since. Others learn nothing of a cart.
fn differs(visitor: &Visitor, order: &Order) -> bool {
    // A cart that cannot be read does not keep the order from being shown.
    let Ok(Some(cart)) = visitor.cart() else { return false };
    let same = cart.lines.len() == order.lines.len()
        && cart
            .lines
            .iter()
            .zip(&order.lines)
            .all(|(held, ordered)| (held.slug.as_str(), held.quantity.get()) == (ordered.slug.as_str(), ordered.quantity));
    cart.customer_id == order.customer_id && !same
}

/// The form to pay an order in another way.
pub async fn show_ways(
    State(state): State<AppState>,
    visitor: Visitor,
    opening: ChosenOpening,
    Segment(token): Segment,
) -> Result<Response, AppError> {
    let (order, beside) = find_and_beside(&state, &token).await?;
    let visitor = visitor.in_language_of(&order);
    if order.is_paid() || beside.is_in_doubt(&order) {
        return Ok(Redirect::to(&format!("/orders/{token}")).into_response());
    }
    // Another way is wanted: what was not tried yet comes first.
    let tried = |method: &Method| order.attempts.iter().any(|attempt| attempt.method == Some(*method));
    let fitting = || order.market.methods().filter(|method| within_limits(*method, order.total).is_ok());
    let first = fitting()
        .find(|method| !tried(method))
        .or_else(|| fitting().next().filter(|_| state.config.payment_path == PaymentPath::Gate));
    let payment_method = first.map_or(String::new(), |method| method.rules().code.to_owned());
    let form = CheckoutForm { payment_method, ..CheckoutForm::default() };
    let page = WaysPageOf { state: &state, visitor: &visitor, opening, order: &order };
    Ok(page.show(form, CheckoutErrors::default(), None))
}

/// Another attempt, with what was typed now and, in the browser that ordered, what the order knows already.
pub async fn try_again(
    State(state): State<AppState>,
    visitor: Visitor,
    opening: ChosenOpening,
    told_by: ToldBy,
    CustomerAddress(address): CustomerAddress,
    Segment(token): Segment,
    ShopForm(posted): ShopForm<PostedCheckout>,
) -> Result<Response, AppError> {
    let (order, beside) = find_and_beside(&state, &token).await?;
    let visitor = visitor.in_language_of(&order);
    if order.is_paid() || beside.is_in_doubt(&order) {
        return Ok(Redirect::to(&format!("/orders/{token}")).into_response());
    }
    let page = WaysPageOf { state: &state, visitor: &visitor, opening, order: &order };
    let form = posted.form();
    let is_remembered = page.is_customers();
    let checkout = match form.parse(order.total, &page.known(), state.config.payment_path) {
        Ok(checkout) => Checkout { ip_address: Some(address.to_string()), is_remembered, ..checkout },
        Err(errors) => return Ok(page.show(form, errors, None)),
    };
    let first_question_at = questions::first_question(&state, checkout.method);
    match state.store.try_again(&token, checkout, &state.catalog, state.now(), first_question_at).await? {
        Some(Attempted::Ready(order)) => send_to_pay(&state, &order, visitor.locale, told_by),
        Some(Attempted::AlreadyPaid(_)) => Ok(Redirect::to(&format!("/orders/{token}")).into_response()),
        Some(Attempted::OutOfStock(slug)) => {
            let notice = Notice::OutOfStock(product_name(&state, &visitor, &slug));
            Ok(page.show(form, CheckoutErrors::default(), Some(notice)))
        }
        None => Err(AppError::NotFound),
    }
}

pub async fn find_and_beside(state: &AppState, token: &str) -> Result<(Order, BesideOrder), AppError> {
    if !chance::is_token(token) {
        return Err(AppError::NotFound);
    }
    state.store.order_and_beside(token).await?.ok_or(AppError::NotFound)
}

/// All that the page of ways to pay is about.
struct WaysPageOf<'a> {
    state: &'a AppState,
    visitor: &'a Visitor,
    opening: ChosenOpening,
    order: &'a Order,
}

impl WaysPageOf<'_> {
    /// This browser placed the order: who sits there is its customer, and not only somebody who has the link.
    fn is_customers(&self) -> bool {
        ordering_browser::is(self.state, self.visitor, &self.order.token)
    }

    /// What the order may tell of its customer here.
    fn known(&self) -> Contact {
        if self.is_customers() { self.order.contact.clone() } else { Contact::default() }
    }

    /// What the order knows is said to be known, never shown.
    fn show(&self, form: CheckoutForm, errors: CheckoutErrors, notice: Option<Notice>) -> Response {
        let Self { state, visitor, opening, order } = self;
        let checkout = CheckoutView {
            action: opening.action(&format!("/orders/{}/pay", order.token)),
            order_number: Some(order.number.clone()),
            lines: lines_of_order(order),
            names_in: order.language.clone(),
            total: order.total,
            cart_key: None,
            path: state.config.payment_path,
            market: order.market,
            methods: order.market.methods().collect(),
            form,
            errors,
            notice,
            known: self.known(),
            embedding: opening.embedding(state),
        };
        show_form(state, visitor, checkout)
    }
}

/// The order's status: as an event stream, or once as JSON for a page that got no stream.
pub async fn events(
    State(state): State<AppState>,
    CustomerAddress(address): CustomerAddress,
    told_by: ToldBy,
    Segment(token): Segment,
) -> Result<Response, AppError> {
    let (order, beside) = find_and_beside(&state, &token).await?;
    if told_by == ToldBy::Json {
        let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
        return Ok((headers, status_event(&order, &beside)).into_response());
    }
    Ok(event_streams::open(&state, &order, &beside, address).unwrap_or_else(no_stream))
}

/// The connection is closed: it shall not take the place of somebody who gets an answer.
fn no_stream(full: Full) -> Response {
    let status = match full {
        Full::OfOne => StatusCode::TOO_MANY_REQUESTS,
        Full::InAll => StatusCode::SERVICE_UNAVAILABLE,
    };
    let headers =
        [(header::RETRY_AFTER, limits::EVENT_STREAM_AGAIN_S.into()), (header::CONNECTION, HeaderValue::from_static("close"))];
    (status, headers, "too many watch: ask with Accept: application/json").into_response()
}
