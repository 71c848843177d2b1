//! The client of Gate. A request that moves money is sent once and never again.

use std::time::Duration;

use url::Url;

use crate::{
    protocol::{
        gate::{Answer, GateRequest, Status, Unclear},
        signed::{document::Unwritable, document_limits::Limits, signature::Key},
    },
    server::{
        platform::line::connection::{Connection, Unread},
        running::threads::elsewhere,
    },
};

pub struct Gate {
    connection: Connection,
    project_id: u64,
    /// The first signs, all check.
    keys: Vec<Key>,
}

/// Why it is not known what Gate did with a request.
#[derive(Debug, thiserror::Error)]
pub enum Silence {
    #[error("no answer: {0}")]
    NoAnswer(#[from] reqwest::Error),
    #[error(transparent)]
    Unread(#[from] Unread),
    #[error("an answer that is neither yes nor no: {0}")]
    Unclear(#[from] Unclear),
    #[error("the request cannot be written: {0}")]
    Unsendable(#[from] Unwritable),
    #[error("no key to sign with")]
    NoKey,
    #[error("the shop stops")]
    Stopping,
}

impl Silence {
    /// The request certainly did not reach the platform.
    pub fn never_left(&self) -> bool {
        match self {
            Silence::NoAnswer(error) => error.is_connect(),
            Silence::Unsendable(_) | Silence::NoKey => true,
            Silence::Unread(_) | Silence::Unclear(_) | Silence::Stopping => false,
        }
    }
}

/// A status answer with the bytes that were signed.
pub struct GateAnswer {
    pub body: Vec<u8>,
    pub status: Status,
}

const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

impl Gate {
    /// Error: no TLS on this computer.
    pub fn new(base: &Url, project_id: u64, keys: Vec<Key>) -> Result<Self, reqwest::Error> {
        Ok(Self { connection: Connection::new("gate", base, ANSWERS_WITHIN)?, project_id, keys })
    }

    /// Asks what became of a payment. Safe to repeat.
    pub async fn status(&self, payment_id: &str) -> Result<GateAnswer, Silence> {
        let (http_status, body) = self.post(&GateRequest::status(self.project_id, payment_id)).await?;
        let (keys, project_id, payment_id) = (self.keys.clone(), self.project_id, payment_id.to_owned());
        let read =
            move || Status::read(http_status, &body, &keys, project_id, &payment_id).map(|status| GateAnswer { body, status });
        Ok(elsewhere(read).await.ok_or(Silence::Stopping)??)
    }

    /// Sends a request that may move money, once. After an error it is not known whether Gate accepted it.
    pub async fn send(&self, request: &GateRequest, payment_id: &str) -> Result<Answer, Silence> {
        let (http_status, body) = self.post(request).await?;
        Ok(Answer::read(http_status, &body, self.project_id, payment_id)?)
    }

    async fn post(&self, request: &GateRequest) -> Result<(u16, Vec<u8>), Silence> {
        let text = request.signed(self.keys.first().ok_or(Silence::NoKey)?)?;
        self.connection.post(request.path(), text, Limits::STATUS.bytes).await
    }
}
