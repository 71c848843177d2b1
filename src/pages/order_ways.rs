//! The part of an order's page that leads on: ways to pay, and how long its things are kept.

use leptos::prelude::*;

use crate::{
    domain::{
        orders::order::{Attempt, Order},
        shop::checkout::within_limits,
    },
    i18n::{Locale, td},
    islands::countdown::Countdown,
    platform::{Method, PaymentPath},
};

/// One click to pay: go on with the open attempt, or every way that can take this order, untried ones first.
#[component]
pub fn WaysToPay(order: Order, path: PaymentPath, attempt: Option<Attempt>, now: i64, locale: Locale) -> impl IntoView {
    let action = format!("/orders/{}/pay", order.token);
    let button = |method: Option<Method>, label: AnyView, quiet: bool| {
        let code = method.map_or("", |method| method.rules().code);
        view! {
            <form action=action.clone() method="post">
                <input type="hidden" name="payment_method" value=code/>
                <button class:quiet=quiet>{label}</button>
            </form>
        }
    };
    let buttons = match attempt.filter(|attempt| attempt.is_open(now)) {
        Some(attempt) => vec![
            button(attempt.method, going_on(&attempt, now, locale), false).into_any(),
            view! { <a class="button quiet" href=action.clone()>{td!(locale, order.other_way)}</a> }.into_any(),
        ],
        None => ways(&order, path)
            .into_iter()
            .enumerate()
            .map(|(n, way)| button(way, way_name(way, locale), n > 0).into_any())
            .collect(),
    };
    view! { <div class="ways">{buttons}</div> }
}

/// The methods that take this order, and the choice on the Payment Page where there is one; what was tried already comes last.
fn ways(order: &Order, path: PaymentPath) -> Vec<Option<Method>> {
    let fitting = order.market.methods().filter(|method| within_limits(*method, order.total).is_ok());
    let mut ways: Vec<_> = fitting.map(Some).chain((path == PaymentPath::PaymentPage).then_some(None)).collect();
    ways.sort_by_key(|way| order.attempts.iter().any(|attempt| attempt.method == *way));
    ways
}

fn way_name(way: Option<Method>, locale: Locale) -> AnyView {
    match way {
        Some(method) => td!(locale, order.pay_with, method = method.rules().name).into_any(),
        None => td!(locale, order.another_way).into_any(),
    }
}

fn going_on(attempt: &Attempt, now: i64, locale: Locale) -> AnyView {
    if attempt.may_be_retried(now) { td!(locale, order.retry_button).into_any() } else { td!(locale, order.go_on).into_any() }
}

/// For how long something holds, in minutes; counted down to the second where scripts run.
#[component]
pub fn TimeLeft(what: &'static str, seconds: i64, locale: Locale) -> impl IntoView {
    let minutes = (seconds + 59) / 60;
    view! {
        <p class="kept">
            {what} " "
            <time id="countdown" role="timer" data-seconds=seconds datetime=format!("PT{seconds}S")>
                {td!(locale, order.minutes, minutes = minutes)}
            </time>
            <Countdown/>
        </p>
    }
}
