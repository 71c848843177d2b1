//! Opens the Payment Page: checks the parameters, then shows the form, the payment they already belong to, or what is wrong.
//! Nothing is registered here: a customer who closes the page leaves no payment behind.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;

use crate::{
    acts::refused::RefusalCode,
    ledger::payments,
    payment_page::{
        answers::{Answers, Complaints},
        parameters::{self, PaymentParameters},
        payment_form,
        refusal::{self, Problem},
        return_links,
    },
    payments::{amount::formatted, fields::Fields, frame_mode::FrameMode, payment::Payment},
    sandbox::{ActError, Sandbox},
    web::{
        frame::{self, FrameMessage},
        page::{self, Look},
    },
};

/// `GET /payment`
pub async fn open_by_query(State(sandbox): State<Arc<Sandbox>>, RawQuery(query): RawQuery) -> Result<Response, ActError> {
    open(&sandbox, query.unwrap_or_default().as_bytes()).await
}

/// `POST /payment`
pub async fn open_by_form(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Response, ActError> {
    open(&sandbox, &body).await
}

async fn open(sandbox: &Sandbox, raw: &[u8]) -> Result<Response, ActError> {
    let opened = match OpenedPayment::read(sandbox, raw) {
        Ok(opened) => opened,
        Err(refusal) => return Ok(*refusal),
    };
    let parameters = &opened.parameters;
    let payment_id = parameters.payment_id.clone();
    if let Some(existing) = sandbox.ledger.look(move |tx| payments::by_payment_id(tx, &payment_id)).await? {
        return Ok(lead_to(existing, parameters));
    }
    Ok(match opened.left_s {
        Some(0) => too_late(parameters),
        left_s => {
            payment_form::page(StatusCode::OK, parameters, left_s, &Answers::from_parameters(parameters), &Complaints::default())
        }
    })
}

/// A payment as a query or form opens it.
pub struct OpenedPayment {
    /// Everything that came, the form's own fields among it.
    pub form: Fields,
    pub parameters: PaymentParameters,
    /// Seconds until the payment must be made, if the shop says so. By real time: the shop does not know the sandbox's
    /// clock.
    pub left_s: Option<u64>,
}

impl OpenedPayment {
    /// Reads it, or refuses it with a page.
    pub fn read(sandbox: &Sandbox, raw: &[u8]) -> Result<Self, Box<Response>> {
        let form = Fields::parse(raw).map_err(|unreadable| {
            let problem = Problem::new("the request", unreadable.to_string(), "names and values in UTF-8, each name once", None);
            refusal::page(vec![problem], &Fields::default())
        })?;
        let now = sandbox.clock.real_now().timestamp();
        let parameters = parameters::check(&form, &sandbox.settings, now).map_err(|problems| refusal::page(problems, &form))?;
        let left_s = parameters.best_before.map(|moment| u64::try_from(moment.duration_since(now).as_secs()).unwrap_or(0));
        Ok(Self { form, parameters, left_s })
    }
}

/// Leads to the result of an existing payment, if it is the same purchase; framed or not as it is opened now.
pub fn lead_to(existing: Payment, parameters: &PaymentParameters) -> Response {
    if existing.is_purchase_of(parameters.amount, parameters.currency) {
        let existing = existing.shown_in(FrameMode::of(&parameters.fields));
        return Redirect::to(&existing.result_address()).into_response();
    }
    let came = formatted(parameters.amount, parameters.currency);
    let known = formatted(existing.amount, existing.currency);
    let expected = format!("an id not used yet: {} exists, over {known}, and this one is over {came}", existing.payment_id);
    refusal::page(
        vec![Problem::new("payment_id", &parameters.payment_id, expected, Some(RefusalCode::PaymentExists))],
        &parameters.fields,
    )
}

/// The moment before which the payment had to be made has passed, and nothing was paid.
pub fn too_late(parameters: &PaymentParameters) -> Response {
    let main = view! {
        <h1>"The time to pay is over"</h1>
        <p>"Nothing was paid. Go back to the shop to start again."</p>
        {return_links::before_result(&parameters.fields).map(return_links::view)}
    };
    let scripts = frame::script(&parameters.fields, FrameMessage::default());
    page::scripted(StatusCode::GONE, Look::Sandbox, "The time to pay is over", scripts, main)
}
