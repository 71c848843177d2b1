//! A shop with its database, platform and customers, all of its own: what a fault is tried on.

pub mod browser;
pub mod cluster;
pub mod customer;
pub mod database;
pub mod early_end;
pub mod http;
pub mod operator;
pub mod page;
pub mod program;
pub mod proxy;
pub mod record;
pub mod sandbox;
pub mod shop;
pub mod trace;
pub mod wire;

use anyhow::{Context, Result, bail, ensure};
use database::Database;
use http::{Answer, Request};
use proxy::Proxy;
use record::Record;
use sandbox::Sandbox;
use serde_json::json;
use shop::{Shop, Under};
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long somebody insists on an answer.
const PATIENCE: Duration = Duration::from_secs(120);
const TRIES_AGAIN_AFTER: Duration = Duration::from_millis(20);

pub struct World {
    pub folder: PathBuf,
    pub database: Database,
    pub sandbox: Sandbox,
    pub shop: Shop,
    /// Further shops on the same database, and what stands before all of them.
    pub behind: Option<(Proxy, Vec<Shop>)>,
    pub record: Record,
}

impl World {
    pub fn shops(&self) -> impl Iterator<Item = &Shop> {
        std::iter::once(&self.shop).chain(self.behind.iter().flat_map(|(_, others)| others))
    }

    /// Where customers and the platform come to.
    fn door(&self) -> u16 {
        self.behind.as_ref().map_or(self.shop.port, |(proxy, _)| proxy.port)
    }

    /// Sends a request to the shop once.
    pub fn asks(&self, request: &Request<'_>) -> Result<Answer> {
        self.asks_at(self.door(), request)
    }

    /// The same of another shop on this database.
    pub fn asks_at(&self, port: u16, request: &Request<'_>) -> Result<Answer> {
        let began = Instant::now();
        let answer = request.to(port);
        let why = match &answer {
            Ok(answer) => answer.is_outage().then(|| answer.status.to_string()),
            Err(error) => Some(error.to_string()),
        };
        self.record.request(began, why.map(|why| format!("{} {}: {why}", request.method, request.path)));
        answer
    }

    /// Sends a request until it is served. A shop that ended is started again.
    pub fn insists(&self, request: &Request<'_>) -> Result<Answer> {
        let began = Instant::now();
        loop {
            let answer = self.asks(request);
            match answer {
                Ok(answer) if !answer.is_outage() => return Ok(answer),
                Ok(answer) if began.elapsed() > PATIENCE => bail!("{} {}: {}", request.method, request.path, answer.status),
                Err(error) if began.elapsed() > PATIENCE => return Err(error.context(request.path.to_owned())),
                _ => {}
            }
            // Whoever kills one of several starts it again.
            if self.behind.is_none() {
                self.shop.stands(&Under::nothing())?;
            }
            sleep(TRIES_AGAIN_AFTER);
        }
    }

    /// The platform posts a callback, once.
    pub fn tells(&self, body: &str) -> Result<u16> {
        self.tells_at(self.door(), body)
    }

    pub fn tells_at(&self, port: u16, body: &str) -> Result<u16> {
        let answer = self.asks_at(port, &Request::json("POST", "/callbacks", body.as_bytes()))?;
        if answer.status == 200 {
            self.record.acknowledged(body);
        }
        Ok(answer.status)
    }

    /// Posts a callback until it is acknowledged, as the platform does.
    pub fn insists_on(&self, body: &str) -> Result<()> {
        let answer = self.insists(&Request::json("POST", "/callbacks", body.as_bytes()))?;
        ensure!(answer.status == 200, "a true callback is answered {}: {body}", answer.status);
        self.record.acknowledged(body);
        Ok(())
    }

    /// The sandbox sends nothing by itself; whoever tries a fault posts its callbacks.
    pub fn platform_is_silent(&self) -> Result<()> {
        self.sandbox.misbehaves(&json!({ "drop": 1 }))
    }

    /// Bodies of all callbacks that the shop has not acknowledged.
    pub fn untold(&self) -> Result<Vec<String>> {
        let payments = self.sandbox.payments()?;
        let bodies = payments.into_iter().flat_map(|payment| payment.callbacks).map(|callback| callback.body);
        Ok(bodies.filter(|body| !self.record.is_acknowledged(body)).collect())
    }

    /// Insists on all of them.
    pub fn tells_all(&self) -> Result<()> {
        self.untold()?.iter().try_for_each(|body| self.insists_on(body))
    }

    /// The same of one payment.
    pub fn tells_all_of(&self, payment_id: &str) -> Result<()> {
        let bodies = self.sandbox.payment(payment_id)?.callbacks.into_iter().map(|callback| callback.body);
        bodies.filter(|body| !self.record.is_acknowledged(body)).try_for_each(|body| self.insists_on(&body))
    }

    /// Somebody gives money back at the platform's Dashboard, past the shop.
    pub fn is_given_back_elsewhere(&self, payment_id: &str, minor: u64) -> Result<()> {
        self.record.one_transfer(payment_id);
        self.sandbox.gives_back(payment_id, minor)?;
        self.sandbox.has_decided()
    }

    /// `storefront …` with the shop's settings: how it ended, and what it said.
    pub fn command(&self, arguments: &[&str]) -> Result<(bool, String)> {
        let mut command = self.shop.command(&Under::nothing());
        let said = command.args(arguments).output().context("starting storefront")?;
        let text = [said.stdout, said.stderr].concat();
        Ok((said.status.success(), String::from_utf8_lossy(&text).into_owned()))
    }
}
