//! `/orders/{token}`: the page that the customer comes back to. It shows what the store knows, whatever the address says.

use leptos::prelude::*;

use super::order_ways::{TimeLeft, WaysToPay};
use crate::{
    components::{
        order_summary::{OrderSummary, lines_of_order},
        price::Price,
    },
    domain::orders::{
        beside::BesideOrder,
        order::{Attempt, Order, OrderState},
    },
    i18n::{Locale, td, td_string},
    islands::order_watch::OrderWatch,
    platform::PaymentPath,
};

#[component]
pub fn OrderPage(
    order: Order,
    beside: BesideOrder,
    path: PaymentPath,
    /// The visitor's cart holds something else than this order.
    cart_differs: bool,
    now: i64,
    locale: Locale,
) -> impl IntoView {
    let state = order.state(now);
    let attempt = order.telling_attempt().cloned();
    let status = status_of(&order).to_owned();
    let payment_id = attempt.as_ref().map(|attempt| attempt.payment_id.clone());
    let is_in_doubt = beside.is_in_doubt(&order);
    let (is_payable, is_live) = (state.is_payable() && !is_in_doubt, state.is_payable() || order.may_change(now));
    let (title, text, look) = if is_in_doubt { words_of_doubt(locale) } else { words(state, locale) };
    let state = if is_in_doubt { OrderState::Processing } else { state };
    let waits = !is_in_doubt && state == OrderState::Processing && waits_for_customer(attempt.as_ref());
    view! {
        <section
            class=format!("order-state {look}")
            data-payment-status=status
            data-order-id=order.number.clone()
            data-payment-id=payment_id
            data-event=status_event(&order, &beside)
        >
            <StateMark state=state/>
            <h1>{title}</h1>
            <p>{text}</p>
            {matches!(state, OrderState::Declined | OrderState::TryAgain).then(|| attempt.as_ref().map(|attempt| view! {
                <p class="why">{td!(locale, order.why)}": "{reason(attempt, locale)}</p>
            }))}
            {waits.then(|| view! { <p>{td!(locale, order.redirect)}</p> })}
            {(state == OrderState::Waiting).then(|| view! { <p>{td!(locale, order.unpaid_back)}</p> })}
            // Whatever this page shows, another tab may pay the order.
            {is_live.then(|| view! { <OrderWatch/> })}
            {(cart_differs && is_payable).then(|| view! { <p class="cart-differs">{td!(locale, order.cart_differs)}</p> })}
            {is_payable.then(|| time_left(&order, state, now, locale))}
            {is_payable.then(|| view! { <WaysToPay order=order.clone() path=path attempt=attempt.clone() now=now locale=locale/> })}
        </section>
        <section class="order-details" aria-labelledby="items-heading">
            <h2 id="items-heading">{td!(locale, order.items)}</h2>
            <p class="order-number">{td!(locale, order.number)}" "<strong>{order.number.clone()}</strong></p>
            <OrderSummary lines=lines_of_order(&order) total=order.total names_in=order.language.clone() locale=locale/>
            {(state == OrderState::PartiallyRefunded).then(|| parts(&order, &beside, locale))}
        </section>
    }
}

/// How long the same payment may be tried again, else how long the order's things are kept.
fn time_left(order: &Order, state: OrderState, now: i64, locale: Locale) -> Option<impl IntoView + use<>> {
    let (until, what) = match (state, order.telling_attempt().and_then(|attempt| attempt.retry_until)) {
        (OrderState::TryAgain, Some(until)) => (until, td_string!(locale, order.retry_left)),
        _ => (order.held_until, td_string!(locale, order.kept)),
    };
    (until > now).then(|| view! { <TimeLeft what=what seconds=until - now locale=locale/> })
}

/// What went back, and what remains paid.
fn parts(order: &Order, beside: &BesideOrder, locale: Locale) -> Option<impl IntoView + use<>> {
    let (back, kept) = beside.parts(order)?;
    Some(view! {
        <p class="total part"><span>{td!(locale, order.given_back)}</span><Price money=back locale=locale/></p>
        <p class="total part"><span>{td!(locale, order.remains_paid)}</span><Price money=kept locale=locale/></p>
    })
}

/// What the event stream tells of an order: `{"payment_id": …, "status": …}`, with `"in_doubt": true` while a person looks at it.
pub fn status_event(order: &Order, beside: &BesideOrder) -> String {
    let payment_id = order.telling_attempt().map(|attempt| attempt.payment_id.as_str());
    let mut event = serde_json::json!({ "status": status_of(order), "payment_id": payment_id });
    if beside.is_in_doubt(order) {
        event["in_doubt"] = true.into();
    }
    event.to_string()
}

/// The status of the attempt that tells, in the platform's own words; `none` before the first callback.
pub fn status_of(order: &Order) -> &str {
    order.telling_attempt().and_then(|attempt| attempt.status.as_ref()).map_or("none", |status| status.as_str())
}

/// The page's heading.
pub fn heading(order: &Order, beside: &BesideOrder, now: i64, locale: Locale) -> &'static str {
    if beside.is_in_doubt(order) { words_of_doubt(locale).0 } else { words(order.state(now), locale).0 }
}

/// As [`words`], while a case about the payment is open: nobody knows whether it is paid, so it is not to be paid again.
fn words_of_doubt(locale: Locale) -> (&'static str, &'static str, &'static str) {
    (td_string!(locale, order.doubt_title), td_string!(locale, order.doubt), "pending")
}

/// Heading, explanation, and the class that colours the state.
fn words(state: OrderState, locale: Locale) -> (&'static str, &'static str, &'static str) {
    match state {
        OrderState::Waiting => (td_string!(locale, order.waiting_title), td_string!(locale, order.waiting), "pending"),
        OrderState::Processing => (td_string!(locale, order.processing_title), td_string!(locale, order.processing), "pending"),
        OrderState::TryAgain => (td_string!(locale, order.retry_title), td_string!(locale, order.retry), "declined"),
        OrderState::Declined => (td_string!(locale, order.declined_title), td_string!(locale, order.declined), "declined"),
        OrderState::Expired => (td_string!(locale, order.expired_title), td_string!(locale, order.expired), "expired"),
        OrderState::Failed => (td_string!(locale, order.failed_title), td_string!(locale, order.failed), "declined"),
        OrderState::Silent => (td_string!(locale, order.silent_title), td_string!(locale, order.silent), "pending"),
        OrderState::Paid => (td_string!(locale, order.paid_title), td_string!(locale, order.paid), "paid"),
        OrderState::PartiallyRefunded => {
            (td_string!(locale, order.part_refunded_title), td_string!(locale, order.part_refunded), "refunded")
        }
        OrderState::Refunded => (td_string!(locale, order.refunded_title), td_string!(locale, order.refunded), "refunded"),
    }
}

fn waits_for_customer(attempt: Option<&Attempt>) -> bool {
    let status = attempt.and_then(|attempt| attempt.status.as_ref()).map(|status| status.as_str());
    matches!(status, Some("awaiting redirect result" | "awaiting customer" | "awaiting customer action"))
}

/// A decline code in plain words.
fn reason(attempt: &Attempt, locale: Locale) -> &'static str {
    match attempt.code.as_deref() {
        Some("301" | "20301" | "20303" | "20304") => td_string!(locale, decline.cancelled),
        Some("20101" | "20106" | "20107" | "903" | "904" | "2642") => td_string!(locale, decline.limit),
        Some("20105") => td_string!(locale, decline.funds),
        Some("20602" | "602") => td_string!(locale, decline.time),
        Some("20102") => td_string!(locale, decline.account),
        Some("20202" | "309" | "310" | "314") => td_string!(locale, decline.unavailable),
        _ => td_string!(locale, decline.general),
    }
}

/// A drawn mark for the state; the heading says the same in words.
#[component]
pub fn StateMark(state: OrderState) -> impl IntoView {
    let path = match state {
        OrderState::Paid => "M14 25 l8 8 l14 -17",
        OrderState::Declined | OrderState::TryAgain | OrderState::Expired | OrderState::Failed => "M16 16 l16 16 M32 16 l-16 16",
        OrderState::Waiting | OrderState::Processing | OrderState::Silent => "M24 13 v12 l8 5",
        OrderState::Refunded | OrderState::PartiallyRefunded => "M32 30 v-4 a6 6 0 0 0 -6 -6 h-11 m5 -6 l-6 6 l6 6",
    };
    view! {
        <svg class="state-mark" viewBox="0 0 48 48" width="72" height="72" aria-hidden="true">
            <circle cx="24" cy="24" r="21"/>
            <path d=path/>
        </svg>
    }
}
