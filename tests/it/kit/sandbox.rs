//! The sandbox as a process: started, made to misbehave, and asked for its ledger.

use std::process::{Command, Stdio};

use reqwest::Client;
use serde_json::{Value, json};

use crate::kit::{Customer, Folder, Program, Settings};

pub struct Sandbox {
    pub address: String,
    pub program: Program,
}

impl Sandbox {
    pub fn start(folder: &Folder, settings: &[(&str, &str)]) -> Self {
        let path = env!("CARGO_BIN_EXE_sandbox");
        let settings = settings.iter().filter(|(name, _)| name.starts_with("PROJECT_"));
        let settings = settings.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let program = Program::start(path, "sandbox", folder, &["--port", "0", "--data", "sandbox.db"], &settings);
        Self { address: program.address.clone(), program }
    }

    /// `prepare`: what the shell does before it becomes the sandbox.
    pub fn start_after(folder: &Folder, prepare: &str) -> Self {
        let script = format!(r#"{prepare}; exec "$0" "$@""#);
        let arguments = ["-c", &script, env!("CARGO_BIN_EXE_sandbox"), "--port", "0", "--data", "sandbox.db"];
        let program = Program::start("/bin/sh", "sandbox", folder, &arguments, &Settings::new());
        Self { address: program.address.clone(), program }
    }

    /// What it does wrong from now on; all other faults are at rest.
    pub async fn misbehaves(&self, faults: Value) {
        let set = |client: &Client, sandbox: &str| client.put(format!("{sandbox}/control/faults")).body(faults.to_string());
        let page = Customer::of(&self.address).asks(set).await;
        assert_eq!(page.status, 200, "{}", page.body);
    }

    /// Its clock goes on by so many seconds.
    pub async fn waits(&self, seconds: u64) {
        let body = json!({ "advance_s": seconds }).to_string();
        let page = Customer::of(&self.address).sends("/control/clock", "application/json", body.into_bytes()).await;
        assert_eq!(page.status, 200, "{}", page.body);
    }

    /// The operations of a payment in its ledger, as `type status amount`.
    pub async fn has(&self, payment_id: &str) -> Vec<String> {
        let page = Customer::of(&self.address).opens(&format!("/control/payments/{payment_id}")).await;
        let payment: Value = serde_json::from_str(&page.body).unwrap_or_default();
        let operations = payment["operations"].as_array().cloned().unwrap_or_default();
        let text = |operation: &Value, name: &str| operation[name].as_str().map_or(operation[name].to_string(), str::to_owned);
        operations.iter().map(|one| ["type", "status", "amount"].map(|name| text(one, name)).join(" ")).collect()
    }

    /// The most bytes a file of its may have from now on, as if the disk were full above; `unlimited` ends it.
    pub fn may_write_files_up_to(&self, bytes: &str) {
        let limited =
            Command::new("prlimit").args(["--pid", &self.program.id().to_string(), &format!("--fsize={bytes}:unlimited")]).status();
        assert!(limited.expect("prlimit").success());
    }
}

/// The sandbox, with a log that is not kept in the folder and holds everything there is to say.
pub fn sandbox_logging_to(log: Stdio, folder: &Folder) -> Program {
    let settings = [("RUST_LOG".to_owned(), "trace".to_owned())].into();
    let arguments = ["--port", "0", "--data", "sandbox.db"];
    Program::start_logging_to(log, env!("CARGO_BIN_EXE_sandbox"), "sandbox", folder, &arguments, &settings)
}
