//! `storefront doctor`: is everything in place to take money? A line each; exit 1 if one fails.

use std::{process::ExitCode, time::Duration};

use reqwest::Client;
use url::Url;

use crate::{
    protocol::{json::Json, sandbox},
    server::{clock::Clock, config::Config, store::Store},
};

/// Clocks that differ more than this make dates in reports wrong (seconds).
const CLOCK_TOLERANCE_S: i64 = 120;

pub async fn run(config: &Config, clock: &dyn Clock) -> ExitCode {
    let checks = [
        ("settings", Ok(format!("the shop is {}, project {}", config.origin(), config.project_id))),
        ("database", database(config, clock.now()).await),
        ("key", key(config)),
        ("callback address", callback_address(config)),
        ("platform", platform(config).await.map(|_| config.payment_page_url.origin())),
        ("clock", clock_check(config, clock.now()).await),
    ];
    let mut healthy = true;
    for (name, result) in checks {
        match result {
            Ok(detail) => println!("ok    {name}: {detail}"),
            Err(problem) => {
                healthy = false;
                println!("FAIL  {name}: {problem}");
            }
        }
    }
    if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn database(config: &Config, now: i64) -> Result<String, String> {
    let store = Store::open(&config.database_url).await.map_err(|error| error.to_string())?;
    store.prove_writable(now).await.map_err(|error| error.to_string())?;
    Ok("can be written".to_owned())
}

fn key(config: &Config) -> Result<String, String> {
    let probe = Json::Object(vec![("payment_id".to_owned(), Json::Text("doctor".to_owned()))]);
    let key = config.keys.first().ok_or("no key")?;
    let signature = key.sign(&probe).map_err(|error| error.to_string())?;
    let checks = key.signed(&probe, &signature).map_err(|error| error.to_string())?;
    let rotation = if config.keys.len() > 1 { ", a previous key is accepted too" } else { "" };
    let known = if config.project_id == sandbox::PROJECT_ID && config.pays_in_sandbox() { " (the sandbox's)" } else { "" };
    if checks { Ok(format!("signs and checks{known}{rotation}")) } else { Err("does not check what it signed".to_owned()) }
}

/// The platform calls the shop from outside: a live shop needs a public HTTPS address.
fn callback_address(config: &Config) -> Result<String, String> {
    let address = format!("{}/callbacks", config.origin());
    if config.pays_in_sandbox() || config.is_https() {
        Ok(address)
    } else {
        Err(format!("{address} is not HTTPS: set PUBLIC_URL to the address the platform can reach"))
    }
}

async fn platform(config: &Config) -> Result<reqwest::Response, String> {
    let client = Client::builder()
        .timeout(Duration::from_secs(10))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| error.to_string())?;
    let url: Url = config.payment_page_url.url().clone();
    client.get(url).send().await.map_err(|error| error.without_url().to_string())
}

/// Compares our clock with the date in the platform's answer.
async fn clock_check(config: &Config, now: i64) -> Result<String, String> {
    let response = platform(config).await.map_err(|_| "cannot be compared: the platform does not answer")?;
    let date = response.headers().get("date").and_then(|date| date.to_str().ok()).ok_or("the platform tells no date")?;
    let theirs = jiff::fmt::rfc2822::parse(date).map_err(|error| error.to_string())?.timestamp().as_second();
    let apart = (theirs - now).abs();
    if apart <= CLOCK_TOLERANCE_S {
        Ok(format!("{apart} s apart from the platform's"))
    } else {
        Err(format!("{apart} s apart from the platform's"))
    }
}
