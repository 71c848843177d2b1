//! kill −9 at every row of a run: whatever happened when, each row's money moves once, by the platform's own ledger.
//!
//! The shop is killed again and again until every one of thirty rows was on its way at a kill: as soon as a row is written down,
//! or as soon as the platform has it. What was killed on its way out may never have arrived; the platform is asked, after an
//! hour that is certain, and the row is tried again by whoever runs the file.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::kit::{
    Customer, Folder, Operator, PASSWORD, Program, Purchase, Sandbox, TestShop,
    batch_files::{payouts, refunds},
    eventually, free_port, settings_for, shop_program, storefront,
};

const ROWS: u64 = 30;
const SETTINGS: [(&str, &str); 2] = [("STATUS_AFTER_S", "600"), ("APPROVAL_ABOVE", "KRW=1000000,PHP=1000000")];
const EMAIL: &str = "finance@shop.example";

/// A shop as a process, and its sandbox.
struct Stand {
    folder: Folder,
    sandbox: Sandbox,
    port: u16,
}

impl Stand {
    fn new() -> Self {
        let folder = Folder::new();
        let sandbox = Sandbox::start(&folder, &[]);
        Self { folder, sandbox, port: free_port() }
    }

    fn shop(&self) -> Program {
        shop_program(self.port, &self.sandbox, &self.folder, &SETTINGS)
    }

    async fn operator(&self, shop: &Program) -> Operator {
        let settings = settings_for(self.port, &self.sandbox, &self.folder, &SETTINGS);
        let said = storefront(&self.folder, &settings, &["operator", "add", EMAIL, "--role", "finance"], PASSWORD);
        assert_eq!(said.code, 0, "{said:?}");
        Operator::at(&shop.address, EMAIL).await
    }

    /// Refunds and payouts in the platform's ledger: how often each amount went out, and how often with success.
    async fn ledger(&self) -> BTreeMap<u64, (u32, u32)> {
        ledger(&self.sandbox).await
    }

    /// Starts the shop and kills it until nothing is left to send. The platform takes rows on and keeps its answers to itself,
    /// so what a start sends is on its way when it is killed: each of the rows must have been, at one of the kills.
    async fn sweep(&self) {
        let rows = || self.folder.batch_rows();
        self.sandbox.misbehaves(json!({ "gate": "timeout", "delay_ms": 600_000 })).await;
        let mut met = BTreeSet::new();
        for kill in 1..=ROWS {
            if rows().to_be_sent == 0 {
                break;
            }
            let sent_before: u32 = self.ledger().await.values().map(|(sent, _)| sent).sum();
            let run_before = rows().run;
            let mut shop = self.shop();
            eventually(&format!("the moment of kill {kill}"), async || {
                let is_over = rows().to_be_sent == 0;
                // As soon as the platform has one more; by turns before that, as soon as one is written down.
                let is_written = kill % 2 == 0 && rows().run > run_before;
                let is_so = is_written || self.ledger().await.values().map(|(sent, _)| sent).sum::<u32>() > sent_before;
                (is_over || is_so).then_some(())
            })
            .await;
            shop.is_killed();
            self.folder.killed_shops_count_as_gone();
            met.extend(rows().on_their_way);
            assert!(self.ledger().await.values().all(|(sent, _)| *sent == 1), "after kill {kill}: {:?}", self.ledger().await);
        }
        assert_eq!(met.len() as u64, ROWS, "each row was on its way at a kill: {met:?}");
        assert_eq!(rows().to_be_sent, 0, "all was sent");
        self.sandbox.misbehaves(json!({})).await;
    }

    /// Hours later: what never arrived is known not to have, and is tried again. Then every row was done, once.
    async fn ends(self, run: &str, amounts: &[u64]) {
        {
            let _shop = self.shop();
            eventually("all rows sent", async || (self.folder.batch_rows().to_be_sent == 0).then_some(())).await;
        }
        self.folder.killed_shops_count_as_gone();
        let mut late = Duration::from_secs(2 * 60 * 60);
        let shop = TestShop::open(self.folder, self.sandbox, &SETTINGS, late).await;
        let finance = Operator::at(&shop.address, EMAIL).await;
        let mut run = run.to_owned();
        loop {
            tokio::select! {
                _ = finance.sees_run(&run, "finished") => {}
                () = time_goes_by(&shop) => {}
            }
            let again = finance.posts(&format!("{run}/again"), &[]).await;
            if again.status != 303 {
                break;
            }
            run = again.location().expect("the next run").to_owned();
            assert_eq!(finance.confirms(&format!("{run}/start"), &[]).await.status, 303);
            late += Duration::from_secs(1);
            assert!(late < Duration::from_secs(3 * 60 * 60), "it is never over");
        }
        let once: BTreeMap<u64, (u32, u32)> = amounts.iter().map(|amount| (*amount, (1, 1))).collect();
        eventually("each row once", async || (ledger(&shop.sandbox).await == once).then_some(())).await;
        let said = shop.command(&["books"], "");
        assert_eq!(said.code, 0, "{said:?}");
        assert_eq!(shop.open_cases(), []);
    }
}

/// What never arrived is known not to have once the platform has left it out again and again, with time between.
async fn time_goes_by(shop: &TestShop) {
    loop {
        tokio::time::sleep(Duration::from_millis(250)).await;
        shop.time_passes(Duration::from_secs(15 * 60));
    }
}

async fn ledger(sandbox: &Sandbox) -> BTreeMap<u64, (u32, u32)> {
    let browser = Customer::of(&sandbox.address);
    let all: Value = serde_json::from_str(&browser.opens("/control/payments").await.body).expect("JSON");
    let mut ledger: BTreeMap<u64, (u32, u32)> = BTreeMap::new();
    for payment in all.as_array().expect("a list") {
        let id = payment["payment_id"].as_str().expect("an id");
        let page = browser.opens(&format!("/control/payments/{id}")).await;
        let payment: Value = serde_json::from_str(&page.body).expect("JSON");
        for operation in payment["operations"].as_array().into_iter().flatten() {
            if operation["type"] != "sale" {
                let (sent, done) = ledger.entry(operation["amount"].as_u64().expect("minor units")).or_default();
                *sent += 1;
                *done += u32::from(operation["status"] == "success");
            }
        }
    }
    ledger
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_of_refunds_killed_at_every_row_gives_each_back_once() {
    let stand = Stand::new();
    let mut shop = stand.shop();
    let mut purchases: Vec<Purchase> = Vec::new();
    for _ in 0..3 {
        purchases.push(Customer::of(&shop.address).buys("KR", "payco-wallet", "approve").await);
    }
    let amounts: Vec<u64> = (0..ROWS).map(|row| 100 + row).collect();
    let rows: Vec<_> =
        amounts.iter().zip(purchases.iter().cycle()).map(|(amount, purchase)| (purchase, *amount, "sweep")).collect();
    let finance = stand.operator(&shop).await;
    let run = finance.brings("sweep.csv", refunds(&rows)).await;
    assert_eq!(finance.confirms(&format!("{run}/start"), &[]).await.status, 303);
    shop.is_killed();
    stand.sweep().await;
    stand.ends(&run, &amounts).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_of_payouts_killed_at_every_row_pays_each_once() {
    let stand = Stand::new();
    let mut shop = stand.shop();
    let purchase = Customer::of(&shop.address).buys("PH", "paymaya-wallet", "approve").await;
    let amounts: Vec<u64> = (0..ROWS).map(|row| 100 + row).collect();
    let rows: Vec<_> = amounts.iter().map(|amount| (*amount, "John Doe")).collect();
    let finance = stand.operator(&shop).await;
    let run = finance.brings("sweep.csv", payouts(&purchase, &rows)).await;
    assert_eq!(finance.confirms(&format!("{run}/start"), &[]).await.status, 303);
    shop.is_killed();
    stand.sweep().await;
    stand.ends(&run, &amounts).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_a_kill_cut_off_is_never_run_and_is_forgotten() {
    let stand = Stand::new();
    let mut shop = stand.shop();
    let purchase = Customer::of(&shop.address).buys("PH", "paymaya-wallet", "approve").await;
    let finance = stand.operator(&shop).await;
    let rows: Vec<_> = (0..1_200).map(|row| (15_000 + row, "John Doe")).collect();
    let cookie = finance.enters_password("").await.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let host = shop.address.trim_start_matches("http://").to_owned();
    let request = format!(
        "POST /admin/batches HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\ncontent-type: multipart/form-data; boundary=line\r\n\
         content-length: 1000000\r\n\r\n--line\r\ncontent-disposition: form-data; name=\"file\"; filename=\"p.csv\"\r\n\r\n{}",
        payouts(&purchase, &rows)
    );
    let mut line = TcpStream::connect(&host).await.expect("a connection");
    line.write_all(request.as_bytes()).await.expect("most of it");
    eventually("rows are read in", async || (stand.folder.stored_batch_rows().1 >= 1_000).then_some(())).await;
    shop.is_killed();
    assert_eq!(stand.folder.stored_batch_rows().0, 1, "something of it is there");

    let shop = TestShop::open(stand.folder, stand.sandbox, &SETTINGS, Duration::from_secs(60 * 60)).await;
    let finance = Operator::at(&shop.address, EMAIL).await;
    assert!(finance.sees("/admin/batches").await.body.contains("There is none yet."));
    assert_eq!(finance.confirms("/admin/batches/1/start", &[]).await.status, 404);
    eventually("it is forgotten", async || (shop.folder.stored_batch_rows() == (0, 0)).then_some(())).await;
}
