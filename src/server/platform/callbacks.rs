//! ACT: `POST /callbacks`. What verifies is written down durably, then acknowledged; nothing else moves an order.
//!
//! | body | answer | effect |
//! |---|---|---|
//! | verifies; new, repeated, late, or refused by the rules | 200 | journal; the order moves if it may |
//! | verifies; unknown payment, other amount, currency or project, readable in two ways | 200 | journal; a case |
//! | verifies; of a kind this shop does not use | 200 | journal; a case if it may be about money of this shop |
//! | signature wrong or missing; not JSON, duplicate members, beyond a limit of `protocol/signed/limits.rs` | 400 | none |
//! | too large | 413 | none |
//! | refused, from an address whose callbacks are refused often | 429 | none, not even a record |
//! | store not writable, or too many waiting | 503 | none; the platform sends again |

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use metrics::counter;
use sha2::{Digest, Sha256};

use crate::{
    domain::{
        case::CaseKind,
        orders::{
            handover::Handover,
            history::{Callback, Source},
            order::{Event, Names, NextStep, StatedOperation, Statement},
        },
        transfers::progress::Word,
    },
    platform::{Method, PaymentStatus},
    protocol::{
        callback::{CallbackSum, Content, DocumentRefused, VerifiedCallback},
        gate::Redirection,
        signed::{
            document::{NamedProject, reads_alike},
            json::JsonError,
        },
    },
    server::{
        http::{customer_address::CustomerAddress, pace},
        platform::line::verifying::{NotVerified, verify},
        running::chance,
        state::AppState,
        store::{Incoming, Reading, Recorded, StoreError},
    },
};

pub async fn receive(
    State(state): State<AppState>,
    CustomerAddress(address): CustomerAddress,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let refuse = |refused, body: &[u8]| match pace::refused_callback(&state.paces, address) {
        Ok(()) => refuse(&state, refused, body),
        // Of a flood nothing is written down.
        Err(too_often) => too_often.into_response(),
    };
    let body = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => return refuse(TOO_LARGE, &[]),
        // It broke off on the way; the platform sends it again.
        Err(rejection) => return rejection.into_response(),
    };
    let callback = match verify(&body, &state.config).await {
        Ok(callback) => callback,
        Err(NotVerified::Refused(refused)) => return refuse(refused, &body),
        Err(busy @ NotVerified::TooManyWaiting) => return not_now(&busy),
    };
    match take_in(&state, body.to_vec(), &[callback], Source::Callback).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => not_now(&error),
    }
}

/// Nothing was written down; the platform sends it again.
fn not_now(why: &dyn std::error::Error) -> Response {
    tracing::error!(%why, "a callback could not be written down");
    counter!("callbacks_total", "outcome" => "not stored").increment(1);
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response()
}

/// The one door: what the platform told and signed is written down, and does what it may.
pub async fn take_in(state: &AppState, body: Vec<u8>, told: &[VerifiedCallback], source: Source) -> Result<(), StoreError> {
    let Some(first) = told.first() else { return Ok(()) };
    let incoming = Incoming {
        digest: digest(first, source),
        body,
        payment_id: first.payment_id().unwrap_or_default().to_owned(),
        source,
        leaves_out: (source == Source::Status && first.lists_all_clearly()).then(|| state.elapsed()),
        readings: readings(state, told, state.now()).await?,
        received_at: state.now(),
        next_order_key: chance::token(),
        prefix: state.config.payment_id_prefix.clone(),
        reads_alike,
    };
    let recorded = state.store.record_callback(incoming, &state.catalog).await?;
    told.iter().for_each(|told| tell(told, source, recorded));
    Ok(())
}

/// The same for what was signed alike, however it is spelled. What came by callback and what was asked for are two things:
/// the one is read as one operation, the other as all of them.
fn digest(told: &VerifiedCallback, source: Source) -> [u8; 32] {
    Sha256::new().chain_update(source.name()).chain_update(told.digest()).finalize().into()
}

/// Why a stored callback was not applied again.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys were changed since; nothing is believed that cannot be checked now.
    #[error("the callback does not verify any more: {0}")]
    Unverified(#[from] DocumentRefused),
}

/// Verifies a stored callback again, by the present keys, and takes it through the same rules.
pub async fn apply_again(state: &AppState, operator: &str, callback: &Callback) -> Result<Recorded, ApplyError> {
    let told = VerifiedCallback::all(&callback.body, &state.config.keys)?;
    let readings = readings(state, &told, callback.received_at).await?;
    let next_order_key = chance::token();
    Ok(state.store.apply_again(operator, callback, &readings, &state.catalog, &next_order_key, state.now()).await?)
}

/// What verified callbacks say, as far as it is for this shop to act on or for a person to look at.
async fn readings(state: &AppState, told: &[VerifiedCallback], now: i64) -> Result<Vec<Reading>, StoreError> {
    let mut readings = Vec::new();
    for told in told {
        match (report(told, now), told.content()) {
            (Some(report), _) => readings.push(read(told, report, state.config.project_id)),
            (None, Content::NotUsed { payment_id: Some(id), may_be_about_money: true }) if is_ours(state, id).await? => {
                readings.push(Reading::Doubtful(CaseKind::NotUsed, None));
            }
            (None, _) => {}
        }
    }
    Ok(readings)
}

async fn is_ours(state: &AppState, payment_id: &str) -> Result<bool, StoreError> {
    if state.store.number_of_payment(payment_id).await?.is_some() {
        return Ok(true);
    }
    match state.store.payout(payment_id).await {
        // One that cannot be read is one.
        Err(StoreError::Inconsistent(_)) => Ok(true),
        payout => Ok(payout?.is_some()),
    }
}

/// A report, or why nobody may act on it yet.
fn read(callback: &VerifiedCallback, report: Statement, project_id: u64) -> Reading {
    let doubtful = |kind| Reading::Doubtful(kind, report.event.kind());
    // The project first: a person who confirms the wording must not let another project's money in.
    match callback.project() {
        NamedProject::NotNamed => doubtful(CaseKind::Incomplete),
        NamedProject::One(id) if id == project_id => match callback.ambiguity() {
            Some(_) => doubtful(CaseKind::Unconfirmed),
            None => Reading::Clear(Box::new(report)),
        },
        NamedProject::One(_) | NamedProject::Unclear => doubtful(CaseKind::OtherProject),
    }
}

/// A verified callback in the shop's words, `now` being when it came (Unix seconds). `None`: of a kind this shop does not use.
pub fn report(callback: &VerifiedCallback, now: i64) -> Option<Statement> {
    let Content::Payment { id, status } = callback.content() else { return None };
    Some(Statement {
        payment_id: id.clone(),
        status: PaymentStatus::new(status),
        at: date(callback),
        code: callback.operation_code().map(str::to_owned),
        method: callback.method().and_then(Method::from_callback_name),
        payment_sum: callback.payment_sum().map(pair),
        event: event(callback, now),
        sum_is_accepted: false,
    })
}

fn event(callback: &VerifiedCallback, now: i64) -> Event {
    let operation = StatedOperation {
        word: callback.operation_status().map(Word::of_status),
        is_fault: callback.operation_status().is_some_and(Word::is_fault),
        sum: callback.operation_sum().map(pair),
    };
    match callback.operation_type() {
        None => Event::Payment(operation, payer(callback, now)),
        Some("sale") => Event::Sale(operation, payer(callback, now)),
        Some("refund" | "reversal") => Event::Refund(operation, names(callback)),
        Some("payout") => Event::Payout(operation, names(callback)),
        Some(_) => Event::Other(operation, payer(callback, now)),
    }
}

fn payer(callback: &VerifiedCallback, now: i64) -> NextStep {
    // Counted from the earlier of both clocks: a callback that comes late promises nothing new.
    let told_at = match date(callback) {
        0 => now,
        at => at.min(now),
    };
    NextStep {
        handover: callback.redirect_data().and_then(Redirection::read).map(handover),
        asks_last_name: callback.payment_status() == Some("awaiting clarification") && callback.asks_last_name(),
        retry_until: callback.new_attempts_within_s().map(|seconds| told_at.saturating_add(seconds.into())),
    }
}

fn names(callback: &VerifiedCallback) -> Names {
    Names {
        operation_id: callback.operation_id(),
        request_id: callback.request_id().map(str::to_owned),
        merchant_refund_id: callback.merchant_refund_id().map(str::to_owned),
    }
}

fn pair(CallbackSum { amount, currency }: CallbackSum) -> (u64, String) {
    (amount, currency)
}

/// Unix seconds; 0 if it gives none.
fn date(callback: &VerifiedCallback) -> i64 {
    callback.date().and_then(seconds).unwrap_or(0).max(0)
}

fn handover(Redirection { by_post, url, fields }: Redirection) -> Handover {
    Handover { by_post, url: url.into(), fields }
}

/// `2020-12-10T10:44:49+0000`
fn seconds(date: &str) -> Option<i64> {
    jiff::Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", date).ok().map(|moment| moment.as_second())
}

const TOO_LARGE: DocumentRefused = DocumentRefused::Unreadable(JsonError::TooLarge);

fn refuse(state: &AppState, refused: DocumentRefused, body: &[u8]) -> Response {
    // The body is neither logged nor kept: whoever sent it may be anyone.
    state.refusals.tell(state.now(), &refused.to_string(), body);
    tracing::warn!(reason = %refused, "a callback was refused");
    counter!("callbacks_total", "outcome" => "refused").increment(1);
    let status = if refused == TOO_LARGE { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
    status.into_response()
}

fn tell(callback: &VerifiedCallback, source: Source, recorded: Recorded) {
    let outcome = match recorded {
        Recorded::NotUsed => "not used",
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
