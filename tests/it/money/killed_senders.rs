//! kill −9 before a request is sent, while it is answered, and after: it is sent once, and its end becomes known.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::json;

use crate::kit::{
    Customer, Folder, Program, Purchase, Said, Sandbox, eventually, free_port,
    gate_way::{GateWay, Money},
    settings_for, shop_program, storefront,
};

const QUICK: (&str, &str) = ("STATUS_AFTER_S", "1");

/// A shop as a process, its sandbox, the way between them, and commands that share its database.
struct Stand {
    way: GateWay,
    folder: Folder,
    sandbox: Sandbox,
    port: u16,
    more: Vec<(String, String)>,
}

impl Stand {
    async fn with(more: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        let sandbox = Sandbox::start(&folder, &[]);
        let way = GateWay::opens(Money::Passes).await;
        way.leads_to(&sandbox.address);
        let gate = way.address();
        let settings = [&[QUICK, ("GATE_URL", &gate)], more].concat();
        let more = settings.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { way, folder, sandbox, port: free_port(), more }
    }

    fn changed<'a>(&'a self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        self.more.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(more.iter().copied()).collect()
    }

    fn shop(&self) -> Program {
        shop_program(self.port, &self.sandbox, &self.folder, &self.changed(&[]))
    }

    fn refund(&self, purchase: &Purchase, more: &[(&str, &str)]) -> Said {
        let settings = settings_for(self.port, &self.sandbox, &self.folder, &self.changed(more));
        storefront(&self.folder, &settings, &["refund", purchase.payment_id(), "--reason", "x", "--name", "r"], "")
    }

    /// The same command, left running.
    fn starts_refund(&self, purchase: &Purchase) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_storefront"));
        command.args(["refund", purchase.payment_id(), "--reason", "x", "--name", "r"]);
        command.env_clear().envs(settings_for(self.port, &self.sandbox, &self.folder, &self.changed(&[])));
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a built program")
    }

    async fn paid(&self) -> Purchase {
        let shop = self.shop();
        Customer::of(&shop.address).buys("KR", "payco-wallet", "approve").await
    }

    async fn ends_refunded(&self, purchase: &Purchase) {
        let shop = self.shop();
        Customer::of(&shop.address).sees(&purchase.order_path(), "refunded").await;
        let total = purchase.amount();
        let once = [format!("sale success {total}"), format!("refund success {total}")];
        assert_eq!(self.sandbox.has(purchase.payment_id()).await, once);
        assert!(self.refund(purchase, &[]).stdout.contains("done"));
        assert_eq!(self.way.sent(), 1, "sent once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_killed_before_it_left_is_sent_by_the_next_start() {
    let stand = Stand::with(&[]).await;
    let purchase = stand.paid().await;
    let said = stand.refund(&purchase, &[("GATE_URL", "http://127.0.0.1:9")]);
    assert!(said.code == 0 && said.stdout.contains("stored"), "{said:?}");
    assert_eq!(stand.sandbox.has(purchase.payment_id()).await.len(), 1, "the sale alone");
    stand.ends_refunded(&purchase).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_killed_while_it_waits_for_the_answer_is_asked_about() {
    let stand = Stand::with(&[]).await;
    let purchase = stand.paid().await;
    stand.sandbox.misbehaves(json!({ "gate": "timeout", "drop": 1 })).await;
    let mut command = stand.starts_refund(&purchase);
    eventually("the refund at the platform", async || (stand.sandbox.has(purchase.payment_id()).await.len() == 2).then_some(()))
        .await;
    command.kill().expect("killed");
    command.wait().expect("its end");
    stand.sandbox.misbehaves(json!({ "drop": 1 })).await;
    stand.ends_refunded(&purchase).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_killed_after_the_answer_ends_known() {
    let stand = Stand::with(&[]).await;
    let purchase = stand.paid().await;
    stand.sandbox.misbehaves(json!({ "operations_pending": true, "drop": 1 })).await;
    let said = stand.refund(&purchase, &[]);
    assert!(said.stdout.contains("pending"), "{said:?}");
    stand.sandbox.misbehaves(json!({ "drop": 1 })).await;
    stand.ends_refunded(&purchase).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_direct_sale_killed_while_it_waits_for_the_answer_is_paid_once() {
    let stand = Stand::with(&[("PAYMENT_PATH", "gate")]).await;
    stand.sandbox.misbehaves(json!({ "gate": "timeout", "drop": 1 })).await;
    let mut shop = stand.shop();
    let customer = Customer::of(&shop.address);
    customer.shops_in("PH").await;
    customer.puts_in_cart("jeju-green-tea", 1).await;
    let waiting = customer.presses_pay("paymaya-wallet", "maria@example.com", "").await.location().expect("led on").to_owned();
    let order = waiting.trim_end_matches("/continue").to_owned();
    let payment_id = customer.opens(&order).await.attribute("data-payment-id").expect("an id");
    eventually("the sale at the platform", async || (!stand.sandbox.has(&payment_id).await.is_empty()).then_some(())).await;
    shop.is_killed();
    stand.sandbox.misbehaves(json!({ "drop": 1 })).await;

    let _shop = stand.shop();
    let provider = eventually("the wallet's page", async || {
        tokio::time::sleep(Duration::from_millis(100)).await;
        customer.opens(&waiting).await.header("refresh").strip_prefix("0; url=").map(str::to_owned)
    })
    .await;
    customer.posts(&provider, &[("decision", "approve")]).await;
    customer.sees(&order, "success").await;
    let [sale] = &stand.sandbox.has(&payment_id).await[..] else { panic!("one sale") };
    assert!(sale.starts_with("sale success"), "{sale}");
    assert_eq!(stand.way.sent(), 1, "sent once");
}
