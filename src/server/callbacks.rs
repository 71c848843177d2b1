//! ACT: `POST /callbacks`. What verifies is written down durably, then acknowledged; nothing else moves an order.
//!
//! | body | answer | effect |
//! |---|---|---|
//! | verifies; new, repeated, late, or refused by the rules | 200 | journal; the order moves if it may |
//! | verifies; unknown payment, other amount, currency or project, readable in two ways | 200 | journal; a case |
//! | signature wrong or missing; not JSON, duplicate members, too deep | 400 | none |
//! | too large | 413 | none |
//! | store not writable, or too many waiting | 503 | none; the platform sends again |

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use metrics::counter;
use sha2::{Digest, Sha256};

use super::{
    chance,
    state::AppState,
    store::{Incoming, Reading, Recorded, StoreError},
};
use crate::{
    domain::{
        case::CaseKind,
        handover::Handover,
        history::{Callback, Source},
        order::{Operation, OperationWord, Report},
    },
    platform::{Method, PaymentStatus},
    protocol::{
        callback::{Refused, Sum, VerifiedCallback},
        gate::Redirection,
    },
};

pub async fn receive(State(state): State<AppState>, body: Result<Bytes, BytesRejection>) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => return refuse(&state, Refused::TooLarge, &[]),
        // It broke off on the way; the platform sends it again.
        Err(rejection) => return rejection.into_response(),
    };
    let callback = match VerifiedCallback::verify(&body, &state.config.keys) {
        Ok(callback) => callback,
        Err(refused) => return refuse(&state, refused, &body),
    };
    match take_in(&state, body.to_vec(), &[callback], Source::Callback).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => {
            tracing::error!(%error, "a callback could not be written down");
            counter!("callbacks_total", "outcome" => "not stored").increment(1);
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response()
        }
    }
}

/// The one door: what the platform told and signed is written down, and does what it may.
pub async fn take_in(state: &AppState, body: Vec<u8>, told: &[VerifiedCallback], source: Source) -> Result<(), StoreError> {
    let Some(payment_id) = told.first().map(|told| told.payment_id().to_owned()) else { return Ok(()) };
    let incoming = Incoming {
        digest: Sha256::digest(&body).into(),
        body,
        payment_id,
        answered: (source == Source::Status).then(|| state.elapsed()),
        readings: told.iter().map(|told| read(told, state.config.project_id, state.now())).collect(),
        received_at: state.now(),
        next_order_key: chance::token(),
        prefix: state.config.payment_id_prefix.clone(),
    };
    let recorded = state.store.record_callback(incoming, &state.catalog).await?;
    told.iter().for_each(|told| tell(told, source, recorded));
    Ok(())
}

/// Why a stored callback was not applied again.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys were changed since; nothing is believed that cannot be checked now.
    #[error("the callback does not verify any more: {0}")]
    Unverified(#[from] Refused),
}

/// Verifies a stored callback again, by the present keys, and takes it through the same rules.
pub async fn apply_again(state: &AppState, operator: &str, callback: &Callback) -> Result<Recorded, ApplyError> {
    let told = VerifiedCallback::all(&callback.body, &state.config.keys)?;
    let readings: Vec<_> = told.iter().map(|told| read(told, state.config.project_id, callback.received_at)).collect();
    let next_order_key = chance::token();
    Ok(state.store.apply_again(operator, callback, &readings, &state.catalog, &next_order_key, state.now()).await?)
}

/// What a verified callback says, or why nobody may act on it yet.
fn read(callback: &VerifiedCallback, project_id: u64, now: i64) -> Reading {
    let doubtful = |kind| Reading::Doubtful(kind, operation(callback).and_then(Operation::kind));
    // The project first: a person who confirms the wording must not let another project's money in.
    match callback.project_id() {
        None => doubtful(CaseKind::Incomplete),
        Some(id) if id != project_id => doubtful(CaseKind::OtherProject),
        Some(_) if callback.ambiguity().is_some() => doubtful(CaseKind::Unconfirmed),
        Some(_) => Reading::Clear(Box::new(report(callback, now))),
    }
}

/// What it says it is about.
fn operation(callback: &VerifiedCallback) -> Option<Operation> {
    callback.operation_type().map(|kind| match kind {
        "sale" => Operation::Sale,
        "refund" | "reversal" => Operation::Refund,
        "payout" => Operation::Payout,
        _ => Operation::Other,
    })
}

/// A verified callback in the shop's words, `now` being when it came (Unix seconds).
pub fn report(callback: &VerifiedCallback, now: i64) -> Report {
    let pair = |sum: Sum| (sum.amount, sum.currency);
    let at = callback.date().and_then(seconds).unwrap_or(0);
    // Counted from the earlier of both clocks: a callback that comes late promises nothing new.
    let told_at = if at > 0 { at.min(now) } else { now };
    Report {
        payment_id: callback.payment_id().to_owned(),
        status: PaymentStatus::new(callback.payment_status()),
        at,
        code: callback.operation_code().map(str::to_owned),
        retry_until: callback.new_attempts_within_s().map(|seconds| told_at.saturating_add(seconds.into())),
        operation: operation(callback),
        operation_succeeded: callback.operation_status().map(|status| status == "success"),
        handover: callback.redirect_data().and_then(Redirection::read).map(handover),
        asks_last_name: callback.payment_status() == "awaiting clarification" && callback.asks_last_name(),
        told: callback.operation_type().map(|_| OperationWord {
            status: callback.operation_status().map(str::to_owned),
            operation_id: callback.operation_id(),
            request_id: callback.request_id().map(str::to_owned),
            merchant_refund_id: callback.merchant_refund_id().map(str::to_owned),
        }),
        method: callback.method().and_then(Method::from_callback_name),
        payment_sum: callback.payment_sum().map(pair),
        operation_sum: callback.operation_sum().map(pair),
        sum_is_accepted: false,
    }
}

fn handover(Redirection { by_post, url, fields }: Redirection) -> Handover {
    Handover { by_post, url: url.into(), fields }
}

/// `2020-12-10T10:44:49+0000`
fn seconds(date: &str) -> Option<i64> {
    jiff::Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", date).ok().map(|moment| moment.as_second())
}

fn refuse(state: &AppState, refused: Refused, body: &[u8]) -> Response {
    // The body is neither logged nor kept: whoever sent it may be anyone.
    state.refusals.tell(state.now(), &refused.to_string(), body);
    tracing::warn!(reason = %refused, "a callback was refused");
    counter!("callbacks_total", "outcome" => "refused").increment(1);
    let status = if refused == Refused::TooLarge { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
    status.into_response()
}

fn tell(callback: &VerifiedCallback, source: Source, recorded: Recorded) {
    let outcome = match recorded {
        Recorded::Applied => "applied",
        Recorded::Repeated => "repeated",
        Recorded::OfAnotherShop => "another shop's",
        Recorded::Case(_) => "case",
    };
    if source == Source::Callback {
        counter!("callbacks_total", "outcome" => outcome).increment(1);
    }
    let (payment_id, status) = (callback.payment_id(), callback.payment_status());
    match recorded {
        Recorded::Case(kind) => {
            tracing::warn!(payment_id, status, case = kind.name(), "a callback waits for a person: `storefront cases`");
        }
        _ => tracing::info!(payment_id, status, outcome, ?source, "the platform told"),
    }
}
