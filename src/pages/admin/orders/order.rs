//! `/admin/orders/{number}`: one order, why it is in its state, and what can be done about it.

use leptos::prelude::*;

use super::{
    payouts::progress_in_words,
    refund_form::{RefundForms, RefundSection},
    registry_filter::market_name,
    timeline::Timeline,
};
use crate::{
    components::{
        moments::Moments,
        office::{Facts, Section, Table, Told, cells, id, number, prose, text},
        order_summary::{OrderSummary, lines_of_order},
        price::in_english,
    },
    domain::orders::{
        explanation::{Writing, code_in_words, explain, title},
        history::{FollowedRefund, OrderHistory},
        order::{Attempt, Order},
    },
    i18n::Locale,
    islands::order_watch::OrderWatch,
    pages::order::status_of,
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
    let sentences = explain(&history, now, &Writing { moment: &written, money: &in_english });
    let mut sentences = sentences.into_iter();
    let why = sentences.next().unwrap_or_default();
    let beside = sentences.map(|sentence| view! { <li>{sentence}</li> }).collect_view();
    let is_paid = order.attempts.iter().any(|attempt| attempt.standing() >= Standing::Succeeded);
    let number = order.number.clone();
    let status = status_of(&order).to_owned();
    let (facts, items, attempts) = (facts(&order, &moments), lines_of_order(&order), attempts(&order, &moments));
    view! {
        <p class="crumbs"><a href="/admin/orders">"Orders"</a></p>
        <h1>"Order "{number.clone()}</h1>
        <Told words=told/>
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
            <Section id="facts" title="Facts">{facts}</Section>
            <Section id="items" title="Items">
                <OrderSummary lines=items total=order.total names_in=order.language.clone() locale=Locale::en/>
            </Section>
        </div>
        {attempts}
        {refunds(&history.refunds, &moments)}
        {match (is_paid, is_live) {
            (false, _) => ().into_any(),
            (true, false) => view! { <RefundSection history=history.clone() forms=forms/> }.into_any(),
            // What is typed would be lost when the page loads again.
            (true, true) => view! { <p><a href=format!("/admin/orders/{number}?still=1#refund")>"Refund another part"</a></p> }.into_any(),
        }}
        <Section id="timeline" title="What happened">
            {history.is_cut.then(|| view! {
                <p class="hint">"Older callbacks are left out here. "<a href=format!("/admin/callbacks?q={number}")>"All of them"</a></p>
            })}
            <Timeline events=history.timeline() moments=moments may_ask=may_ask back=number/>
        </Section>
    }
}

fn facts(order: &Order, moments: &Moments) -> impl IntoView + use<> {
    let placed = ("Placed", moments.written(order.placed_at));
    let market = ("Market", format!("{}, {}", market_name(order.market), order.total.currency().code()));
    let known: Vec<_> = [placed, market].into_iter().chain(contact_facts(order)).collect();
    let customer = order.customer_id.clone();
    view! {
        <Facts known=known>
            <div><dt>"Customer"</dt><dd><a href=format!("/admin/customers/{customer}")>{customer.clone()}</a></dd></div>
        </Facts>
    }
}

/// What is known of the customer.
pub fn contact_facts(order: &Order) -> [(&'static str, String); 4] {
    let contact = &order.contact;
    let facts = [
        ("Email", contact.email.as_ref().map(|email| email.as_str())),
        ("Last name", contact.last_name.as_ref().map(|name| name.as_str())),
        ("Phone", contact.phone.as_ref().map(|phone| phone.as_str())),
        ("Internet address", order.ip_address.as_deref()),
    ];
    facts.map(|(name, value)| (name, value.unwrap_or("not given").to_owned()))
}

fn attempts(order: &Order, moments: &Moments) -> impl IntoView + use<> {
    let rows = order.attempts.iter().map(|attempt| {
        let Attempt { payment_id, amount, status, code, .. } = attempt;
        let method = attempt.paid_with.or(attempt.method).map_or("chosen on the Payment Page", |method| method.rules().name);
        let settles = order.paid_by.as_ref() == Some(payment_id);
        let payment = view! { <code>{payment_id.clone()}</code>{settles.then_some(" settles the order")} };
        let (begun, code) = (moments.written(attempt.started_at), code.as_deref().map(code_in_words));
        let status = status.as_ref().map_or("nothing heard".to_owned(), ToString::to_string);
        cells![payment, method, in_english(*amount), begun, status, code]
    });
    let rows: Vec<_> = rows.collect();
    let columns = [id("Payment").naming_rows(), text("Method"), number("Amount"), text("Begun"), text("Status"), prose("Code")];
    view! { <Section id="attempts" title="Payments"><Table label="Table of payments" columns=columns rows=rows/></Section> }
}

fn refunds(all: &[FollowedRefund], moments: &Moments) -> Option<impl IntoView + use<>> {
    let rows = all.iter().map(|FollowedRefund { refund, .. }| {
        let why = if refund.was_asked_for_here() { refund.reason.clone() } else { "made elsewhere".to_owned() };
        let payment = view! { <code>{refund.payment_id.clone()}</code> };
        let row = cells![
            in_english(refund.amount),
            payment,
            moments.written(refund.asked_at),
            progress_in_words(refund.progress, refund.code.as_deref()),
            why
        ];
        row.marked("data-refund", &refund.id).marked("data-progress", refund.progress.name())
    });
    let rows: Vec<_> = rows.collect();
    let columns = [number("Sum").naming_rows(), id("Payment"), text("Asked"), prose("Progress"), prose("Reason")];
    (!rows.is_empty()).then(|| {
        view! { <Section id="refunds" title="Refunds"><Table label="Table of refunds" columns=columns rows=rows/></Section> }
    })
}
