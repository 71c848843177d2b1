//! The customer presses Pay: everything is checked anew, then the payment is registered and the provider takes over.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    acts::sale,
    ledger::payments,
    payment_page::{
        answers::Answers,
        payment_form,
        show::{Opened, lead_to, too_late},
    },
    payments::{
        frame_mode::FrameMode,
        payment::{NewPayment, PaymentType},
    },
    sandbox::{ActError, Sandbox},
};

/// `POST /payment/confirm`
pub async fn confirm(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Response, ActError> {
    let Opened { form, opening, left_s } = match Opened::read(&sandbox, &body) {
        Ok(opened) => opened,
        Err(refusal) => return Ok(*refusal),
    };
    if left_s == Some(0) {
        // The result of an existing payment is shown, however late.
        let payment_id = opening.payment_id.clone();
        let existing = sandbox.ledger.look(move |tx| payments::by_payment_id(tx, &payment_id)).await?;
        return Ok(existing.map_or_else(|| too_late(&opening), |existing| lead_to(existing, &opening)));
    }
    let answers = Answers::from_form(&form, &opening);
    let method = match answers.check(&opening) {
        Ok(method) => method,
        Err(complaints) => {
            return Ok(payment_form::page(StatusCode::UNPROCESSABLE_ENTITY, &opening, left_s, &answers, &complaints));
        }
    };
    let sale = NewPayment {
        payment_id: opening.payment_id.clone(),
        payment_type: PaymentType::Purchase,
        method,
        amount: opening.amount,
        currency: opening.currency,
        fields: answers.complete(method, &opening),
        gate_origin: None,
    };
    let payment = sandbox.act(move |tx, sandbox| sale::register(tx, sandbox, sale)).await?.payment;
    if payment.is_with_provider() && payment.is_purchase_of(opening.amount, opening.currency) {
        let payment = payment.shown_in(FrameMode::of(&opening.fields));
        return Ok(Redirect::to(&payment.provider_address()).into_response());
    }
    Ok(lead_to(payment, &opening))
}
