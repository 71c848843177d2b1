//! Payouts out of the [`till`](super::till): written down first, sent once, asked about until their end is known.

use super::{
    chance,
    store::{PayoutError, StoreError},
    till::{Sent, Till, whole},
};
use crate::{
    domain::{
        payout::{Payout, PayoutOrder, Reference},
        progress::Progress,
    },
    protocol::gate::request::{self, General, Request, Sum},
};

impl Till {
    /// Writes a payout down and sends it. What is given back tells how far it came by then.
    /// The same reference again is the same payout; without one it is a new one.
    pub async fn pay_out(&self, reference: Option<Reference>, order: &PayoutOrder) -> Result<Payout, PayoutError> {
        let payment_id = reference.map_or_else(|| format!("payout-{}", chance::token()), |name| name.as_str().to_owned());
        let payout = self.store.ask_payout(&payment_id, order, self.clock.now()).await?;
        Ok(self.send_asked_payout(payout).await?)
    }

    /// Sends a payout that was written down, unless it was sent already.
    pub async fn send_asked_payout(&self, payout: Payout) -> Result<Payout, StoreError> {
        let (till, payment_id) = (self.clone(), payout.payment_id.clone());
        whole(tokio::spawn(async move { till.send_payout(&payment_id).await })).await?;
        Ok(self.store.payout(&payout.payment_id).await?.unwrap_or(payout))
    }

    pub(super) async fn send_payout(&self, payment_id: &str) -> Result<(), StoreError> {
        let Some(payout) = self.store.claim_payout(payment_id, self.first_question_at(), self.clock.now()).await? else {
            return Ok(());
        };
        let Some(request) = self.payout_request(&payout) else {
            return self.store.payout_answered(payment_id, Progress::Declined, None, None).await;
        };
        let Sent { progress, code, request_id } = self.send(&request, &payout.payment_id, &payout.payment_id).await;
        self.store.payout_answered(payment_id, progress, code.as_deref(), request_id.as_deref()).await
    }

    fn payout_request(&self, payout: &Payout) -> Option<Request> {
        let callback_url = format!("{}/callbacks", self.config.origin());
        let general =
            General { project_id: self.config.project_id, payment_id: &payout.payment_id, callback_url: Some(&callback_url) };
        let wanted = request::Payout {
            customer_id: &payout.customer_id,
            ip_address: &payout.ip_address,
            sum: Sum { amount: payout.amount.minor(), currency: payout.amount.currency().code() },
            account: payout.account.as_str(),
            full_name: payout.full_name.as_str(),
        };
        Request::payout(payout.method, general, wanted)
    }
}
