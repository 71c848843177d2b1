//! `/admin/orders/{number}`: one order, why it is in its state, and what can be done about it.

use leptos::prelude::*;

use super::{
    refund_form::{RefundForms, RefundSection},
    timeline::Timeline,
};
use crate::{
    components::{
        moments::Moments,
        order_summary::{OrderSummary, lines_of_order},
        price::in_words,
    },
    domain::orders::{
        explanation::{Writing, code_in_words, explain, title},
        history::{FollowedRefund, OrderHistory},
        order::{Attempt, Order},
    },
    i18n::Locale,
    islands::order_watch::OrderWatch,
    platform::Standing,
};

#[component]
pub fn OfficeOrderPage(
    history: OrderHistory,
    /// What came of the last act, in words.
    told: Option<&'static str>,
    forms: RefundForms,
    may_ask: bool,
    /// It shows by itself what changes. Forms are typed on a page that stands still.
    is_live: bool,
    moments: Moments,
    now: i64,
) -> impl IntoView {
    let order = history.order.clone();
    let state = order.state(now);
    let written = |at: i64| moments.written(at);
    let sentences = explain(&history, now, &Writing { moment: &written, money: &|money| in_words(money, Locale::en) });
    let mut sentences = sentences.into_iter();
    let why = sentences.next().unwrap_or_default();
    let beside = sentences.map(|sentence| view! { <li>{sentence}</li> }).collect_view();
    let is_paid = order.attempts.iter().any(|attempt| attempt.standing() >= Standing::Succeeded);
    let number = order.number.clone();
    let status = order.telling_attempt().and_then(|attempt| attempt.status.clone());
    let status = status.map_or("none".to_owned(), |status| status.to_string());
    view! {
        <p class="crumbs"><a href="/admin/orders">"Orders"</a></p>
        <h1>"Order "{number.clone()}</h1>
        {told.map(|told| view! { <p class="told" role="status">{told}</p> })}
        <section class="office-state" data-event=history.news() data-payment-status=status data-order-id=number.clone() aria-labelledby="state">
            <h2 id="state">{title(state)}</h2>
            <p class="why">{why}</p>
            <ul class="beside">{beside}</ul>
            {is_live.then(|| view! { <OrderWatch/> })}
            {may_ask.then(|| view! {
                <form method="post" action=format!("/admin/orders/{number}/inquiry")><button class="quiet">"Ask the platform now"</button></form>
            })}
        </section>
        <div class="office-columns">
            <section aria-labelledby="facts">
                <h2 id="facts">"Facts"</h2>
                {facts(&order, &moments)}
            </section>
            <section aria-labelledby="items">
                <h2 id="items">"Items"</h2>
                <OrderSummary lines=lines_of_order(&order) total=order.total names_in=order.language.clone() locale=Locale::en/>
            </section>
        </div>
        {attempts(&order, &moments)}
        {(!history.refunds.is_empty()).then(|| refunds(&history.refunds, &moments))}
        {match (is_paid, is_live) {
            (false, _) => ().into_any(),
            (true, false) => view! { <RefundSection history=history.clone() forms=forms/> }.into_any(),
            // What is typed would be lost when the page loads again.
            (true, true) => view! { <p><a href=format!("/admin/orders/{number}?still=1#refund-section")>"Refund another part"</a></p> }.into_any(),
        }}
        <section aria-labelledby="timeline">
            <h2 id="timeline">"What happened"</h2>
            {history.is_cut.then(|| view! {
                <p class="hint">"Older callbacks are left out here. "<a href=format!("/admin/callbacks?q={number}")>"All of them"</a></p>
            })}
            <Timeline events=history.timeline() moments=moments may_ask=may_ask back=number/>
        </section>
    }
}

fn facts(order: &Order, moments: &Moments) -> impl IntoView + use<> {
    let contact = &order.contact;
    let known = |text: Option<&str>| text.unwrap_or("not given").to_owned();
    let facts = [
        ("Placed", moments.written(order.placed_at)),
        ("Market", format!("{}, {}", order.market.code(), order.total.currency().code())),
        ("Email", known(contact.email.as_ref().map(|email| email.as_str()))),
        ("Last name", known(contact.last_name.as_ref().map(|name| name.as_str()))),
        ("Phone", known(contact.phone.as_ref().map(|phone| phone.as_str()))),
        ("Internet address", known(order.ip_address.as_deref())),
    ];
    let facts = facts.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    let customer = order.customer_id.clone();
    view! {
        <dl class="facts">
            {facts.collect_view()}
            <div><dt>"Customer"</dt><dd><a href=format!("/admin/customers/{customer}")>{customer.clone()}</a></dd></div>
        </dl>
    }
}

fn attempts(order: &Order, moments: &Moments) -> impl IntoView + use<> {
    let rows = order.attempts.iter().map(|attempt| {
        let Attempt { payment_id, amount, status, code, .. } = attempt;
        let method = attempt.paid_with.or(attempt.method).map_or("chosen there", |method| method.rules().name);
        let settles = order.paid_by.as_ref() == Some(payment_id);
        view! {
            <tr>
                <th scope="row"><code>{payment_id.clone()}</code>{settles.then_some(" settles the order")}</th>
                <td>{method}</td>
                <td class="number">{in_words(*amount, Locale::en)}</td>
                <td>{moments.written(attempt.started_at)}</td>
                <td>{status.as_ref().map_or("nothing heard".to_owned(), ToString::to_string)}</td>
                <td class="prose">{code.as_deref().map(code_in_words)}</td>
            </tr>
        }
    });
    view! {
        <section aria-labelledby="attempts">
            <h2 id="attempts">"Payments"</h2>
            <div class="table-region" role="region" aria-label="Table of payments" tabindex="0">
                <table>
                    <thead><tr><th scope="col">"Payment"</th><th scope="col">"Method"</th><th scope="col" class="number">"Amount"</th><th scope="col">"Begun"</th><th scope="col">"Status"</th><th scope="col">"Code"</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

fn refunds(all: &[FollowedRefund], moments: &Moments) -> impl IntoView + use<> {
    let rows = all.iter().map(|FollowedRefund { refund, .. }| {
        let why = if refund.was_asked_for_here() { refund.reason.clone() } else { "made elsewhere".to_owned() };
        view! {
            <tr data-refund=refund.id.clone() data-progress=refund.progress.name()>
                <th scope="row" class="number">{in_words(refund.amount, Locale::en)}</th>
                <td><code>{refund.payment_id.clone()}</code></td>
                <td>{moments.written(refund.asked_at)}</td>
                <td class="prose"><strong>{refund.progress.name()}</strong>": "{refund.progress.meaning()}</td>
                <td class="prose">{refund.code.as_deref().map(code_in_words)}</td>
                <td class="prose">{why}</td>
            </tr>
        }
    });
    view! {
        <section aria-labelledby="refunds">
            <h2 id="refunds">"Refunds"</h2>
            <div class="table-region" role="region" aria-label="Table of refunds" tabindex="0">
                <table>
                    <thead><tr><th scope="col" class="number">"Sum"</th><th scope="col">"Payment"</th><th scope="col">"Asked"</th><th scope="col">"Progress"</th><th scope="col">"Code"</th><th scope="col">"Reason"</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}
