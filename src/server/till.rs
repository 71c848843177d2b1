//! The one place money leaves from: what back office, files and commands ask for is written down first, sent once,
//! and asked about until its end is known.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinHandle;

use super::{
    chance,
    clock::SharedClock,
    config::Config,
    gate::{Gate, Silence},
    state::AppState,
    store::{AskError, Store, StoreError, ToSend},
};
use crate::{
    domain::{
        money::Money,
        progress::Progress,
        refund::{Reason, Refund},
    },
    protocol::gate::{
        Answer,
        request::{self, General, Request, Sum},
    },
};

#[derive(Clone)]
pub struct Till {
    pub store: Store,
    pub gate: Arc<Gate>,
    pub config: Arc<Config>,
    pub clock: SharedClock,
}

/// A refund somebody wants.
#[derive(Debug, Clone)]
pub struct RefundOrder {
    /// The same name again is the same refund. `None`: a new one.
    pub name: Option<String>,
    pub payment_id: String,
    /// `None`: all that is left.
    pub amount: Option<Money>,
    pub reason: Reason,
}

/// How far a request is after it was sent, and what the platform said.
pub(super) struct Sent {
    pub progress: Progress,
    pub code: Option<String>,
    pub request_id: Option<String>,
}

/// How often the shop looks for what was never sent.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// Seconds from sending to the first question.
const FIRST_QUESTION_S: i64 = 10;

impl Till {
    pub fn of(state: &AppState) -> Self {
        Self { store: state.store.clone(), gate: state.gate.clone(), config: state.config.clone(), clock: state.clock.clone() }
    }

    /// Writes a refund down and sends it. What is given back tells how far it came by then.
    pub async fn refund(&self, order: RefundOrder) -> Result<Refund, AskError> {
        let id = order.name.unwrap_or_else(|| format!("refund-{}", chance::token()));
        let refund = self.store.ask_refund(&id, &order.payment_id, order.amount, &order.reason, self.clock.now()).await?;
        Ok(self.send_asked_refund(refund).await?)
    }

    /// Sends a refund that was written down, unless it was sent already.
    pub async fn send_asked_refund(&self, refund: Refund) -> Result<Refund, StoreError> {
        let (till, name) = (self.clone(), refund.id.clone());
        whole(tokio::spawn(async move { till.send_refund(&name).await })).await?;
        Ok(self.store.refund(&refund.id).await?.unwrap_or(refund))
    }

    /// One that cannot be sent keeps no other from leaving.
    async fn send_what_was_never_sent(&self) -> Result<(), StoreError> {
        for id in self.store.refunds_to_send().await? {
            if let Err(error) = self.send_refund(&id).await {
                tracing::error!(id, %error, "a refund that was never sent could not be sent");
            }
        }
        for payment_id in self.store.payouts_to_send().await? {
            if let Err(error) = self.send_payout(&payment_id).await {
                tracing::error!(payment_id, %error, "a payout that was never sent could not be sent");
            }
        }
        Ok(())
    }

    pub(super) async fn send_refund(&self, id: &str) -> Result<(), StoreError> {
        let Some(to_send) = self.store.claim_refund(id, self.first_question_at(), self.clock.now()).await? else { return Ok(()) };
        let Some(request) = self.refund_request(&to_send) else {
            return self.store.refund_answered(id, Progress::Declined, None, None, self.clock.now()).await;
        };
        let Sent { progress, code, request_id } = self.send(&request, &to_send.refund.payment_id, id).await;
        self.store.refund_answered(id, progress, code.as_deref(), request_id.as_deref(), self.clock.now()).await
    }

    /// Sends what is called `name` here, once, and reads from the answer how far it is.
    pub(super) async fn send(&self, request: &Request, payment_id: &str, name: &str) -> Sent {
        match self.gate.send(request, payment_id).await {
            Ok(Answer::Accepted { request_id }) => Sent { progress: Progress::Pending, code: None, request_id: Some(request_id) },
            Ok(Answer::Refused { code, message }) => {
                tracing::warn!(name, code, message, "a refund or payout was refused");
                Sent { progress: Progress::Declined, code: Some(code), request_id: None }
            }
            Err(silence) => Sent { progress: after(&silence, name), code: None, request_id: None },
        }
    }

    /// When the platform is first asked about what is sent now (Unix seconds).
    pub(super) fn first_question_at(&self) -> i64 {
        self.clock.now().saturating_add(self.config.status_after_s.unwrap_or(FIRST_QUESTION_S))
    }

    fn refund_request(&self, ToSend { refund, method, ip_address }: &ToSend) -> Option<Request> {
        let callback_url = format!("{}/callbacks", self.config.origin());
        let general =
            General { project_id: self.config.project_id, payment_id: &refund.payment_id, callback_url: Some(&callback_url) };
        let wanted = request::Refund {
            description: &refund.reason,
            sum: Some(Sum { amount: refund.amount.minor(), currency: refund.amount.currency().code() }),
            merchant_refund_id: Some(&refund.id),
            ip_address: ip_address.as_deref().unwrap_or_default(),
        };
        Request::refund(*method, general, wanted)
    }
}

/// What is being sent goes on to its answer, whoever asked for it and then left.
pub(super) async fn whole(sending: JoinHandle<Result<(), StoreError>>) -> Result<(), StoreError> {
    sending.await.unwrap_or_else(|error| {
        tracing::error!(%error, "sending broke off; the platform is asked about it");
        Ok(())
    })
}

/// After a start, and again while the platform could not be reached: what was written down but never sent is sent.
pub async fn go_on(till: Till) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    loop {
        look.tick().await;
        if let Err(error) = till.send_what_was_never_sent().await {
            tracing::error!(%error, "what was never sent could not be sent");
        }
    }
}

/// What is known of a request that got no clear answer.
fn after(silence: &Silence, name: &str) -> Progress {
    tracing::warn!(name, %silence, "the platform's answer is not clear");
    match silence {
        // It never left: it may be sent for the first time later.
        silence if silence.never_left() => Progress::Stored,
        _ => Progress::Unknown,
    }
}
