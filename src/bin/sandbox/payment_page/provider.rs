//! The wallet's or bank's own page, where the customer approves, declines or cancels.

use std::sync::Arc;

use crate::{
    acts::sale,
    callbacks::body::ORDER,
    ledger::payments,
    payment_page::return_links,
    payments::{amount::formatted, fields::Fields, frame_mode::FrameMode, payment::Payment, verdict::Decision},
    sandbox::{ActError, Sandbox},
    web::{
        frame::{self, FrameMessage},
        guard,
        page::{self, LeadsTo, Look},
    },
};
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

/// The method's code and the payment's key.
type Address = Path<(String, String)>;

/// `GET /provider/{method}/{key}`
pub async fn show(
    State(sandbox): State<Arc<Sandbox>>,
    Path(address): Address,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ActError> {
    let mode = FrameMode::of_query(query.as_deref());
    Ok(match payment_at(&sandbox, address).await?.map(|payment| payment.shown_in(mode)) {
        None => page::not_found(),
        Some(payment) if payment.is_with_provider() => provider_page(&payment, &headers),
        Some(payment) => lead_on(&payment),
    })
}

/// `POST /provider/{method}/{key}`: a button of the page. Or the form with which a shop sends its customer here, as Gate
/// asked it to: that one shows the page.
pub async fn decide(
    State(sandbox): State<Arc<Sandbox>>,
    Path(address): Address,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ActError> {
    let Some(payment) = payment_at(&sandbox, address).await?.filter(|payment| !payment.awaits_clarification()) else {
        return Ok(page::not_found());
    };
    let payment = payment.shown_in(FrameMode::of_query(query.as_deref()));
    let form = Fields::parse(&body).unwrap_or_default();
    if let Some(order) = form.get(ORDER).filter(|_| form.get("decision").is_none()) {
        let id = payment.id;
        let sale = sandbox.ledger.look(move |tx| sale::newest_try(tx, id)).await?;
        return Ok(match order == sale.provider_payment_id {
            false => page::refused(StatusCode::BAD_REQUEST, "Another order", "The form belongs to another payment."),
            true if payment.is_with_provider() => provider_page(&payment, &headers),
            true => lead_on(&payment),
        });
    }
    let Some(decision) = form.get("decision").and_then(Decision::from_name) else {
        let reason = "The form has to say decision=approve, decline or cancel, once.";
        return Ok(page::refused(StatusCode::BAD_REQUEST, "No decision", reason));
    };
    if guard::is_foreign(&headers) {
        return Ok(guard::foreign());
    }
    let id = payment.id;
    let decided = sandbox.act(move |tx, sandbox| sale::decide(tx, sandbox, id, decision)).await?;
    let decided = decided.map(|decided| Payment { fields: payment.fields.clone(), ..decided });
    Ok(lead_on(&decided.unwrap_or(payment)))
}

/// A customer who came through Gate goes back to the shop at once, any other to the result page.
fn lead_on(payment: &Payment) -> Response {
    let shop = payment.gate_origin.as_ref().filter(|_| !payment.is_open());
    match shop.and_then(|_| return_links::from_provider(&payment.fields, payment.succeeded())) {
        Some(shop) => Redirect::to(shop.as_str()).into_response(),
        None => Redirect::to(&payment.result_address()).into_response(),
    }
}

async fn payment_at(sandbox: &Sandbox, (method, key): (String, String)) -> Result<Option<Payment>, ActError> {
    let found = sandbox.ledger.look(move |tx| payments::purchase_by_key(tx, &key)).await?;
    Ok(found.filter(|found| found.method.rules().code == method))
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
    let scripts = frame::script(&payment.fields, FrameMessage::default());
    let mut response = page::scripted(StatusCode::OK, look, name, scripts, main);
    if payment.gate_origin.is_some() {
        // Browsers apply a form's policy to every redirect that follows, too.
        response.extensions_mut().insert(LeadsTo(return_links::origins(&payment.fields)));
    }
    response
}

fn button(decision: Decision) -> impl IntoView {
    view! { <button type="submit" name="decision" value=decision.name() class=decision.name()>{decision.label()}</button> }
}

/// What a bank's page looks like. The fields have no names, so browsers do not send them.
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
