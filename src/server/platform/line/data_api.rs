//! The client of the Data API: the platform's register, read whole or not at all. Asking moves nothing.

use std::time::Duration;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use tokio::sync::watch;
use url::Url;

use crate::{
    config::settings::DataApiAccess,
    domain::{
        day::TimeSpan,
        money::{Currency, Money},
        reconciliation::{ComparedKind, Registered, outcome_of},
    },
    platform::PaymentStatus,
    protocol::{
        register::{PATH, PATH_OF_PAYMENT, PaymentRequest, RegisterOperation, RegisterPage, RegisterRequest, Unusable},
        signed::{document::Unwritable, document_limits::Limits},
    },
    server::{
        platform::line::connection::{Connection, Unread},
        running::threads::elsewhere,
    },
};

pub struct DataApi {
    connection: Connection,
    project_id: u64,
    access: DataApiAccess,
}

/// How many rows were read so far, and how many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Read {
    pub rows: usize,
    pub total: usize,
}

/// Why the register is not known.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error("the Data API does not answer: {0}")]
    NoAnswer(#[from] reqwest::Error),
    #[error("the Data API gave {0}")]
    Unread(#[from] Unread),
    #[error(transparent)]
    Unusable(#[from] Unusable),
    #[error("operation {operation} of the register cannot be read: {member} is not what it should be")]
    Operation { operation: String, member: &'static str },
    #[error("the register did not come whole: it has {total} operations and gave {given}")]
    BrokeOff { total: usize, given: usize },
    #[error("the register gave one page twice")]
    PageTwice,
    #[error("the register changes while it is read; try again when less is going on")]
    Changing,
    #[error("the request cannot be written: {0}")]
    Unsendable(#[from] Unwritable),
    #[error("the days are out of range")]
    OutOfRange,
}

const ANSWERS_WITHIN: Duration = Duration::from_secs(30);
const READINGS: u32 = 3;
const MOMENT: &str = "%Y-%m-%d %H:%M:%S";

impl DataApi {
    /// Error: no TLS on this computer.
    pub fn new(base: &Url, project_id: u64, access: DataApiAccess) -> Result<Self, reqwest::Error> {
        Ok(Self { connection: Connection::new("data api", base, ANSWERS_WITHIN)?, project_id, access })
    }

    /// Every operation that began in the interval. One that the register lists twice is there twice. `progress` is told after each page.
    pub async fn register(&self, interval: TimeSpan, progress: &watch::Sender<Read>) -> Result<Vec<Registered>, RegisterError> {
        let (from, to) = (written(interval.from)?, written(interval.before.saturating_sub(1))?);
        for _ in 0..READINGS {
            if let Some(rows) = self.reading(&from, &to, progress).await? {
                return rows.into_iter().map(registered).collect();
            }
        }
        Err(RegisterError::Changing)
    }

    /// Every operation of one payment, whenever it began.
    pub async fn of_payment(&self, payment_id: &str) -> Result<Vec<Registered>, RegisterError> {
        let request = PaymentRequest { token: &self.access.token, project_id: self.project_id, payment_id };
        let RegisterPage { rows, total } = self.ask(PATH_OF_PAYMENT, request.signed(&self.access.key)?).await?;
        if rows.len() != total {
            return Err(RegisterError::BrokeOff { total, given: rows.len() });
        }
        rows.into_iter().map(registered).collect()
    }

    /// One reading of all pages; `None`: the register changed in a way that may have hidden a row.
    async fn reading(
        &self,
        from: &str,
        to: &str,
        progress: &watch::Sender<Read>,
    ) -> Result<Option<Vec<RegisterOperation>>, RegisterError> {
        let RegisterPage { mut rows, total: first_total } = self.page(from, to, 0).await?;
        let (mut total, mut last_page) = (first_total, 0);
        progress.send_replace(Read { rows: rows.len(), total });
        while rows.len() < total {
            let page = self.page(from, to, rows.len()).await?;
            if page.rows.is_empty() {
                return Err(RegisterError::BrokeOff { total: page.total, given: rows.len() });
            }
            if page.rows == rows[last_page..] {
                return Err(RegisterError::PageTwice);
            }
            if page.total < total {
                return Ok(None);
            }
            total = page.total;
            last_page = rows.len();
            rows.extend(page.rows);
            progress.send_replace(Read { rows: rows.len(), total });
        }
        if rows.len() != total {
            return Err(RegisterError::BrokeOff { total, given: rows.len() });
        }
        // What is added behind everything else does no harm. Added before what was read, it pushes a row onto the next page.
        let may_have_moved = total != first_total && !are_all_different(&rows);
        Ok((!may_have_moved).then_some(rows))
    }

    async fn page(&self, from: &str, to: &str, offset: usize) -> Result<RegisterPage, RegisterError> {
        let request = RegisterRequest { token: &self.access.token, project_id: self.project_id, from, to, offset };
        self.ask(PATH, request.signed(&self.access.key)?).await
    }

    async fn ask(&self, path: &str, text: String) -> Result<RegisterPage, RegisterError> {
        let (http_status, body) = self.connection.post::<RegisterError>(path, text, Limits::REGISTER.bytes).await?;
        let (key, project_id) = (self.access.key.clone(), self.project_id);
        // A full page is much work: it must not keep a thread that answers customers.
        let page = elsewhere(move || RegisterPage::read(http_status, &body, &key, project_id)).await;
        Ok(page.ok_or(Unread::Unfinished)??)
    }
}

fn are_all_different(rows: &[RegisterOperation]) -> bool {
    let mut numbers = std::collections::HashSet::new();
    rows.iter().all(|row| numbers.insert(&row.operation_id))
}

/// A row in the shop's words.
fn registered(row: RegisterOperation) -> Result<Registered, RegisterError> {
    let RegisterOperation {
        operation_id,
        payment_id,
        operation_type,
        operation_status,
        merchant_refund_id,
        created_at,
        amount,
        currency,
    } = row;
    let wrong = |member| RegisterError::Operation { operation: operation_id.clone(), member };
    let currency = Currency::from_code(&currency).ok_or_else(|| wrong("initial_currency"))?;
    let amount = Money::from_minor(amount, currency).map_err(|_| wrong("initial_amount"))?;
    let at = DateTime::strptime(MOMENT, &created_at).and_then(|moment| moment.to_zoned(TimeZone::UTC));
    let at = at.map_err(|_| wrong("operation_created_at"))?.timestamp().as_second();
    Ok(Registered {
        movement: ComparedKind::of_type(&operation_type),
        state: outcome_of(&PaymentStatus::new(operation_status)),
        name: merchant_refund_id,
        operation_id,
        payment_id,
        amount,
        at,
    })
}

fn written(moment: i64) -> Result<String, RegisterError> {
    let moment = Timestamp::from_second(moment).map_err(|_| RegisterError::OutOfRange)?;
    Ok(moment.strftime(MOMENT).to_string())
}
