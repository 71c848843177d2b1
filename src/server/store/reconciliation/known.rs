//! What the shop knows, for comparing it with the platform's register. Reads only.

use crate::{
    domain::{
        day::TimeSpan,
        reconciliation::{ComparedKind, Known, outcome_of},
        transfers::progress::{Outcome, Progress},
    },
    platform::{Method, PaymentStatus, method::LONGEST_LIMIT_TIME_S},
    server::store::{
        database::{Store, StoreError},
        engine::{FromRow, Row, params},
    },
};

/// A payment.
struct Sale(Known);

impl FromRow for Sale {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let (status, code): (Option<PaymentStatus>, Option<String>) = (row.named("status")?, row.named("code")?);
        let state = status.map_or(Outcome::UnderWay, |status| outcome_of(&status));
        Ok(Self(Known {
            movement: ComparedKind::Sale,
            name: None,
            payment_id: row.named("payment_id")?,
            operation_id: None,
            amount: row.money("amount_minor")?,
            state,
            // The code is an operation's. Some payments end without one: their page was closed, or their sale refused at once.
            was_told: state == Outcome::Succeeded || (state == Outcome::Declined && code.is_some()),
            at: row.named("started_at")?,
            limit_s: limit_s(ComparedKind::Sale, row.named("method")?),
        }))
    }
}

/// A refund or a payout.
struct Sent(Known);

impl FromRow for Sent {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let (movement, operation_id): (_, Option<String>) = (row.named("movement")?, row.named("operation_id")?);
        let state = match row.named("progress")? {
            Progress::Done => Outcome::Succeeded,
            Progress::Declined => Outcome::Declined,
            _ => Outcome::UnderWay,
        };
        Ok(Self(Known {
            movement,
            name: row.named("name")?,
            payment_id: row.named("payment_id")?,
            amount: row.money("amount_minor")?,
            state,
            // One that was refused at once never became an operation.
            was_told: state == Outcome::Succeeded || (state == Outcome::Declined && operation_id.is_some()),
            operation_id,
            at: row.named("asked_at")?,
            limit_s: limit_s(movement, row.named("method")?),
        }))
    }
}

const ATTEMPTS: &str = "
    SELECT payment_id, coalesce(paid_with, method) AS method, amount_minor, currency, started_at, status,
           CASE WHEN EXISTS (SELECT 1 FROM transfers WHERE kind = 'sale' AND name = attempts.payment_id AND progress = 'declined')
                THEN NULL ELSE code END AS code
    FROM attempts";

const REFUNDS: &str = "
    SELECT 'refund' AS movement, refunds.id AS name, refunds.payment_id, coalesce(paid_with, method) AS method,
           refunds.amount_minor, refunds.currency, progress, operation_id, asked_at
    FROM refunds JOIN attempts ON attempts.payment_id = refunds.payment_id";

const PAYOUTS: &str = "
    SELECT 'payout' AS movement, NULL AS name, payment_id, method, amount_minor, currency, progress, operation_id, asked_at
    FROM payouts";

impl Store {
    /// Every payment, refund and payout that began here in the interval, as of one moment.
    pub async fn known_of(&self, interval: TimeSpan) -> Result<Vec<Known>, StoreError> {
        self.look(move |tx| {
            let attempts = format!("{ATTEMPTS} WHERE started_at >= ?1 AND started_at < ?2");
            let attempts: Vec<Sale> = tx.all(&attempts, params![interval.from, interval.before])?;
            let within = "WHERE asked_at >= ?1 AND asked_at < ?2";
            let sent = format!("{REFUNDS} {within} UNION ALL {PAYOUTS} {within}");
            let sent: Vec<Sent> = tx.all(&sent, params![interval.from, interval.before])?;
            Ok(attempts.into_iter().map(|Sale(known)| known).chain(sent.into_iter().map(|Sent(known)| known)).collect())
        })
        .await
    }

    /// The same of one payment, whenever it began.
    pub async fn known_of_payment(&self, payment_id: &str) -> Result<Vec<Known>, StoreError> {
        let payment_id = payment_id.to_owned();
        self.look(move |tx| {
            let attempts = format!("{ATTEMPTS} WHERE payment_id = ?1");
            let attempts: Vec<Sale> = tx.all(&attempts, params![&payment_id])?;
            let sent = format!("{REFUNDS} WHERE refunds.payment_id = ?1 UNION ALL {PAYOUTS} WHERE payment_id = ?1");
            let sent: Vec<Sent> = tx.all(&sent, params![&payment_id])?;
            Ok(attempts.into_iter().map(|Sale(known)| known).chain(sent.into_iter().map(|Sent(known)| known)).collect())
        })
        .await
    }
}

fn limit_s(movement: ComparedKind, method: Option<Method>) -> i64 {
    let rules = method.map(Method::rules);
    let limit_s = rules.and_then(|rules| match movement {
        ComparedKind::Payout => rules.gate.payout.as_ref().map(|payout| payout.limit_time_s),
        _ => Some(rules.limit_time_s),
    });
    limit_s.unwrap_or(LONGEST_LIMIT_TIME_S)
}
