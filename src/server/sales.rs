//! Direct sales: the checkout's own request to the platform, sent once. The customer waits on a page meanwhile.

use super::{gate::Silence, state::AppState, store::StoreError};
use crate::{
    domain::{
        customer::{Email, LastName},
        order::{Attempt, Order},
        progress::Progress,
    },
    protocol::gate::{
        Answer,
        request::{Customer, General, Request, Sum},
    },
};

/// Sends a sale that was never sent. In a task of its own: a customer who leaves does not break it off halfway.
pub fn begin(state: &AppState, attempt: &Attempt) {
    if attempt.sale == Some(Progress::Stored) {
        let (state, payment_id) = (state.clone(), attempt.payment_id.clone());
        tokio::spawn(async move {
            if let Err(error) = send(&state, &payment_id).await {
                tracing::error!(payment_id, %error, "a direct sale could not be written down");
            }
        });
    }
}

async fn send(state: &AppState, payment_id: &str) -> Result<(), StoreError> {
    let Some(order) = state.store.claim_sale(payment_id).await? else { return Ok(()) };
    let request = order.attempt(payment_id).and_then(|attempt| request(state, &order, attempt));
    let Some(request) = request else {
        tracing::error!(payment_id, "a direct sale without its method");
        return state.store.sale_answered(payment_id, Progress::Declined, None, state.now()).await;
    };
    let (progress, code) = match state.gate.send(&request, payment_id).await {
        Ok(Answer::Accepted { .. }) => (Progress::Pending, None),
        Ok(Answer::Refused { code, message }) => {
            tracing::warn!(payment_id, code, message, "a direct sale was refused");
            (Progress::Declined, Some(code))
        }
        Err(silence) => {
            tracing::warn!(payment_id, %silence, "nobody knows whether a direct sale was taken on");
            // What never left may end here: the customer is told, and tries again.
            (if silence.never_left() { Progress::Declined } else { Progress::Unknown }, None)
        }
    };
    state.store.sale_answered(payment_id, progress, code.as_deref(), state.now()).await
}

fn request(state: &AppState, order: &Order, attempt: &Attempt) -> Option<Request> {
    let shop = state.config.origin();
    let (callback_url, back) = (format!("{shop}/callbacks"), format!("{shop}/orders/{}", order.token));
    let general =
        General { project_id: state.config.project_id, payment_id: &attempt.payment_id, callback_url: Some(&callback_url) };
    let sum = Sum { amount: attempt.amount.minor(), currency: attempt.amount.currency().code() };
    let customer = Customer {
        id: &order.customer_id,
        ip_address: order.ip_address.as_deref()?,
        email: order.contact.email.as_ref().map(Email::as_str),
        last_name: order.contact.last_name.as_ref().map(LastName::as_str),
    };
    Some(Request::sale(attempt.method?, general, sum, customer, &back))
}

/// Gives the platform the last name it waits for. `Ok(false)`: it does not take it.
pub async fn clarify(state: &AppState, attempt: &Attempt, last_name: &LastName) -> Result<bool, Silence> {
    let request = Request::clarification(state.config.project_id, &attempt.payment_id, last_name.as_str());
    Ok(matches!(state.gate.send(&request, &attempt.payment_id).await?, Answer::Accepted { .. }))
}
