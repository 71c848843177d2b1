//! Asks the platform what became of payments that no callback tells about, until the end is known or long past.
//! Answers go through the same door as callbacks.

use std::time::Duration;

use futures::future::join_all;
use metrics::counter;

use super::{
    callbacks, chance,
    gate::Told,
    state::AppState,
    store::{Inquiry, Matter, StoreError},
};
use crate::{
    domain::history::Source,
    platform::{Method, PaymentPath, method::USUAL_BASE_TIME_S},
    protocol::gate::Status,
};

/// How often the shop looks whether a question is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Questions at one time.
const AT_ONCE: u32 = 8;
/// Seconds from the customer's return to the first question, and between further ones, doubling up to the last.
const AFTER_RETURN_S: i64 = 10;
const LONGEST_PAUSE_S: i64 = 4 * 60 * 60;

/// A direct sale that the platform does not know, asked so many times before, never arrived there.
const SURE_AFTER: u32 = 2;
/// Seconds after which a refund or payout that the platform's answers leave out never arrived there (careful reading: the platform
/// knows an operation from the moment it takes it on).
const ARRIVES_WITHIN_S: i64 = 60 * 60;

/// Goes on until the shop stops.
pub async fn run(mut state: AppState) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    loop {
        tokio::select! {
            _ = look.tick() => {}
            _ = state.stopping.wait_for(|stopping| *stopping) => return,
        }
        let due = match state.store.due_inquiries(state.now(), AT_ONCE).await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!(%error, "nobody knows which payments to ask about");
                continue;
            }
        };
        join_all(due.iter().map(|inquiry| go_through(&state, inquiry))).await;
    }
}

/// When the platform is first asked about a payment that begins now, should nothing be heard of it (Unix seconds).
pub fn first_question(state: &AppState, method: Option<Method>) -> i64 {
    let base_time = match state.config.payment_path {
        PaymentPath::PaymentPage => method.map_or(USUAL_BASE_TIME_S, |method| method.rules().base_time_s),
        // The customer waits for the platform's word.
        PaymentPath::Gate => AFTER_RETURN_S,
    };
    state.now().saturating_add(state.config.status_after_s.unwrap_or(base_time))
}

/// The end is expected soon. A store that cannot note it does not keep the order from being shown.
pub async fn customer_came_back(state: &AppState, payment_id: &str) {
    let due_at = state.now().saturating_add(state.config.status_after_s.unwrap_or(AFTER_RETURN_S));
    if let Err(error) = state.store.customer_came_back(payment_id, due_at).await {
        tracing::error!(payment_id, %error, "a customer's return could not be noted");
    }
}

/// What came of asking the platform about a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It told, and what it told went the way of callbacks.
    Told,
    /// It knows no such payment: nobody paid there yet, or the request never arrived.
    NotFound,
    /// No clear answer.
    Silence,
}

/// Asks about one payment at once, whenever else it is due, for whoever wants to know now.
pub async fn ask_now(state: &AppState, payment_id: &str) -> Result<Asked, StoreError> {
    ask(state, payment_id, 0).await
}

async fn go_through(state: &AppState, inquiry: &Inquiry) {
    if let Err(error) = inquire(state, inquiry).await {
        // The row keeps its turn: it is asked again when its lease ends.
        tracing::error!(payment_id = inquiry.payment_id, %error, "a payment could not be asked about");
    }
}

async fn inquire(state: &AppState, inquiry: &Inquiry) -> Result<(), StoreError> {
    let Inquiry { payment_id, asked, .. } = inquiry;
    let matter = state.store.matter(payment_id, state.now()).await?;
    if matter == Matter::Settled {
        return state.store.ask_no_more(inquiry).await;
    }
    let outcome = ask(state, payment_id, *asked).await?;
    if outcome == Asked::NotFound && matter == Matter::CannotBegin {
        return state.store.ask_no_more(inquiry).await;
    }
    match state.store.matter(payment_id, state.now()).await? {
        Matter::Settled => state.store.ask_no_more(inquiry).await,
        matter => {
            if matter == Matter::Late {
                tracing::error!(payment_id, ?outcome, "a payout has no end yet: ask the platform's support");
            }
            state.store.ask_again_at(inquiry, state.now().saturating_add(pause(state, *asked))).await
        }
    }
}

/// The one door to the platform's answers, for the worker and for whoever asks by hand: what it tells is taken in, and what it
/// certainly does not know has ended. `asked_before`: how often nobody knew it already.
async fn ask(state: &AppState, payment_id: &str, asked_before: u32) -> Result<Asked, StoreError> {
    let outcome = match state.gate.status(payment_id).await {
        Ok(Told { status: Status::NotFound, .. }) => {
            if asked_before >= SURE_AFTER {
                state.store.sale_never_arrived(payment_id, state.now()).await?;
            }
            state.store.payout_never_arrived(payment_id, arrived_before(state)).await?;
            Asked::NotFound
        }
        Ok(Told { body, status: Status::Told(told) }) => {
            callbacks::take_in(state, body, &told, Source::Status).await?;
            state.store.refunds_never_arrived(payment_id, arrived_before(state), state.now()).await?;
            Asked::Told
        }
        Err(silence) => {
            tracing::warn!(payment_id, %silence, "the platform could not be asked about a payment");
            Asked::Silence
        }
    };
    let label = match outcome {
        Asked::Told => "told",
        Asked::NotFound => "not found",
        Asked::Silence => "silence",
    };
    counter!("status_requests_total", "outcome" => label).increment(1);
    Ok(outcome)
}

/// What was sent before then has arrived, if it ever will (Unix seconds).
fn arrived_before(state: &AppState) -> i64 {
    state.now().saturating_sub(ARRIVES_WITHIN_S)
}

/// Seconds to the next question: twice the last pause, a little more or less, so that many payments do not ask at once.
fn pause(state: &AppState, asked: u32) -> i64 {
    let first = state.config.status_after_s.unwrap_or(AFTER_RETURN_S).clamp(1, LONGEST_PAUSE_S);
    let doubled = first.saturating_mul(1 << asked.min(20));
    chance::about(doubled.min(LONGEST_PAUSE_S))
}
