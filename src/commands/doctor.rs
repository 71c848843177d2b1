//! `storefront doctor`: is everything in place to take money? A line each; exit 1 if one fails.

use crate::{
    commands::say,
    config::settings::{Config, ConfigError},
    protocol::{sandbox, signed::json::Json},
    server::{
        platform::line::connection::limited,
        running::{
            clock::Clock,
            proxies::{FORWARDED_TOTAL, NOT_TRUSTED, UNREADABLE},
        },
        store::Store,
    },
};
use std::{process::ExitCode, time::Duration};

use reqwest::{Client, Response, redirect::Policy};
use url::Url;

/// How long to wait for an answer of the platform, and of the running shop.
const FAR_AWAY: Duration = Duration::from_secs(10);
const NEARBY: Duration = Duration::from_secs(2);

/// Bytes of figures that are read.
const MOST_FIGURES: usize = 1024 * 1024;

/// Clocks that differ more than this make dates in reports wrong (seconds).
const CLOCK_TOLERANCE_S: i64 = 120;

pub async fn run(settings: Result<Config, ConfigError>, clock: &dyn Clock) -> ExitCode {
    let config = match settings {
        Ok(config) => config,
        Err(ConfigError(problems)) => {
            problems.iter().for_each(|problem| say!("FAIL  settings: {problem}"));
            return ExitCode::FAILURE;
        }
    };
    let page = config.payment_page_url.url();
    let checks = [
        ("settings", Ok(format!("the shop is {}, project {}", config.origin(), config.project_id)).into()),
        ("database", database(&config, clock.now()).await.into()),
        ("key", key(&config).into()),
        ("callback address", callback_address(&config).into()),
        ("proxies", proxies(&config).await),
        ("Payment Page", answers(page).await.into()),
        ("Gate", answers(&config.gate_url).await.into()),
        ("Data API", answers(&config.data_api_url).await.into()),
        ("clock", clock_check(page, clock.now()).await.into()),
    ];
    let healthy = checks.iter().all(|(_, finding)| !matches!(finding, Finding::Wrong(_)));
    for (name, finding) in checks {
        match finding {
            Finding::Right(detail) => say!("ok    {name}: {detail}"),
            Finding::Doubtful(doubt) => say!("warn  {name}: {doubt}"),
            Finding::Wrong(problem) => say!("FAIL  {name}: {problem}"),
        }
    }
    if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What a check found.
enum Finding {
    Right(String),
    /// It may be meant so.
    Doubtful(String),
    Wrong(String),
}

impl From<Result<String, String>> for Finding {
    fn from(found: Result<String, String>) -> Self {
        found.map_or_else(Self::Wrong, Self::Right)
    }
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

/// Whether the shop knows its customers' addresses, by the settings and by the counters of the running shop.
async fn proxies(config: &Config) -> Finding {
    let mut doubts = Vec::new();
    if config.trusts_no_proxy_of_https() {
        doubts.push("PUBLIC_URL is https and no proxy is trusted: all customers seem to be where the proxy is".to_owned());
    }
    let figures = figures_of_the_running_shop(config).await.unwrap_or_default();
    for (outcome, what) in [(NOT_TRUSTED, "came from a peer that is not trusted"), (UNREADABLE, "cannot be read")] {
        let begins = format!("{FORWARDED_TOTAL}{{outcome=\"{outcome}\"}} ");
        if let Some(times) = figures.lines().find_map(|line| line.strip_prefix(&begins)) {
            doubts.push(format!("X-Forwarded-For {what}, {times} times since the shop was started"));
        }
    }
    if doubts.is_empty() {
        let trusted = config.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        return Finding::Right(if trusted.is_empty() { "none is trusted".to_owned() } else { format!("{trusted} trusted") });
    }
    Finding::Doubtful(format!("{}; see TRUSTED_PROXIES", doubts.join("; ")))
}

/// `None`: it does not run, or tells no figures.
async fn figures_of_the_running_shop(config: &Config) -> Option<String> {
    let url = Url::parse(&format!("http://{}/metrics", config.figures.socket()?)).ok()?;
    let answer = ask(&url, NEARBY).await.ok().filter(|answer| answer.status().is_success())?;
    String::from_utf8(limited(answer, MOST_FIGURES).await.ok()?).ok()
}

async fn answers(url: &Url) -> Result<String, String> {
    ask(url, FAR_AWAY).await.map(|_| url.origin().ascii_serialization())
}

/// Any answer will do. Redirects are not followed.
async fn ask(url: &Url, within: Duration) -> Result<Response, String> {
    let client = Client::builder().timeout(within).redirect(Policy::none()).build();
    let client = client.map_err(|error| error.to_string())?;
    client
        .get(url.clone())
        .send()
        .await
        .map_err(|error| format!("{} does not answer: {}", url.origin().ascii_serialization(), error.without_url()))
}

/// Compares our clock with the date in the platform's answer.
async fn clock_check(url: &Url, now: i64) -> Result<String, String> {
    let response = ask(url, FAR_AWAY).await.map_err(|_| "cannot be compared: the platform does not answer")?;
    let date = response.headers().get("date").and_then(|date| date.to_str().ok()).ok_or("the platform tells no date")?;
    let theirs = jiff::fmt::rfc2822::parse(date).map_err(|error| error.to_string())?.timestamp().as_second();
    let apart = (theirs - now).abs();
    let told = format!("{apart} s apart from the platform's");
    if apart <= CLOCK_TOLERANCE_S { Ok(told) } else { Err(told) }
}
