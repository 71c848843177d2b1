//! `storefront doctor`: is everything in place to take money? A line each; exit 1 if one fails.

use std::{process::ExitCode, time::Duration};

use reqwest::{Client, Response, redirect::Policy};
use url::Url;

use crate::{
    protocol::{json::Json, sandbox},
    server::{
        clock::Clock,
        config::{Config, ConfigError},
        store::Store,
    },
};

/// Clocks that differ more than this make dates in reports wrong (seconds).
const CLOCK_TOLERANCE_S: i64 = 120;

pub async fn run(settings: Result<Config, ConfigError>, clock: &dyn Clock) -> ExitCode {
    let config = match settings {
        Ok(config) => config,
        Err(ConfigError(problems)) => {
            problems.iter().for_each(|problem| println!("FAIL  settings: {problem}"));
            return ExitCode::FAILURE;
        }
    };
    let page = config.payment_page_url.url();
    let checks = [
        ("settings", Ok(format!("the shop is {}, project {}", config.origin(), config.project_id))),
        ("database", database(&config, clock.now()).await),
        ("key", key(&config)),
        ("callback address", callback_address(&config)),
        ("Payment Page", answers(page).await),
        ("Gate", answers(&config.gate_url).await),
        ("Data API", answers(&config.data_api_url).await),
        ("clock", clock_check(page, clock.now()).await),
    ];
    let healthy = checks.iter().all(|(_, result)| result.is_ok());
    for (name, result) in checks {
        match result {
            Ok(detail) => println!("ok    {name}: {detail}"),
            Err(problem) => println!("FAIL  {name}: {problem}"),
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

async fn answers(url: &Url) -> Result<String, String> {
    ask(url).await.map(|_| url.origin().ascii_serialization())
}

/// Any answer will do, but nothing else than what was asked is followed.
async fn ask(url: &Url) -> Result<Response, String> {
    let client = Client::builder().timeout(Duration::from_secs(10)).redirect(Policy::none()).build();
    let client = client.map_err(|error| error.to_string())?;
    client
        .get(url.clone())
        .send()
        .await
        .map_err(|error| format!("{} does not answer: {}", url.origin().ascii_serialization(), error.without_url()))
}

/// Compares our clock with the date in the platform's answer.
async fn clock_check(url: &Url, now: i64) -> Result<String, String> {
    let response = ask(url).await.map_err(|_| "cannot be compared: the platform does not answer")?;
    let date = response.headers().get("date").and_then(|date| date.to_str().ok()).ok_or("the platform tells no date")?;
    let theirs = jiff::fmt::rfc2822::parse(date).map_err(|error| error.to_string())?.timestamp().as_second();
    let apart = (theirs - now).abs();
    let told = format!("{apart} s apart from the platform's");
    if apart <= CLOCK_TOLERANCE_S { Ok(told) } else { Err(told) }
}
