//! The Payment Page's last page: what became of the payment, and the way back to the shop.

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderValue, StatusCode, header::REFRESH},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;

use crate::{
    acts::sale,
    ledger::{Transaction, error::LedgerError, payments},
    payment_page::{
        result_event,
        return_links::{self, AutomaticRedirect, Outcome},
    },
    payments::{amount::formatted, frame_mode::FrameMode, operation::Operation, payment::Payment},
    running::limits::REDIRECT_AFTER_S,
    sandbox::{ActError, Sandbox},
    web::{
        frame::{self, FrameMessage},
        page::{self, Look},
    },
};

/// `GET /payment/{key}`: leads on to the provider while nothing is decided.
pub async fn show(
    State(sandbox): State<Arc<Sandbox>>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, ActError> {
    let found = sandbox.ledger.look(move |tx| purchase_at(tx, &key)).await?;
    let Some((payment, sale)) = found else { return Ok(page::not_found()) };
    let payment = payment.shown_in(FrameMode::of_query(query.as_deref()));
    if payment.awaits_clarification() {
        let reason = "The shop has to tell the platform more about you first.";
        return Ok(page::refused(StatusCode::CONFLICT, "Not yet", reason));
    }
    if payment.is_open() {
        return Ok(Redirect::to(&payment.provider_address()).into_response());
    }
    let again_s =
        payment.tries_until.filter(|_| payment.awaits_another_try()).map(|until| until.since(sandbox.clock.now()).as_secs());
    Ok(result_page(&payment, &sale, again_s))
}

/// `POST /payment/{key}/again`: another try, if there may be one.
pub async fn try_again(
    State(sandbox): State<Arc<Sandbox>>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, ActError> {
    let Some(payment) = sandbox.ledger.look(move |tx| payments::purchase_by_key(tx, &key)).await? else {
        return Ok(page::not_found());
    };
    let id = payment.id;
    sandbox.act(move |tx, sandbox| sale::try_again(tx, sandbox, id)).await?;
    let payment = payment.shown_in(FrameMode::of_query(query.as_deref()));
    Ok(Redirect::to(&payment.result_address()).into_response())
}

/// A purchase and its newest try.
fn purchase_at(tx: &Transaction, key: &str) -> Result<Option<(Payment, Operation)>, LedgerError> {
    let Some(payment) = payments::purchase_by_key(tx, key)? else { return Ok(None) };
    let sale = sale::newest_try(tx, payment.id)?;
    Ok(Some((payment, sale)))
}

/// `again_s`: for so many seconds the customer may try again.
fn result_page(payment: &Payment, sale: &Operation, again_s: Option<u64>) -> Response {
    let (outcome, class, heading, sentence) = match payment.succeeded() {
        true => (Outcome::Success, "success", "Payment successful", "was paid"),
        false => (Outcome::Decline, "decline", "Payment declined", "was not paid"),
    };
    // A customer who may try again stays on this page.
    let automatic = return_links::automatic(&payment.fields, outcome).filter(|_| again_s.is_none());
    let link = return_links::after_result(&payment.fields, outcome);
    let main = view! {
        <h1>{heading}</h1>
        <p class=format!("outcome {class}")>{formatted(payment.amount, payment.currency)} " " {sentence} " with " {payment.method.rules().name} "."</p>
        <dl class="facts">
            <dt>"Payment"</dt>
            <dd>{payment.payment_id.clone()}</dd>
            <dt>"Code"</dt>
            <dd>{sale.code.clone()} " " {sale.message.clone()}</dd>
        </dl>
        {again_s.map(|seconds| again(payment, seconds))}
        {automatic.is_some().then(|| view! { <p>"You will be taken back to the shop in a moment."</p> })}
        {link.map(return_links::view)}
    };
    let told = FrameMessage {
        event: Some(result_event::event(payment, sale)),
        redirect: automatic.clone().and_then(|automatic| match automatic {
            AutomaticRedirect::Parent(url) => Some(url),
            AutomaticRedirect::Here(_) => None,
        }),
    };
    let scripts = frame::script(&payment.fields, told);
    let mut response = page::scripted(StatusCode::OK, Look::Sandbox, heading, scripts, main);
    // A parsed address is plain ASCII, so it always fits a header.
    if let Some(AutomaticRedirect::Here(url)) = automatic
        && let Ok(refresh) = HeaderValue::from_str(&format!("{REDIRECT_AFTER_S}; url={url}"))
    {
        response.headers_mut().insert(REFRESH, refresh);
    }
    response
}

fn again(payment: &Payment, seconds: u64) -> impl IntoView + use<> {
    view! {
        <form method="post" action=payment.again_address()>
            <p>{format!("Within {} minutes you can try again.", seconds.div_ceil(60))}</p>
            <button type="submit" class="main">"Try again"</button>
        </form>
    }
}
