//! The wallet's or bank's own page, where the customer approves, declines or cancels.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header::HOST},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use leptos::prelude::*;
use qrcode::{QrCode, render::svg};
use storefront::platform::{Method, method::BANCONTACT_QR_UP_TO};

use crate::{
    amount::formatted,
    error::PageError,
    form::Fields,
    frame::{self, FrameMode, Told},
    ledger::payments,
    page::{self, Look},
    payment::Payment,
    return_links, sale,
    sandbox::Sandbox,
    verdict::Decision,
};

/// The method's code and the payment's key.
type Address = Path<(String, String)>;

/// `GET /provider/{method}/{key}`
pub async fn show(
    State(sandbox): State<Arc<Sandbox>>,
    Path(address): Address,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let mode = FrameMode::of_query(query.as_deref());
    Ok(match payment_at(&sandbox, address).await?.map(|payment| payment.shown_in(mode)) {
        None => page::not_found(),
        Some(payment) if payment.is_open() => provider_page(&payment, &headers),
        Some(payment) => Redirect::to(&payment.result_address()).into_response(),
    })
}

/// `POST /provider/{method}/{key}`
pub async fn decide(
    State(sandbox): State<Arc<Sandbox>>,
    Path(address): Address,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Response, PageError> {
    let decision = Fields::parse(&body).ok().and_then(|form| form.get("decision").and_then(Decision::from_code));
    let Some(decision) = decision else {
        let reason = "The form has to say decision=approve, decline or cancel, once.".to_owned();
        return Ok(page::refused(StatusCode::BAD_REQUEST, "No decision", reason));
    };
    let Some(payment) = payment_at(&sandbox, address).await? else { return Ok(page::not_found()) };
    sale::decide(&sandbox, payment.id, decision).await?;
    let payment = payment.shown_in(FrameMode::of_query(query.as_deref()));
    Ok(Redirect::to(&payment.result_address()).into_response())
}

async fn payment_at(sandbox: &Sandbox, (method, key): (String, String)) -> Result<Option<Payment>, PageError> {
    let found = payments::by_key(&mut *sandbox.ledger.read().await?, &key).await?;
    Ok(found.filter(|payment| payment.method.rules().code == method))
}

fn provider_page(payment: &Payment, headers: &HeaderMap) -> Response {
    let name = payment.method.rules().name;
    let (look, kind) = match payment.method {
        Method::Payco => (Look::Payco, "wallet"),
        Method::PayMaya => (Look::PayMaya, "wallet"),
        Method::Bancontact => (Look::Bancontact, "bank"),
    };
    let code = (payment.method == Method::Bancontact && payment.amount <= BANCONTACT_QR_UP_TO)
        .then(|| qr_code(&format!("{}{}", origin(headers), payment.clone().shown_in(None).provider_address())));
    let link = return_links::before_result(&payment.fields);
    let main = view! {
        <p class="merchant">{name} " " {kind} " (imitated)"</p>
        <h1>"Approve " {formatted(payment.amount, payment.currency)} "?"</h1>
        <dl class="facts">
            <dt>"To"</dt>
            <dd>"Sandbox"</dd>
            <dt>"Payment"</dt>
            <dd>{payment.payment_id.clone()}</dd>
        </dl>
        {code}
        <form method="post" action=payment.provider_address()>
            {(payment.method == Method::Bancontact).then(card)}
            <div class="decisions">{Decision::ALL.into_iter().map(button).collect_view()}</div>
        </form>
        {link.map(return_links::view)}
    };
    let scripts = Vec::from_iter(frame::script(&payment.fields, Told::default()));
    page::scripted(StatusCode::OK, look, name, scripts, main)
}

fn button(decision: Decision) -> impl IntoView {
    view! { <button type="submit" name="decision" value=decision.code() class=decision.code()>{decision.label()}</button> }
}

/// Decoration: what a bank's page looks like. The fields have no names, so nothing of them is sent.
fn card() -> impl IntoView {
    view! {
        <fieldset class="card">
            <legend>"Card"</legend>
            <div class="field">
                <label for="card-number">"Card number"</label>
                <input id="card-number" type="text" value="1234 5678 9012 3456" readonly />
            </div>
            <div class="field">
                <label for="card-expiry">"Expiry date"</label>
                <input id="card-expiry" type="text" value="12 / 34" readonly />
            </div>
        </fieldset>
    }
}

/// The address of this very page, for a telephone on the same machine or network.
fn qr_code(address: &str) -> Option<impl IntoView + use<>> {
    let svg = QrCode::new(address).ok()?.render::<svg::Color>().min_dimensions(200, 200).build();
    let source = format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg));
    Some(view! {
        <figure>
            <img src=source alt="QR code with the address of this page" width="200" height="200" />
            <figcaption>"Scan with the app, or use the card below."</figcaption>
        </figure>
    })
}

fn origin(headers: &HeaderMap) -> String {
    format!("http://{}", headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost"))
}
