//! Worker: asks the platform about payments without a callback, until their end is known or their time is long over. Answers are
//! taken in like callbacks. How often the platform is asked stands below.

use std::time::Duration;

use futures::future::join_all;
use metrics::counter;
use tracing::Instrument;

use crate::{
    domain::{books::MoneyKind, orders::history::Source},
    platform::{Method, PaymentPath, method::USUAL_BASE_TIME_S},
    protocol::gate::Status,
    server::{
        platform::{callbacks::taking_in::take_in, line::gate::GateAnswer},
        running::{chance, telling::request},
        state::AppState,
        store::{Matter, Question, StoreError},
    },
};

/// How often the shop looks whether a question is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Questions at one time.
const AT_ONCE: u32 = 8;
/// Seconds from the customer's return to the first question, and between further ones, doubling up to the last.
const AFTER_RETURN_S: i64 = 10;
const LONGEST_PAUSE_S: i64 = 4 * 60 * 60;

/// Seconds: a smaller change of the wall clock is a correction, a larger one means that somebody set it.
const A_STEP_S: i64 = 30;
/// Seconds that the platform is given after a limit time to end what is open.
const AFTER_LIMIT_S: i64 = 60;

/// Runs until the shop stops.
pub async fn run(state: AppState) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    let mut offset = offset(&state);
    loop {
        tokio::select! {
            _ = look.tick() => {}
            () = state.stopped() => return,
        }
        if let Err(error) = follow_the_clock(&state, &mut offset).await {
            tracing::error!(%error, "the clock was set, and the questions could not be moved along");
        }
        if let Err(error) = state.store.doubt_what_is_overdue(state.now()).await {
            tracing::error!(%error, "transfers that are under way for too long could not be marked");
        }
        let due = match state.store.due_questions(state.now(), AT_ONCE).await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!(%error, "the payments to ask about could not be read");
                continue;
            }
        };
        join_all(due.iter().map(|due| go_through(&state, due).instrument(request::work(&due.payment_id)))).await;
    }
}

/// The difference between the wall clock and the monotonic one. It changes only when the wall clock is set.
fn offset(state: &AppState) -> i64 {
    state.now().saturating_sub(state.clock.elapsed())
}

async fn follow_the_clock(state: &AppState, offset_before: &mut i64) -> Result<(), StoreError> {
    let by = offset(state).saturating_sub(*offset_before);
    if by.abs() > A_STEP_S {
        // A clock that was set forward only makes questions come early.
        if by < 0 {
            state.store.clock_was_set(by).await?;
        }
        *offset_before = offset_before.saturating_add(by);
    }
    Ok(())
}

/// When the platform is first asked about a payment that begins now, should nothing be heard of it (Unix seconds).
pub fn first_question(state: &AppState, method: Option<Method>) -> i64 {
    let base_time = match state.config.payment_path {
        PaymentPath::PaymentPage => method.map_or(USUAL_BASE_TIME_S, |method| method.rules().base_time_s),
        // The customer waits for it.
        PaymentPath::Gate => AFTER_RETURN_S,
    };
    state.now().saturating_add(state.config.status_after_s.unwrap_or(base_time))
}

/// Asks soon, because the customer came back. If this cannot be stored, the order is shown all the same.
pub async fn customer_came_back(state: &AppState, payment_id: &str) {
    let due_at = state.now().saturating_add(state.config.status_after_s.unwrap_or(AFTER_RETURN_S));
    if let Err(error) = state.store.customer_came_back(payment_id, due_at).await {
        tracing::error!(payment_id, %error, "a customer's return could not be noted");
    }
}

/// What came of asking the platform about a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlatformAnswer {
    /// It told, and what it told went the way of callbacks.
    Told,
    /// It knows no such payment: nobody paid there yet, or the request never arrived.
    NotFound,
    /// No clear answer.
    Silence,
}

/// Asks about one payment now. The answer is taken in like a callback; an operation that the platform does not know is counted as
/// left out.
pub async fn ask(state: &AppState, payment_id: &str) -> Result<PlatformAnswer, StoreError> {
    let outcome = match state.gate.status(payment_id).await {
        Ok(GateAnswer { status: Status::NotFound, .. }) => {
            state.store.transfers_left_out(payment_id, &[MoneyKind::Sale, MoneyKind::Payout], state.elapsed(), state.now()).await?;
            PlatformAnswer::NotFound
        }
        Ok(GateAnswer { body, status: Status::Told(told) }) => {
            take_in(state, body, &told, Source::Status).await?;
            PlatformAnswer::Told
        }
        Err(silence) => {
            tracing::warn!(payment_id, %silence, "the platform could not be asked about a payment");
            PlatformAnswer::Silence
        }
    };
    let label = match outcome {
        PlatformAnswer::Told => "told",
        PlatformAnswer::NotFound => "not found",
        PlatformAnswer::Silence => "silence",
    };
    counter!("status_requests_total", "outcome" => label).increment(1);
    Ok(outcome)
}

async fn go_through(state: &AppState, question: &Question) {
    if let Err(error) = ask_about(state, question).await {
        // The question stays due: it is asked again when its lease ends.
        tracing::error!(payment_id = question.payment_id, %error, "a payment could not be asked about");
    }
}

async fn ask_about(state: &AppState, question: &Question) -> Result<(), StoreError> {
    let payment_id = &question.payment_id;
    let before = state.store.matter(payment_id, state.now()).await?;
    if before == Matter::Settled {
        return state.store.ask_no_more(question).await;
    }
    let outcome = ask(state, payment_id).await?;
    let now = state.now();
    let pause = pause(state, question.asked);
    let after = state.store.matter(payment_id, now).await?;
    match (after, outcome) {
        (Matter::Settled, _) => state.store.ask_no_more(question).await,
        (Matter::CannotBegin { .. }, PlatformAnswer::NotFound) => state.store.seems_over(question, state.elapsed(), now).await,
        // The limit may have passed while the platform was asked: only a question asked after it is the last one.
        (Matter::Over, PlatformAnswer::Told | PlatformAnswer::NotFound) if before == Matter::Over => {
            last_word(state, question, outcome).await
        }
        (Matter::Over, _) if before != Matter::Over => {
            state.store.ask_again_at(question, now.saturating_add(pause.min(AFTER_LIMIT_S))).await
        }
        (Matter::Over, _) => state.store.ask_again_at(question, now.saturating_add(pause)).await,
        (Matter::Declined { until }, _) => state.store.ask_again_at(question, until.saturating_add(AFTER_LIMIT_S)).await,
        (Matter::Open { until } | Matter::CannotBegin { until }, _) => {
            let next = now.saturating_add(pause).min(until.saturating_add(AFTER_LIMIT_S));
            state.store.ask_again_at(question, next.max(now.saturating_add(1))).await
        }
    }
}

/// The time is over, and the platform answered. A payment that it does not know, or still calls declined, is at its end. Any other
/// becomes a case, and the platform is asked on about money that left.
async fn last_word(state: &AppState, question: &Question, outcome: PlatformAnswer) -> Result<(), StoreError> {
    if outcome == PlatformAnswer::Told && state.store.has_open_end(&question.payment_id).await? {
        state.store.has_no_end(question, state.now()).await?;
    }
    state.store.seems_over(question, state.elapsed(), state.now()).await
}

/// Seconds to the next question: twice the last pause, a little more or less, so that many payments do not ask at once.
fn pause(state: &AppState, asked: u32) -> i64 {
    let first = state.config.status_after_s.unwrap_or(AFTER_RETURN_S).clamp(1, LONGEST_PAUSE_S);
    let doubled = first.saturating_mul(1 << asked.min(20));
    chance::about(doubled.min(LONGEST_PAUSE_S))
}
