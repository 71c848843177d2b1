//! The platform: the sandbox's program, what it is told to do wrong, and its books.

use super::http::Request;
use super::program::Program;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

const LISTENS_WITHIN: Duration = Duration::from_secs(30);
const DECIDES_WITHIN: Duration = Duration::from_secs(30);

pub struct Sandbox {
    pub port: u16,
    _program: Program,
}

/// A payment as the platform's books have it.
pub struct Payment {
    pub id: String,
    pub status: String,
    pub operations: Vec<Operation>,
    pub callbacks: Vec<Callback>,
}

pub struct Operation {
    pub kind: String,
    pub status: String,
}

pub struct Callback {
    pub body: String,
    /// The shop answered 200 to it.
    pub acknowledged: bool,
}

impl Sandbox {
    pub fn start(program: &Path, folder: &Path, port: u16) -> Result<Self> {
        let log = File::create(folder.join("sandbox.log"))?;
        let mut command = Command::new(program);
        command.current_dir(folder).args(["--port", &port.to_string(), "--data", "sandbox.db"]);
        command.stdout(log.try_clone()?).stderr(log);
        let mut program = Program::start(&mut command)?;
        ensure!(program.listens(port, LISTENS_WITHIN)?, "the sandbox ended by itself");
        Ok(Self { port, _program: program })
    }

    /// What it does wrong from now on; the rest is at rest.
    pub fn misbehaves(&self, faults: &Value) -> Result<()> {
        self.control("PUT", "/control/faults", faults).map(|_| ())
    }

    pub fn behaves(&self) -> Result<()> {
        self.misbehaves(&json!({}))
    }

    /// Its clock only.
    pub fn waits(&self, time: Duration) -> Result<()> {
        self.control("POST", "/control/clock", &json!({ "advance_s": time.as_secs() })).map(|_| ())
    }

    pub fn gives_back(&self, payment_id: &str, minor: u64) -> Result<()> {
        self.control("POST", &format!("/control/payments/{payment_id}/refund"), &json!({ "amount": minor })).map(|_| ())
    }

    pub fn payments(&self) -> Result<Vec<Payment>> {
        let listed = self.control("GET", "/control/payments", &Value::Null)?;
        let ids = listed.as_array().context("a list")?.iter().filter_map(|payment| payment["payment_id"].as_str());
        ids.map(|id| self.payment(id)).collect()
    }

    pub fn payment(&self, id: &str) -> Result<Payment> {
        let told = self.control("GET", &format!("/control/payments/{id}"), &Value::Null)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let list = |name: &str| told[name].as_array().cloned().unwrap_or_default();
        let operation = |told: &Value| Operation { kind: text(&told["type"]), status: text(&told["status"]) };
        let acknowledged =
            |told: &Value| told["attempts"].as_array().is_some_and(|tries| tries.iter().any(|one| one["http_status"] == 200));
        let callback = |told: &Value| Callback { body: text(&told["body"]), acknowledged: acknowledged(told) };
        Ok(Payment {
            id: id.to_owned(),
            status: text(&told["status"]),
            operations: list("operations").iter().map(operation).collect(),
            callbacks: list("callbacks").iter().map(callback).collect(),
        })
    }

    /// Waits until no operation is open.
    pub fn has_decided(&self) -> Result<()> {
        let began = Instant::now();
        while self.payments()?.iter().flat_map(|payment| &payment.operations).any(|operation| !operation.is_over()) {
            ensure!(began.elapsed() < DECIDES_WITHIN, "the sandbox does not decide");
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn control(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = Request::json(method, path, body.as_bytes()).to(self.port)?;
        ensure!(answer.status == 200, "{method} {path}: {} {}", answer.status, answer.text());
        Ok(serde_json::from_str(&answer.text())?)
    }
}

impl Operation {
    pub fn is_over(&self) -> bool {
        matches!(self.status.as_str(), "success" | "decline")
    }
}
