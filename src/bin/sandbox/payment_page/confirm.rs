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
        show::{OpenedPayment, lead_to, too_late},
    },
    payments::{
        frame_mode::FrameMode,
        payment::{NewPayment, PaymentType},
    },
    sandbox::{ActError, Sandbox},
};

/// `POST /payment/confirm`
pub async fn confirm(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Response, ActError> {
    let OpenedPayment { form, parameters, left_s } = match OpenedPayment::read(&sandbox, &body) {
        Ok(opened) => opened,
        Err(refusal) => return Ok(*refusal),
    };
    if left_s == Some(0) {
        // The result of an existing payment is shown, however late.
        let payment_id = parameters.payment_id.clone();
        let existing = sandbox.ledger.look(move |tx| payments::by_payment_id(tx, &payment_id)).await?;
        return Ok(existing.map_or_else(|| too_late(&parameters), |existing| lead_to(existing, &parameters)));
    }
    let answers = Answers::from_form(&form, &parameters);
    let method = match answers.check(&parameters) {
        Ok(method) => method,
        Err(complaints) => {
            return Ok(payment_form::page(StatusCode::UNPROCESSABLE_ENTITY, &parameters, left_s, &answers, &complaints));
        }
    };
    let sale = NewPayment {
        payment_id: parameters.payment_id.clone(),
        payment_type: PaymentType::Purchase,
        method,
        amount: parameters.amount,
        currency: parameters.currency,
        fields: answers.complete(method, &parameters),
        gate_origin: None,
    };
    let payment = sandbox.act(move |tx, sandbox| sale::register(tx, sandbox, sale)).await?.payment;
    if payment.is_with_provider() && payment.is_purchase_of(parameters.amount, parameters.currency) {
        let payment = payment.shown_in(FrameMode::of(&parameters.fields));
        return Ok(Redirect::to(&payment.provider_address()).into_response());
    }
    Ok(lead_to(payment, &parameters))
}
