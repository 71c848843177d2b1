//! `POST /v2/payment/status`: what is known of a payment now, signed.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use storefront::protocol::signed_document::{Place, signed};

use super::{answer, refused::Refused, request::Request};
use crate::{
    act::ActError,
    callback_body::{self, Unwritable},
    ledger::{operations, payments, settings},
    sandbox::Sandbox,
};

/// An unknown payment is an answer, too: HTTP 200 (careful reading) with `errors`, signed like any other.
pub async fn tell(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    match document(&sandbox, &body).await {
        Ok(document) => ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], document).into_response(),
        Err(refused) => answer::refusal(&body, refused),
    }
}

async fn document(sandbox: &Sandbox, body: &[u8]) -> Result<String, Refused> {
    let request = Request::read(body, &sandbox.settings)?;
    let mut read = sandbox.ledger.read().await?;
    let document = match payments::by_payment_id(&mut read, &request.payment_id).await? {
        Some(payment) => {
            let operations = operations::of_payment(&mut read, payment.id).await?;
            let faults = settings::faults(&mut read).await?;
            callback_body::status_document(&payment, &operations, &faults).map_err(ActError::from)?
        }
        None => unknown(sandbox.settings.project_id),
    };
    Ok(signed(document, Place::Top, &sandbox.settings.key).map_err(Unwritable::from).map_err(ActError::from)?)
}

fn unknown(project_id: u64) -> Value {
    let reason = Refused::UnknownPayment;
    json!({ "project_id": project_id, "errors": [{ "code": reason.code(), "message": reason.to_string() }] })
}
