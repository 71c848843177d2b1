//! Direct sales: the checkout's own request to the platform, sent once. The customer waits on a page meanwhile.

use tracing::Instrument;

use crate::{
    domain::{books::MoneyKind, orders::order::Attempt, shop::customer::LastName, transfers::progress::Progress},
    protocol::gate::{Answer, request::GateRequest},
    server::{
        platform::{line::gate::Silence, till::Till},
        state::AppState,
    },
};

/// Sends a sale that was never sent. In a task of its own: a customer who leaves does not break it off halfway.
pub fn begin(state: &AppState, attempt: &Attempt) {
    if attempt.sale == Some(Progress::Stored) {
        let (till, payment_id) = (Till::of(state), attempt.payment_id.clone());
        let sending = async move {
            if let Err(error) = till.send_whole(MoneyKind::Sale, &payment_id).await {
                tracing::error!(payment_id, %error, "a direct sale could not be written down");
            }
        };
        tokio::spawn(sending.in_current_span());
    }
}

/// Gives the platform the last name it waits for. `Ok(false)`: it does not take it.
pub async fn clarify(state: &AppState, attempt: &Attempt, last_name: &LastName) -> Result<bool, Silence> {
    let request = GateRequest::clarification(state.config.project_id, &attempt.payment_id, last_name.as_str());
    Ok(matches!(state.gate.send(&request, &attempt.payment_id).await?, Answer::Accepted { .. }))
}
