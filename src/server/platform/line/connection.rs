//! A connection to the platform: a JSON text is posted, and the answer is read up to a limit, so that it cannot fill the memory.

use std::time::Duration;

use metrics::{Histogram, histogram};
use reqwest::{Client, Response, header::CONTENT_TYPE, redirect::Policy};
use tracing::{Instrument, error_span, field::Empty};
use url::Url;

use crate::server::running::clock::Stopwatch;

/// To one of its addresses.
pub struct Connection {
    client: Client,
    base: String,
    door: &'static str,
    answers: Answers,
}

/// How long its answers took, by class.
struct Answers {
    none: Histogram,
    /// 2xx to 5xx.
    by_status: [Histogram; 4],
}

impl Answers {
    fn of(door: &'static str) -> Self {
        let of = |answer: &'static str| histogram!("platform_answer_seconds", "door" => door, "answer" => answer);
        Self { none: of("none"), by_status: ["2xx", "3xx", "4xx", "5xx"].map(of) }
    }

    /// `None`: none that could be read to its end.
    fn came(&self, http_status: Option<u16>, took: Duration) {
        let class = http_status.and_then(|status| usize::from(status / 100).checked_sub(2));
        class.and_then(|class| self.by_status.get(class)).unwrap_or(&self.none).record(took);
    }
}

const CONNECTS_WITHIN: Duration = Duration::from_secs(4);

impl Connection {
    /// `door`: what the figures call it. Error: no TLS on this computer.
    pub fn new(door: &'static str, base: &Url, answers_within: Duration) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECTS_WITHIN)
            .timeout(answers_within)
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, base: base.as_str().trim_end_matches('/').to_owned(), door, answers: Answers::of(door) })
    }

    /// The HTTP status and the body of the answer, of at most so many bytes.
    pub async fn post<E>(&self, path: &str, text: String, most_bytes: usize) -> Result<(u16, Vec<u8>), E>
    where
        E: From<reqwest::Error> + From<Unread>,
    {
        let asked = Stopwatch::default();
        let call = error_span!("platform", door = self.door, path, status = Empty);
        let answer = self.answer(path, text, most_bytes).instrument(call.clone()).await;
        call.record("status", answer.as_ref().ok().map(|(http_status, _)| *http_status));
        self.answers.came(answer.as_ref().ok().map(|(http_status, _)| *http_status), asked.elapsed());
        answer
    }

    async fn answer<E>(&self, path: &str, text: String, most_bytes: usize) -> Result<(u16, Vec<u8>), E>
    where
        E: From<reqwest::Error> + From<Unread>,
    {
        let address = format!("{}{path}", self.base);
        let response = self.client.post(address).header(CONTENT_TYPE, "application/json").body(text).send().await?;
        Ok((response.status().as_u16(), limited(response, most_bytes).await?))
    }
}

/// Why an answer's body was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    #[error("an answer that is too long")]
    TooLong,
    #[error("an answer that broke off: {0}")]
    BrokeOff(#[from] reqwest::Error),
    /// The shop stops.
    #[error("an answer that could not be read to its end")]
    Unfinished,
}

/// The whole body, at most so many bytes.
pub async fn limited(mut response: Response, most: usize) -> Result<Vec<u8>, Unread> {
    // The header may tell it before the body is read.
    if response.content_length().is_some_and(|length| length > most as u64) {
        return Err(Unread::TooLong);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > most {
            return Err(Unread::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
