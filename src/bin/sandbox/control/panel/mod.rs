//! `/control` for people: the panel, and the forms it posts. Each form does what its counterpart for programs does.

mod view;

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::{Map, Value};

use crate::{
    callbacks::delivery,
    control::{self, faults::Faults},
    ledger::{
        LedgerError, Transaction,
        callbacks::{self, Callback},
        payments, settings,
    },
    look::{
        error::PageError,
        form::Fields,
        page::{self, Look},
    },
    payments::payment::Payment,
    sandbox::Sandbox,
};

/// Older payments are left to `/control/payments`.
const SHOWN: usize = 50;

/// `GET /control`
pub async fn show(State(sandbox): State<Arc<Sandbox>>) -> Result<Response, PageError> {
    let Seen { faults, newest, count } = sandbox.ledger.look(seen).await?;
    let main = view::panel(sandbox.clock.now(), sandbox.clock.offset_ms(), &faults, newest, count);
    Ok(page::page(StatusCode::OK, Look::Sandbox, "Control panel", main))
}

/// What the panel shows of the ledger.
struct Seen {
    faults: Faults,
    newest: Vec<(Payment, Vec<Callback>)>,
    /// Of all payments.
    count: usize,
}

fn seen(tx: &Transaction) -> Result<Seen, LedgerError> {
    let payments = payments::all(tx)?;
    let count = payments.len();
    let mut newest = Vec::new();
    for payment in payments.into_iter().rev().take(SHOWN) {
        let callbacks = callbacks::of_payment(tx, payment.id)?;
        newest.push((payment, callbacks));
    }
    Ok(Seen { faults: settings::faults(tx)?, newest, count })
}

/// The form "Faults".
pub async fn set_faults(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Response, PageError> {
    let faults = Fields::parse(&body).map_err(|error| error.to_string()).and_then(|form| faults(&form));
    Ok(match faults {
        Ok(faults) => {
            control::set_faults(&sandbox, faults).await?;
            back()
        }
        Err(reason) => refused(reason),
    })
}

/// The buttons "Clock".
pub async fn move_clock(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    let seconds = Fields::parse(&body).ok().and_then(|form| form.get("advance_s").and_then(|text| text.parse().ok()));
    match seconds {
        Some(seconds) => {
            control::advance_clock(&sandbox, seconds).await.map_or_else(|refusal| refused(refusal.to_string()), |()| back())
        }
        None => refused("advance_s has to be a number of seconds.".to_owned()),
    }
}

/// The button "Send again".
pub async fn send_again(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Response, PageError> {
    let form = Fields::parse(&body).unwrap_or_default();
    let payment_id = form.get("payment_id").unwrap_or_default().to_owned();
    let found = sandbox.ledger.look(move |tx| payments::by_payment_id(tx, &payment_id)).await?;
    Ok(match found {
        Some(payment) => {
            delivery::send_again(&sandbox, payment.id).await?;
            back()
        }
        None => page::not_found(),
    })
}

/// The button "Forget everything".
pub async fn reset(State(sandbox): State<Arc<Sandbox>>) -> Result<Response, PageError> {
    delivery::reset(&sandbox).await?;
    Ok(back())
}

/// The form's fields as the JSON that programs send, so that both are checked by the same rules.
fn faults(form: &Fields) -> Result<Faults, String> {
    let mut members = Map::new();
    for (name, value) in form.0.iter().filter(|(_, value)| !value.is_empty()) {
        let value = match name.as_str() {
            "shuffle" | "late_success" | "try_again" | "operations_pending" => Value::Bool(true), // a box that is not ticked is not sent
            "signature" | "gate" | "currency" => Value::String(value.clone()),
            _ => serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.clone())),
        };
        members.insert(name.clone(), value);
    }
    Faults::parse(Value::Object(members).to_string().as_bytes()).map_err(|error| error.to_string())
}

fn back() -> Response {
    Redirect::to("/control").into_response()
}

fn refused(reason: String) -> Response {
    page::refused(StatusCode::BAD_REQUEST, "Not done", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_the_same_as_json() {
        let form =
            Fields::parse(b"drop=0.5&duplicate=2&shuffle=on&delay_ms=&signature=forged&amount=&currency=EUR&gate=ok").unwrap();
        let json = br#"{"drop": 0.5, "duplicate": 2, "shuffle": true, "signature": "forged", "currency": "EUR"}"#;
        assert_eq!(faults(&form).unwrap(), Faults::parse(json).unwrap());
        assert!(faults(&Fields::parse(b"drop=half").unwrap()).is_err());
    }
}
