//! Requests a second of each kind, one kind after another.

use super::grown::Grown;
use crate::decisions::callbacks;
use crate::decisions::customers::{self, Payment};
use crate::decisions::http::Request;
use crate::decisions::load::Load;
use crate::office::browser::Browser;
use crate::office::shop::{EMAIL, PASSWORD};
use anyhow::Result;
use std::time::Duration;

pub const CONNECTIONS: usize = 32;
const TURN: Duration = Duration::from_secs(2);
/// Requests that are prepared; a list that ends before its turn makes the turn shorter.
const MOST: u32 = 8_000;
/// Made-up orders whose pages are opened.
const LOOKED_AT: u32 = 500;

#[derive(Clone)]
pub struct Rates([(&'static str, f64); 5]);

impl Rates {
    pub async fn of(grown: &Grown, orders: u32) -> Result<Self> {
        let ports = &grown.ports;
        let mut operator = Browser::of(ports[0]);
        operator.sign_in(EMAIL, PASSWORD)?;
        let plain = |path: String| customers::visit(path, String::new());
        let pages = [plain("/".to_owned())];
        let step = (orders / LOOKED_AT).max(1) as usize;
        let of_orders: Vec<_> = (0..orders).step_by(step).map(|order| plain(format!("/orders/generated-{order}"))).collect();
        let registry = [customers::visit("/admin/orders?state=paid".to_owned(), operator.cookies())];
        let read = async |requests: &[Request]| {
            rate(&Load { ports, connections: CONNECTIONS, requests, again: true, within: TURN, expected: 200 }).await
        };
        let (catalogue, order, registry) = (read(&pages).await?, read(&of_orders).await?, read(&registry).await?);

        let mut visitors = 0;
        let forms = customers::about_to_pay(ports, MOST, TURN * 3, &mut visitors).await?;
        let mut payments = Vec::new();
        let load = Load { ports, connections: CONNECTIONS, requests: &forms, again: false, within: TURN, expected: 303 };
        let sent = load.send(|_, answer| payments.push(Payment::of(&answer))).await?;
        let checkout = sent.latencies.len() as f64 / sent.took.as_secs_f64();
        let payments = payments.into_iter().collect::<Result<Vec<_>>>()?;
        let told: Vec<_> =
            payments.iter().enumerate().map(|(number, payment)| callbacks::success("/callbacks", payment, number)).collect();
        let callback = rate(&Load { requests: &told, expected: 200, ..load }).await?;
        Ok(Self([
            ("catalogue", catalogue),
            ("order", order),
            ("registry", registry),
            ("checkout", checkout),
            ("callback", callback),
        ]))
    }

    pub fn print(&self, engine: &str, shops: usize, orders: u32, first: &Rates) {
        let cells =
            self.0.iter().zip(&first.0).map(|((what, rate), (_, first))| format!("  {what} {rate:>7.0} ({:.2})", rate / first));
        println!("{engine:<9} {shops} shops {orders:>9} orders:{}", cells.collect::<String>());
    }
}

async fn rate(load: &Load<'_>) -> Result<f64> {
    let sent = load.send(|_, _| ()).await?;
    Ok(sent.latencies.len() as f64 / sent.took.as_secs_f64())
}
