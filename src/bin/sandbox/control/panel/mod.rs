//! ACT: `/control` for people: the panel, and the forms it posts. Each form does what its counterpart for programs does.

mod view;

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::{Map, Value};

use crate::{
    control::{clock, faults, json_object, payments::send_all_again, refusal::Refusal},
    faults::Faults,
    ledger::{
        Transaction,
        callbacks::{self, CallbackWithAttempts},
        control,
        error::LedgerError,
        payments,
    },
    payments::{fields::Fields, payment::Payment},
    running::limits::SHOWN_PAYMENTS,
    sandbox::{ActError, Sandbox},
    web::page::{self, Look},
};

/// `GET /control`
pub async fn show(State(sandbox): State<Arc<Sandbox>>) -> Result<Response, ActError> {
    let PanelContent { faults, newest, count } = sandbox.ledger.look(seen).await?;
    let main = view::panel(sandbox.clock.now(), sandbox.clock.offset_ms(), &faults, newest, count);
    Ok(page::page(StatusCode::OK, Look::Sandbox, "Control panel", main))
}

/// What the panel shows of the ledger.
struct PanelContent {
    faults: Faults,
    newest: Vec<(Payment, Vec<CallbackWithAttempts>)>,
    /// Of all payments.
    count: usize,
}

fn seen(tx: &Transaction) -> Result<PanelContent, LedgerError> {
    let payments = payments::all(tx)?;
    let count = payments.len();
    let newest = payments.into_iter().rev().take(SHOWN_PAYMENTS);
    let newest = newest.map(|payment| callbacks::with_attempts(tx, payment.id).map(|callbacks| (payment, callbacks)));
    Ok(PanelContent { faults: control::faults(tx)?, newest: newest.collect::<Result<_, _>>()?, count })
}

/// `POST /control/panel/{form}`: back to the panel, or a page that says why not.
pub async fn act(State(sandbox): State<Arc<Sandbox>>, Path(form): Path<String>, body: Bytes) -> Response {
    match done(&sandbox, &form, &body).await {
        Ok(()) => Redirect::to("/control").into_response(),
        Err(refusal) => page::refused(refusal.status, "Not done", refusal.to_string()),
    }
}

async fn done(sandbox: &Arc<Sandbox>, form: &str, body: &[u8]) -> Result<(), Refusal> {
    let fields = Fields::parse(body).map_err(Refusal::bad_request)?;
    match form {
        "faults" => faults::set(sandbox, read_faults(&fields)?).await.map(drop),
        "clock" => {
            let seconds = fields.get("advance_s").and_then(|text| text.parse().ok());
            let seconds = seconds.ok_or_else(|| Refusal::bad_request("advance_s has to be a number of seconds."))?;
            clock::advance_by(sandbox, seconds).await
        }
        "send-again" => send_all_again(sandbox, fields.get("payment_id").unwrap_or_default().to_owned()).await,
        "reset" => Ok(sandbox.reset().await?),
        _ => Err(Refusal::new(StatusCode::NOT_FOUND, "The panel has no such form.")),
    }
}

/// The form's fields as the JSON that programs send, so that both are checked by the same rules.
fn read_faults(form: &Fields) -> Result<Faults, Refusal> {
    let mut members = Map::new();
    for (name, value) in form.0.iter().filter(|(_, value)| !value.is_empty()) {
        let value = match name.as_str() {
            "shuffle" | "late_success" | "try_again" | "operations_pending" => Value::Bool(true), // browsers send a box only if it is ticked
            "signature" | "gate" | "currency" => Value::String(value.clone()),
            _ => serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.clone())),
        };
        members.insert(name.clone(), value);
    }
    json_object::read(Value::Object(members).to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_the_same_as_json() {
        let form =
            Fields::parse(b"drop=0.5&duplicate=2&shuffle=on&delay_ms=&signature=forged&amount=&currency=EUR&gate=ok").unwrap();
        let json = br#"{"drop": 0.5, "duplicate": 2, "shuffle": true, "signature": "forged", "currency": "EUR"}"#;
        assert_eq!(read_faults(&form).unwrap(), serde_json::from_slice(json).unwrap());
        assert!(read_faults(&Fields::parse(b"drop=half").unwrap()).is_err());
    }
}
