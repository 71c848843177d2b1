//! A day of the model: does to a real shop what happens, and keeps what was told of money.

use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};
use storefront::{platform::Method, protocol::sandbox};

use crate::{
    kit::{
        Customer, OpenCase, Operator, Purchase, TestShop, free_port,
        gate_way::{GateWay, Money},
        signed,
    },
    money::model::{Decision, Fate, Step, leaving::Asked, reference::Reference},
};

const WAYS: [(&str, &str, Method); 3] =
    [("KR", "payco-wallet", Method::Payco), ("PH", "paymaya-wallet", Method::PayMaya), ("BE", "bancontact", Method::Bancontact)];
const DAY: Duration = Duration::from_secs(25 * 60 * 60);
const TEN_MINUTES: Duration = Duration::from_secs(10 * 60);
/// A payment that a customer began.
pub struct Bought {
    pub purchase: Purchase,
    customer: Customer,
    pub method: Method,
    /// The wallet's or bank's page.
    provider: String,
}

pub struct Day {
    pub way: GateWay,
    /// Always there but for the moment of a restart.
    shop: Option<TestShop>,
    settings: Vec<(&'static str, String)>,
    operator: Operator,
    pub bought: Vec<Bought>,
    pub refunds: Vec<Asked>,
    /// References, each with the command that asked for it.
    pub payouts: Vec<(String, Vec<String>)>,
    /// What was ordered, and what this day said itself in the platform's name.
    pub said: Reference,
    numbers: u64,
}

impl Day {
    pub async fn begins() -> Self {
        let way = GateWay::opens(Money::Passes).await;
        let port = free_port();
        let settings = vec![
            ("GATE_URL", way.address()),
            ("STATUS_AFTER_S", "1".to_owned()),
            // Callbacks find the shop after a restart, too.
            ("SHOP_ADDR", format!("127.0.0.1:{port}")),
            ("PUBLIC_URL", format!("http://127.0.0.1:{port}")),
        ];
        let borrowed: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let shop = TestShop::start_with(&borrowed).await;
        way.leads_to(&shop.sandbox.address);
        let operator = Operator::signs_in(&shop, "support").await;
        let said = Reference::default();
        let mut day =
            Self { way, shop: Some(shop), settings, operator, bought: vec![], refunds: vec![], payouts: vec![], said, numbers: 0 };
        for market in 0..WAYS.len() {
            day.goes_on(Step::Submit(market)).await;
        }
        day
    }

    pub fn shop(&self) -> &TestShop {
        self.shop.as_ref().expect("a shop")
    }

    pub fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    pub async fn goes_on(&mut self, step: Step) {
        match step {
            Step::Nothing => {}
            Step::Submit(market) => self.submits(market).await,
            Step::PayAgain(at) => self.pays_again(at).await,
            Step::Return(at) => drop(self.shop().customer().opens(&self.one(at).purchase.order_path()).await),
            Step::Decide(at, decision) => self.decides(at, decision).await,
            Step::Expire => self.passes(DAY).await,
            Step::Poll(at) => self.polls(at).await,
            Step::Wait => self.passes(TEN_MINUTES).await,
            Step::SendAgain(at) => {
                let address = self.control(self.one(at).purchase.payment_id());
                self.shop().customer().posts(&format!("{address}/callbacks"), &[]).await;
            }
            Step::Duplicate(at) => self.duplicates(at).await,
            Step::Doubt(at) => self.doubts(at).await,
            Step::Accept => self.accepts().await,
            Step::RefundHere(at, share) => self.refunds_here(at, share).await,
            Step::RefundAgain(at) if !self.refunds.is_empty() => drop(self.asks(&self.refunds[at % self.refunds.len()])),
            Step::RefundElsewhere(at, share) => self.refunds_elsewhere(at, share).await,
            Step::RefundTold(at, share) => self.tells_of_refund(at, share).await,
            Step::PayOut(at) => self.pays_out(at).await,
            Step::PayOutAgain(at) if !self.payouts.is_empty() => drop(self.says(&self.payouts[at % self.payouts.len()].1)),
            Step::RefundAgain(_) | Step::PayOutAgain(_) => {}
            Step::Callbacks(fate) => {
                let faults = match fate {
                    Fate::Arrives => json!({}),
                    Fate::Suffers => json!({ "shuffle": true, "duplicate": 1, "drop": 0.3 }),
                    Fate::IsLost => json!({ "drop": 1 }),
                };
                self.shop().platform_misbehaves(faults).await;
            }
            Step::Answers(fate) => {
                self.way.is_deaf(matches!(fate, Fate::IsLost));
                self.way.treats_money(match fate {
                    Fate::Arrives => Money::Passes,
                    Fate::Suffers => Money::LosesItsAnswer,
                    Fate::IsLost => Money::IsLost,
                });
            }
            Step::Restart => {
                let shop = self.shop.take().expect("a shop");
                let settings: Vec<_> = self.settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
                self.shop = Some(shop.starts_again(&settings).await);
            }
        }
        // What fell due is decided and told.
        self.shop().platform_waits(1).await;
    }

    pub fn one(&self, at: usize) -> &Bought {
        &self.bought[at % self.bought.len()]
    }

    fn control(&self, payment_id: &str) -> String {
        format!("{}/control/payments/{payment_id}", self.shop().sandbox.address)
    }

    pub async fn passes(&self, time: Duration) {
        self.shop().platform_waits(time.as_secs()).await;
        self.shop().time_passes(time);
    }

    async fn submits(&mut self, market: usize) {
        let (market, code, method) = WAYS[market % WAYS.len()];
        let customer = self.shop().customer();
        let purchase = customer.orders(market, "jeju-green-tea", code).await;
        self.begins_to_pay(purchase, customer, method).await;
    }

    async fn pays_again(&mut self, at: usize) {
        let Bought { purchase, method, .. } = self.one(at);
        let (order, method) = (purchase.order_path(), *method);
        let customer = self.shop().customer();
        let page = customer.posts(&format!("{order}/pay"), &[("payment_method", "")]).await;
        let leads_on = page.location().is_some_and(|address| address.contains("payment_id="));
        if leads_on && self.bought.iter().all(|known| known.purchase.payment_id() != page.purchase().payment_id()) {
            self.begins_to_pay(page.purchase(), customer, method).await;
        }
    }

    async fn begins_to_pay(&mut self, purchase: Purchase, customer: Customer, method: Method) {
        let typed = [("_method", method.rules().code), ("_email", "maria@example.com"), ("_last_name", "Peeters")];
        let provider = customer.confirms_with(&purchase, &typed).await;
        self.said.orders(&purchase);
        self.bought.push(Bought { purchase, customer, method, provider });
    }

    async fn decides(&self, at: usize, decision: Decision) {
        let decision = match decision {
            Decision::Approve => "approve",
            Decision::Decline => "decline",
            Decision::Cancel => "cancel",
        };
        let Bought { customer, provider, .. } = self.one(at);
        customer.posts(provider, &[("decision", decision)]).await;
    }

    pub async fn polls(&self, at: usize) {
        let address = format!("/admin/orders/{}/inquiry", self.one(at).purchase.order_number());
        if self.operator.posts(&address, &[]).await.status == 401 {
            self.operator.enters_password("").await;
            assert_eq!(self.operator.posts(&address, &[]).await.status, 303);
        }
    }

    /// The bodies of a payment's callbacks that the shop confirmed, or of all.
    pub async fn callbacks(&self, payment_id: &str, only_confirmed: bool) -> Vec<String> {
        let page = self.shop().customer().opens(&self.control(payment_id)).await;
        let payment: Value = serde_json::from_str(&page.body).expect("JSON");
        let callbacks = payment["callbacks"].as_array().cloned().unwrap_or_default().into_iter();
        let is_confirmed =
            |callback: &Value| callback["attempts"].as_array().is_some_and(|all| all.iter().any(|one| one["http_status"] == 200));
        let wanted = callbacks.filter(|callback| !only_confirmed || is_confirmed(callback));
        wanted.map(|callback| callback["body"].as_str().expect("a body").to_owned()).collect()
    }

    async fn duplicates(&self, at: usize) {
        let Some(last) = self.callbacks(self.one(at).purchase.payment_id(), true).await.pop() else { return };
        let answers = join_all((0..3).map(|_| self.shop().receives(last.clone()))).await;
        assert_eq!(answers, [200; 3]);
    }

    async fn doubts(&mut self, at: usize) {
        let payment_id = self.one(at).purchase.payment_id().to_owned();
        let number = self.number();
        let callbacks = self.callbacks(&payment_id, false).await.into_iter();
        let mut callbacks = callbacks.map(|body| serde_json::from_str::<Value>(&body).expect("JSON"));
        let Some(mut told) = callbacks.find(|told| told["payment"]["status"] == "success") else { return };
        told.as_object_mut().expect("an object").remove("signature");
        told["note"] = json!(format!("a;b {number}"));
        assert_eq!(self.shop().receives(signed(&told.to_string(), sandbox::PROJECT_SECRET)).await, 200);
        let waits = |case: &OpenCase| case.kind == "unconfirmed callback" && case.payment_id == payment_id;
        if !self.shop().open_cases().iter().any(waits) {
            self.said.pays(&payment_id);
        }
    }

    async fn accepts(&mut self) {
        for case in self.shop().open_cases() {
            let accepted = self.shop().command(&["cases", "accept", &case.id], "");
            if accepted.code == 0 && case.kind == "unconfirmed callback" {
                self.said.pays(&case.payment_id);
            }
        }
    }
}
