//! The only place that money leaves from. What the back office, batches and commands ask for is stored first, sent once, and
//! asked about until its end is known.

use std::{sync::Arc, time::Duration};

use tracing::Instrument;

use crate::{
    config::settings::Config,
    domain::{
        books::MoneyKind,
        money::Money,
        orders::order::{Attempt, Order},
        transfers::{
            payout::{Payout, PayoutOrder, Reference},
            progress::Progress,
            refund::{Reason, Refund},
        },
    },
    platform::Method,
    protocol::gate::{
        Answer,
        request::{self, Customer, GateRequest, GateSum, General},
    },
    server::{
        platform::line::gate::{Gate, Silence},
        running::{chance, clock::SharedClock, telling},
        state::AppState,
        store::{Answered, AskError, Payer, PayoutError, Store, StoreError, ToSend},
    },
};

#[derive(Clone)]
pub struct Till {
    pub store: Store,
    pub gate: Arc<Gate>,
    pub config: Arc<Config>,
    pub clock: SharedClock,
}

/// A refund to be made.
#[derive(Debug, Clone)]
pub struct RefundOrder {
    /// The same name again is the same refund. `None`: a new one.
    pub name: Option<String>,
    pub payment_id: String,
    /// `None`: all that is left.
    pub amount: Option<Money>,
    pub reason: Reason,
}

/// How often the shop looks for transfers that were never sent.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// Seconds from sending to the first question.
const FIRST_QUESTION_S: i64 = 10;

impl Till {
    pub fn of(state: &AppState) -> Self {
        Self { store: state.store.clone(), gate: state.gate.clone(), config: state.config.clone(), clock: state.clock.clone() }
    }

    /// Stores a refund and sends it. Returns it with its progress so far.
    pub async fn refund(&self, order: RefundOrder) -> Result<Refund, AskError> {
        let id = order.name.unwrap_or_else(|| format!("refund-{}", chance::token()));
        let refund = self.store.ask_refund(&id, &order.payment_id, order.amount, &order.reason, self.clock.now()).await?;
        Ok(self.send_asked_refund(refund).await?)
    }

    /// Sends a stored refund, unless it was sent already.
    pub async fn send_asked_refund(&self, refund: Refund) -> Result<Refund, StoreError> {
        self.send_whole(MoneyKind::Refund, &refund.id).await?;
        Ok(self.store.refund(&refund.id).await?.unwrap_or(refund))
    }

    /// Stores a payout and sends it. Returns it with its progress so far.
    /// The same reference again is the same payout; without one it is a new one.
    pub async fn pay_out(&self, reference: Option<Reference>, order: &PayoutOrder) -> Result<Payout, PayoutError> {
        let payment_id = reference.map_or_else(
            || format!("{}payout-{}", self.config.payment_id_prefix, chance::token()),
            |name| name.as_str().to_owned(),
        );
        let payout = self.store.ask_payout(&payment_id, order, self.clock.now()).await?;
        Ok(self.send_asked_payout(payout).await?)
    }

    /// Sends a stored payout, unless it was sent already.
    pub async fn send_asked_payout(&self, payout: Payout) -> Result<Payout, StoreError> {
        self.send_whole(MoneyKind::Payout, &payout.payment_id).await?;
        Ok(self.store.payout(&payout.payment_id).await?.unwrap_or(payout))
    }

    /// Sends a transfer and waits for its answer, even if the request that asked for it is cancelled.
    pub async fn send_whole(&self, kind: MoneyKind, name: &str) -> Result<(), StoreError> {
        let (till, sent) = (self.clone(), name.to_owned());
        let sending = tokio::spawn(async move { till.send(kind, &sent).await }.in_current_span());
        sending.await.unwrap_or_else(|error| {
            tracing::error!(name, %error, "sending broke off; the platform is asked about it");
            Ok(())
        })
    }

    /// A transfer that cannot be sent does not hold up the others.
    async fn send_what_was_never_sent(&self) -> Result<(), StoreError> {
        for (kind, name) in self.store.transfers_to_send().await? {
            if let Err(error) = self.send(kind, &name).await {
                tracing::error!(name, %error, "what was never sent could not be sent");
            }
        }
        Ok(())
    }

    /// Sends a transfer once, if it was never sent, and stores the answer or its absence.
    async fn send(&self, kind: MoneyKind, name: &str) -> Result<(), StoreError> {
        let claimed = self.store.claim_transfer(kind, name, self.first_question_at(), self.clock.now()).await?;
        let Some(to_send) = claimed else { return Ok(()) };
        let answered = match self.request(&to_send, name) {
            Some((request, payment_id)) => {
                let asking = async { Self::read(kind, name, self.gate.send(&request, &payment_id).await) };
                asking.instrument(telling::request::work(&payment_id)).await
            }
            None => {
                tracing::error!(name, kind = kind.name(), "it lacks what the platform needs to be told");
                Answered { progress: Progress::Declined, code: None, request_id: None }
            }
        };
        self.store.transfer_answered(kind, name, answered, self.clock.now()).await
    }

    fn read(kind: MoneyKind, name: &str, answer: Result<Answer, Silence>) -> Answered {
        match answer {
            Ok(Answer::Accepted { request_id }) => {
                tracing::info!(name, request_id, kind = kind.name(), "the platform accepted it");
                Answered { progress: Progress::Pending, code: None, request_id: Some(request_id) }
            }
            // Its message may repeat what it was told.
            Ok(Answer::Refused { code, .. }) => {
                tracing::warn!(name, code, kind = kind.name(), "the platform refused it");
                Answered { progress: Progress::Declined, code: Some(code), request_id: None }
            }
            Err(silence) => {
                tracing::warn!(name, %silence, kind = kind.name(), "the platform's answer is not clear");
                let progress = match (silence.never_left(), kind) {
                    (false, _) => Progress::Unknown,
                    // The customer is told, and tries again.
                    (true, MoneyKind::Sale) => Progress::Declined,
                    // It may be sent for the first time later.
                    (true, MoneyKind::Refund | MoneyKind::Payout) => Progress::Stored,
                };
                Answered { progress, code: None, request_id: None }
            }
        }
    }

    /// When the platform is first asked about what is sent now (Unix seconds).
    pub fn first_question_at(&self) -> i64 {
        self.clock.now().saturating_add(self.config.status_after_s.unwrap_or(FIRST_QUESTION_S))
    }

    /// The request, and the payment it is about. `None`: the store lacks what it needs.
    fn request(&self, to_send: &ToSend, name: &str) -> Option<(GateRequest, String)> {
        match to_send {
            ToSend::Sale(order, payer) => {
                let attempt = order.attempt(name)?;
                Some((self.sale_request(order, attempt, payer)?, attempt.payment_id.clone()))
            }
            ToSend::Refund { refund, method, ip_address } => {
                let request = self.refund_request(refund, *method, ip_address.as_deref())?;
                Some((request, refund.payment_id.clone()))
            }
            ToSend::Payout(payout) => Some((self.payout_request(payout)?, payout.payment_id.clone())),
        }
    }

    fn sale_request(&self, order: &Order, attempt: &Attempt, payer: &Payer) -> Option<GateRequest> {
        let back = format!("{}/orders/{}", self.config.origin(), order.token);
        let customer = Customer {
            id: &order.customer_id,
            ip_address: payer.ip_address.as_deref()?,
            email: payer.email.as_deref(),
            last_name: payer.last_name.as_deref(),
        };
        let (method, sum) = (attempt.method?, sum(attempt.amount));
        Some(self.general(&attempt.payment_id, |general| GateRequest::sale(method, general, sum, customer, &back)))
    }

    fn refund_request(&self, refund: &Refund, method: Method, ip_address: Option<&str>) -> Option<GateRequest> {
        let wanted = request::RefundRequest {
            description: &refund.reason,
            sum: Some(sum(refund.amount)),
            merchant_refund_id: Some(&refund.id),
            ip_address: ip_address.unwrap_or_default(),
        };
        self.general(&refund.payment_id, |general| GateRequest::refund(method, general, wanted))
    }

    fn payout_request(&self, payout: &Payout) -> Option<GateRequest> {
        let wanted = request::PayoutRequest {
            customer_id: &payout.customer_id,
            ip_address: &payout.ip_address,
            sum: sum(payout.amount),
            account: payout.account.as_str(),
            full_name: payout.full_name.as_str(),
        };
        self.general(&payout.payment_id, |general| GateRequest::payout(payout.method, general, wanted))
    }

    /// What all requests begin with.
    fn general<T>(&self, payment_id: &str, request: impl FnOnce(General<'_>) -> T) -> T {
        let callback_url = format!("{}/callbacks", self.config.origin());
        request(General { project_id: self.config.project_id, payment_id, callback_url: Some(&callback_url) })
    }
}

fn sum(amount: Money) -> GateSum<'static> {
    GateSum { amount: amount.minor(), currency: amount.currency().code() }
}

/// Worker: sends stored transfers that were never sent, after a start or while the platform could not be reached.
pub async fn go_on(till: Till) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    loop {
        look.tick().await;
        if let Err(error) = till.send_what_was_never_sent().await {
            tracing::error!(%error, "what was never sent could not be sent");
        }
    }
}
