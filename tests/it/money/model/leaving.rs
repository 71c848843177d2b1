//! A day of the model, where money leaves: what is asked for, and the checks after each step and at the end of the day.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use storefront::protocol::{
    gate::request::{GateRequest, GateSum, General, RefundRequest},
    sandbox,
    signed::signature::Key,
};

use crate::{
    kit::{Callback, Said, gate_way::Money},
    money::model::{
        day::{Bought, Day},
        reference::Reference,
    },
};

/// What a sum ends with tells whose refund it is, so that none is taken for another.
const OURS: u64 = 0;
const ELSEWHERE: u64 = 1;
const TOLD: u64 = 2;

/// Half hours after which all that was asked for has come to its end.
const ROUNDS: u32 = 200;
const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);

/// A refund somebody asked for here.
pub struct Asked {
    name: String,
    payment_id: String,
    /// Minor units.
    amount: u64,
    currency: String,
}

fn is_done(said: &Said) -> bool {
    said.stdout.contains("  done: ")
}

fn is_declined(said: &Said) -> bool {
    said.stdout.contains("  declined: ")
}

impl Day {
    /// A part of a payment that ends with this; minor units.
    fn part(&self, at: usize, share: u64, ending: u64) -> u64 {
        let whole = self.one(at).purchase.amount();
        let most = if ending == OURS { whole } else { whole - 10 };
        (whole * share / 100 / 10 * 10).clamp(10, most) + ending
    }

    /// Asks for a refund; for one that was asked for before, how far it is.
    pub fn asks(&self, refund: &Asked) -> Said {
        let Asked { name, payment_id, amount, currency } = refund;
        let sum = ["--amount", &amount.to_string(), "--currency", currency].map(str::to_owned);
        let command = ["refund", payment_id, "--reason", "came broken", "--name", name].map(str::to_owned);
        self.says(&[command.as_slice(), &sum].concat())
    }

    pub fn says(&self, command: &[String]) -> Said {
        self.shop().command(&command.iter().map(String::as_str).collect::<Vec<_>>(), "")
    }

    /// No more is asked to leave than came, less what went back and what is on its way.
    pub async fn refunds_here(&mut self, at: usize, share: u64) {
        let (amount, name) = (self.part(at, share, OURS), format!("r{}", self.number()));
        let Bought { purchase, .. } = self.one(at);
        let (payment_id, currency, whole) = (purchase.payment_id().to_owned(), purchase.currency().to_owned(), purchase.amount());
        let refunded = self.reference().await.refunded(&payment_id);
        let of_it = self.refunds.iter().filter(|asked| asked.payment_id == payment_id);
        let on_their_way = of_it.map(|asked| (asked.amount, self.asks(asked)));
        let on_their_way = on_their_way.filter(|(_, said)| !is_done(said) && !is_declined(said)).map(|(amount, _)| amount);
        let left = whole.saturating_sub(refunded + on_their_way.sum::<u64>());
        let refund = Asked { name, payment_id, amount, currency };
        let said = self.asks(&refund);
        if said.code == 2 {
            return;
        }
        let is_paid = self.reference().await.is_paid(&refund.payment_id);
        assert!(is_paid && amount <= left, "{amount} of {left} left, paid: {is_paid}: {said:?}");
        self.refunds.push(refund);
    }

    pub async fn refunds_elsewhere(&self, at: usize, share: u64) {
        let amount = self.part(at, share, ELSEWHERE);
        let Bought { purchase, method, .. } = self.one(at);
        let general = General { project_id: sandbox::PROJECT_ID, payment_id: purchase.payment_id(), callback_url: None };
        let sum = Some(GateSum { amount, currency: purchase.currency() });
        let wanted = RefundRequest { description: "sent back", sum, merchant_refund_id: None, ip_address: "192.0.2.1" };
        let Some(request) = GateRequest::refund(*method, general, wanted) else { return };
        let key = Key::new(&SecretString::from(sandbox::PROJECT_SECRET)).expect("a key");
        let body = request.signed(&key).expect("something that can be signed").into_bytes();
        let address = format!("{}{}", self.shop().sandbox.address, request.path());
        // Refused where nothing was paid.
        self.shop().customer().sends(&address, "application/json", body).await;
    }

    /// Even if it is more than was left.
    pub async fn tells_of_refund(&mut self, at: usize, share: u64) {
        let (amount, number) = (self.part(at, share, TOLD), self.number());
        let Bought { purchase, method, .. } = self.one(at);
        let reference = self.reference().await;
        if !reference.is_paid(purchase.payment_id()) || method.rules().gate.refund.is_none() {
            return;
        }
        let is_all = reference.refunded(purchase.payment_id()) + amount >= purchase.amount();
        let status = if is_all { "refunded" } else { "partially refunded" };
        let told = Callback::refund(purchase, status, "success", amount).with("/operation/id", json!(900_000 + number));
        assert_eq!(self.shop().receives(told.signed()).await, 200);
        self.said.hears(&told.0);
    }

    pub async fn pays_out(&mut self, at: usize) {
        let reference = format!("p{}", self.number());
        let whom = self.one(at).purchase.parameter("customer_id");
        let command = ["payout", "--customer", whom, "--account", "09123456789", "--name", "John Doe", "--amount", "100"];
        let command = [&command[..], &["--reference", &reference]].concat().into_iter().map(str::to_owned).collect::<Vec<_>>();
        if self.says(&command).code != 2 {
            self.payouts.push((reference, command));
        }
    }

    /// All that was told until now.
    async fn reference(&self) -> Reference {
        let mut told = self.said.clone();
        self.way.answers().iter().for_each(|answer| told.hears(answer));
        let purchases = self.bought.iter().map(|bought| bought.purchase.payment_id());
        for payment_id in purchases.chain(self.payouts.iter().map(|(reference, _)| reference.as_str())) {
            for body in self.callbacks(payment_id, true).await {
                told.hears(&serde_json::from_str(&body).expect("JSON"));
            }
        }
        told
    }

    /// Money booked is money told, and what is too much is said.
    pub async fn books_tell_what_was_told(&self) {
        let is_sum = |line: &&str| line.get(3..).is_some_and(|rest| rest.starts_with("  taken "));
        let mut seen = (vec![], vec![], None);
        for _ in 0..40 {
            let (reference, said) = (self.reference().await, self.shop().command(&["books"], ""));
            let booked: Vec<_> = said.stdout.lines().filter(is_sum).map(str::to_owned).collect();
            let is_right = booked == reference.lines() && said.code == i32::from(reference.is_too_much());
            if is_right {
                return;
            }
            seen = (booked, reference.lines(), Some(said));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let (booked, told, said) = seen;
        assert_eq!(booked, told, "money booked is money told");
        panic!("the books say that they agree if, and only if, no more went back than came: {said:?}");
    }

    /// Nothing goes wrong any more: the shop learns by itself what became of all that was paid and asked for.
    pub async fn ends(&mut self) {
        self.shop().platform_misbehaves(json!({})).await;
        self.way.treats_money(Money::Passes);
        self.way.is_deaf(false);
        let mut open = Vec::new();
        for _ in 0..ROUNDS {
            self.passes(HALF_AN_HOUR).await;
            open = self.not_known_yet().await;
            if open.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(open, [""; 0], "nobody learns what became of it");
        self.books_tell_what_was_told().await;
        let twice: Vec<_> = self.way.times_sent().into_iter().filter(|(_, times)| *times > 1).collect();
        assert_eq!(twice, [], "sent more than once");
        for refund in &self.refunds {
            let (said, moved) = (self.asks(refund), self.has_moved(refund).await);
            assert_eq!(is_done(&said), moved, "the platform gave {} back: {moved}; {said:?}", refund.name);
        }
    }

    /// What was paid at the platform and not told here, and what was asked for here and has no end.
    async fn not_known_yet(&self) -> Vec<String> {
        let reference = self.reference().await;
        let mut open = Vec::new();
        for Bought { purchase, .. } in &self.bought {
            let sale = self.shop().platform_has(purchase.payment_id()).await.first().cloned().unwrap_or_default();
            if sale.starts_with("sale success ") && !reference.is_paid(purchase.payment_id()) {
                open.push(format!("{} was paid at the platform", purchase.payment_id()));
            }
        }
        let payouts = self.payouts.iter().map(|(_, command)| self.says(command));
        let all = self.refunds.iter().map(|refund| self.asks(refund)).chain(payouts);
        open.extend(all.filter(|said| !is_done(said) && !is_declined(said)).map(|said| said.stdout));
        open
    }

    async fn has_moved(&self, refund: &Asked) -> bool {
        let callbacks = self.callbacks(&refund.payment_id, false).await;
        let mut told = callbacks.iter().map(|body| serde_json::from_str::<Value>(body).expect("JSON"));
        told.any(|told| told["payment"]["merchant_refund_id"] == refund.name.as_str() && told["operation"]["status"] == "success")
    }
}
