//! `/orders/{token}/continue`: on the way to the wallet or bank of a direct sale.

use leptos::prelude::*;

use super::order::{StateMark, status_event};
use crate::{
    components::fields::TextField,
    domain::{
        orders::{
            beside::BesideOrder,
            handover::Handover,
            order::{Order, OrderState},
        },
        shop::customer::FieldError,
    },
    i18n::{Locale, td, td_string},
    islands::{order_watch::OrderWatch, send_on::SendOn},
};

/// How far the platform has come.
#[derive(Debug, Clone)]
pub enum Step {
    /// It prepares the payment.
    Waits,
    /// It wants to know the customer's last name.
    AsksLastName { typed: String, error: Option<FieldError> },
    /// The wallet or bank waits.
    Ready(Handover),
}

/// The page's heading.
pub fn title(step: &Step, locale: Locale) -> &'static str {
    match step {
        Step::Waits | Step::Ready(_) => td_string!(locale, handover.title),
        Step::AsksLastName { .. } => td_string!(locale, handover.last_name_title),
    }
}

#[component]
pub fn HandoverPage(order: Order, step: Step, method: &'static str, locale: Locale) -> impl IntoView {
    let path = format!("/orders/{}", order.token);
    let order_path = path.clone();
    view! {
        <section class="order-state pending" data-event=status_event(&order, &BesideOrder::default()) data-order=order_path>
            <StateMark state=OrderState::Processing/>
            <h1>{title(&step, locale)}</h1>
            {match step {
                Step::Waits => view! {
                    <p role="status">{td!(locale, handover.waiting)}</p>
                    <OrderWatch/>
                }.into_any(),
                Step::AsksLastName { typed, error } => view! { <LastNameForm path=path.clone() typed=typed error=error locale=locale/> }.into_any(),
                Step::Ready(handover) => view! { <Ready handover=handover method=method locale=locale/> }.into_any(),
            }}
            <p><a href=path>{td!(locale, payment.order)}</a></p>
        </section>
    }
}

#[component]
fn LastNameForm(path: String, typed: String, error: Option<FieldError>, locale: Locale) -> impl IntoView {
    view! {
        <p>{td!(locale, handover.last_name)}</p>
        <form action=format!("{path}/continue") method="post" novalidate>
            <TextField
                name="last_name" kind="text" autocomplete="family-name" label=td_string!(locale, checkout.last_name)
                hints=vec![("", td!(locale, handover.last_name_hint).into_any())] value=typed error=error locale=locale
            />
            <button>{td!(locale, handover.send)}</button>
        </form>
    }
}

#[component]
fn Ready(handover: Handover, method: &'static str, locale: Locale) -> impl IntoView {
    let Handover { by_post, url, fields } = handover;
    let field = |(name, value): (String, String)| view! { <input type="hidden" name=name value=value/> };
    view! {
        <p>{td!(locale, handover.ready, method = method)}</p>
        {if by_post {
            view! {
                <form id="handover" action=url method="post">
                    {fields.into_iter().map(field).collect_view()}
                    <button>{td!(locale, handover.go_on, method = method)}</button>
                </form>
                <SendOn/>
            }.into_any()
        } else {
            view! { <p><a class="button" href=url>{td!(locale, handover.go_on, method = method)}</a></p> }.into_any()
        }}
    }
}
