//! The HTTP client that posts callbacks, and what wakes the worker that uses it.

use reqwest::{Client, header::CONTENT_TYPE, redirect::Policy};
use tokio::sync::{Notify, RwLock};

use crate::running::limits::ANSWER_WITHIN;

/// What sending callbacks needs besides the ledger.
#[derive(Debug)]
pub struct Sender {
    client: Client,
    pub wake: Notify,
    /// Held for reading by each delivery, for writing by an act that moves the clock: time stands still while it is moved.
    pub clock_lock: RwLock<()>,
}

impl Sender {
    /// The client follows no redirects: only the address given counts.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .timeout(ANSWER_WITHIN)
            .redirect(Policy::none())
            .no_proxy()
            // Each delivery connects anew: a connection kept from the last one may have died since.
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self { client, wake: Notify::new(), clock_lock: RwLock::new(()) })
    }

    /// The status of the answer; `None` if none came.
    pub async fn post(&self, url: &str, body: &str) -> Option<u16> {
        let request = self.client.post(url).header(CONTENT_TYPE, "application/json").body(body.to_owned());
        match request.send().await {
            Ok(answer) => Some(answer.status().as_u16()),
            Err(error) => {
                tracing::info!(%url, error = ?error.without_url(), "no answer to a callback");
                None
            }
        }
    }
}
