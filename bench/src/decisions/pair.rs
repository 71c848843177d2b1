//! The bare server and the shop, both on one disk, and a round of requests to them.

use super::callbacks::{self, PROJECT_ID, PROJECT_SECRET};
use super::customers::{self, Payment};
use super::disk::Disk;
use super::figures::{Figures, Turn, What};
use super::http::{Answer, Connection, Request};
use super::load::{Load, Sent};
use crate::server::{Server, free_port, processor_time};
use anyhow::{Result, ensure};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The most requests per second that are prepared. If a list ends before its turn does, the turn is just shorter.
const MOST_A_SECOND: u32 = 10_000;
/// How many made-up callbacks there are for the bare server.
const MADE_UP: usize = 10_000;
/// How many of the paid orders are checked at the end.
const LOOKED_AT: usize = 10;

pub struct Pair {
    bare: Server,
    shop: Server,
    made_up: Vec<Request>,
    /// How many customers there were so far; each has a different address.
    customers: u32,
    /// How many callbacks there were so far; each has a different number.
    told: usize,
    paid: Vec<Payment>,
}

impl Pair {
    pub fn start(disk: &Disk, program: &Path, folder: &Path) -> Result<Pair> {
        Ok(Pair {
            bare: start_bare(disk, folder)?,
            shop: start_shop(disk, program, folder)?,
            made_up: (0..MADE_UP).map(|number| callbacks::success("/", &Payment::made_up(number), number)).collect(),
            customers: 0,
            told: 0,
            paid: Vec::new(),
        })
    }

    /// One turn of each kind of request. The callbacks are about the payments of the checkouts.
    pub async fn round(&mut self, connections: usize, turn: Duration, figures: &mut Figures) -> Result<()> {
        let (bare_ports, shop_ports) = ([self.bare.port], [self.shop.port]);
        let plain = |ports| Load { ports, connections, requests: &[], again: false, within: turn, expected: 200 };

        let bare = Load { requests: &self.made_up, again: true, ..plain(&bare_ports) };
        figures.add(What::Bare, connections, watched(&self.bare, &bare, |_| ()).await?);

        // Filling a cart costs the shop no more than a checkout, so three turns fill enough carts for one turn of checkouts.
        let forms = customers::about_to_pay(&shop_ports, MOST_A_SECOND, turn * 3, &mut self.customers).await?;
        let mut payments = Vec::new();
        let checkouts = Load { requests: &forms, expected: 303, ..plain(&shop_ports) };
        figures.add(
            What::Checkout,
            connections,
            watched(&self.shop, &checkouts, |answer| payments.push(Payment::of(&answer))).await?,
        );
        let mut payments = payments.into_iter().collect::<Result<Vec<_>>>()?;

        let tell = |(number, payment)| callbacks::success("/callbacks", payment, self.told + number);
        let mut told: Vec<_> = payments.iter().enumerate().map(tell).collect();
        self.told += told.len();
        let distinct = Load { requests: &told, ..plain(&shop_ports) };
        let sent = watched(&self.shop, &distinct, |_| ()).await?;
        told.truncate(sent.latencies.len());
        payments.truncate(sent.latencies.len());
        figures.add(What::Distinct, connections, sent);

        let repeated = Load { requests: &told, again: true, ..plain(&shop_ports) };
        figures.add(What::Repeated, connections, watched(&self.shop, &repeated, |_| ()).await?);
        payments.truncate(LOOKED_AT);
        self.paid = payments;
        Ok(())
    }

    /// Checks that the callbacks paid their orders. Returns the shop's peak memory in bytes.
    pub async fn end(self) -> Result<u64> {
        let peak = self.shop.peak_memory()?;
        let mut connection = Connection::open(self.shop.port).await?;
        for payment in &self.paid {
            let page = connection.ask(&customers::visit(payment.order_path()?, String::new())).await?;
            ensure!(page.text().contains("data-payment-status=\"success\""), "an order was not paid: {}", page.told());
        }
        Ok(peak)
    }
}

fn start_bare(disk: &Disk, folder: &Path) -> Result<Server> {
    let port = free_port()?;
    let database = disk.file(folder, "bare.db");
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(super::BARE).arg(database).arg(port.to_string());
    disk.put_below(&mut command);
    Server::start(&mut command, port)
}

/// Starts the shop as merchants run it, but without its log. It takes the load for a proxy, so that each customer has an address.
fn start_shop(disk: &Disk, program: &Path, folder: &Path) -> Result<Server> {
    let port = free_port()?;
    let database = disk.file(folder, "shop.db");
    let mut command = Command::new(program);
    command
        .current_dir(folder) // no .env there
        .env("SHOP_ADDR", format!("127.0.0.1:{port}"))
        .env("PUBLIC_URL", format!("http://127.0.0.1:{port}"))
        .env("TRUSTED_PROXIES", "127.0.0.1")
        .env("METRICS_ADDR", "off")
        .env("DATABASE_URL", format!("sqlite://{}", database.display()))
        .env("PROJECT_ID", PROJECT_ID.to_string())
        .env("PROJECT_SECRET", PROJECT_SECRET)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    disk.put_below(&mut command);
    Server::start(&mut command, port)
}

/// Sends a load and measures the processor time of the server and of the load.
async fn watched(server: &Server, load: &Load<'_>, mut take: impl FnMut(Answer)) -> Result<Turn> {
    let (server_before, load_before) = (server.processor_time()?, processor_time("self")?);
    let Sent { latencies, took } = load.send(|_, answer| take(answer)).await?;
    let (server, load) = (server.processor_time()? - server_before, processor_time("self")? - load_before);
    Ok(Turn { latencies, took, server, load })
}
