//! What the shop knows, for comparing it with the platform's register. Reads only.

use crate::{
    domain::{
        money::{Currency, Money},
        reconciliation::{ComparedInterval, ComparedKind, Known, outcome_of},
        transfers::progress::{Outcome, Progress},
    },
    platform::{Method, PaymentStatus, method::LONGEST_LIMIT_TIME_S},
    server::store::{
        columns::money,
        database::{Store, StoreError},
        engine::{Tx, params, row},
    },
};

row! {
    struct AttemptRow {
        payment_id: String,
        method: Option<String>,
        amount_minor: i64,
        currency: String,
        started_at: i64,
        status: Option<String>,
        code: Option<String>,
    }
}

row! {
    /// A refund or a payout.
    struct SentRow {
        movement: String,
        name: Option<String>,
        payment_id: String,
        method: Option<String>,
        amount_minor: i64,
        currency: String,
        progress: String,
        operation_id: Option<String>,
        asked_at: i64,
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
    pub async fn known_of(&self, interval: ComparedInterval) -> Result<Vec<Known>, StoreError> {
        self.look(move |tx| known_of(tx, interval)).await
    }

    /// The same of one payment, whenever it began.
    pub async fn known_of_payment(&self, payment_id: &str) -> Result<Vec<Known>, StoreError> {
        let payment_id = payment_id.to_owned();
        self.look(move |tx| known_of_payment(tx, &payment_id)).await
    }
}

fn known_of(tx: &mut Tx<'_>, interval: ComparedInterval) -> Result<Vec<Known>, StoreError> {
    let attempts = format!("{ATTEMPTS} WHERE started_at >= ?1 AND started_at < ?2");
    let attempts: Vec<AttemptRow> = tx.all(&attempts, params![interval.from, interval.before])?;
    let within = "WHERE asked_at >= ?1 AND asked_at < ?2";
    let sent = format!("{REFUNDS} {within} UNION ALL {PAYOUTS} {within}");
    let sent: Vec<SentRow> = tx.all(&sent, params![interval.from, interval.before])?;
    known(attempts, sent)
}

fn known_of_payment(tx: &mut Tx<'_>, payment_id: &str) -> Result<Vec<Known>, StoreError> {
    let attempts = format!("{ATTEMPTS} WHERE payment_id = ?1");
    let attempts: Vec<AttemptRow> = tx.all(&attempts, params![payment_id])?;
    let sent = format!("{REFUNDS} WHERE refunds.payment_id = ?1 UNION ALL {PAYOUTS} WHERE payment_id = ?1");
    let sent: Vec<SentRow> = tx.all(&sent, params![payment_id])?;
    known(attempts, sent)
}

fn known(attempts: Vec<AttemptRow>, sent: Vec<SentRow>) -> Result<Vec<Known>, StoreError> {
    let sales = attempts.into_iter().map(|row| row.into_known().ok_or(StoreError::Inconsistent("payment")));
    let sent = sent.into_iter().map(|row| row.into_known().ok_or(StoreError::Inconsistent("refund or payout")));
    sales.chain(sent).collect()
}

impl AttemptRow {
    fn into_known(self) -> Option<Known> {
        let state = self.status.map_or(Outcome::UnderWay, |status| outcome_of(&PaymentStatus::new(status)));
        Some(Known {
            movement: ComparedKind::Sale,
            name: None,
            payment_id: self.payment_id,
            operation_id: None,
            amount: sum(self.amount_minor, &self.currency)?,
            state,
            // The code is an operation's. Some payments end without one: their page was closed, or their sale refused at once.
            was_told: state == Outcome::Succeeded || (state == Outcome::Declined && self.code.is_some()),
            at: self.started_at,
            limit_s: limit_s(ComparedKind::Sale, self.method.as_deref()),
        })
    }
}

impl SentRow {
    fn into_known(self) -> Option<Known> {
        let movement = ComparedKind::of_type(&self.movement);
        let state = match Progress::from_name(&self.progress)? {
            Progress::Done => Outcome::Succeeded,
            Progress::Declined => Outcome::Declined,
            _ => Outcome::UnderWay,
        };
        Some(Known {
            movement,
            name: self.name,
            payment_id: self.payment_id,
            amount: sum(self.amount_minor, &self.currency)?,
            state,
            // One that was refused at once never became an operation.
            was_told: state == Outcome::Succeeded || (state == Outcome::Declined && self.operation_id.is_some()),
            operation_id: self.operation_id,
            at: self.asked_at,
            limit_s: limit_s(movement, self.method.as_deref()),
        })
    }
}

fn sum(minor: i64, currency: &str) -> Option<Money> {
    money(minor, Currency::from_code(currency)?)
}

fn limit_s(movement: ComparedKind, method: Option<&str>) -> i64 {
    let rules = method.and_then(Method::from_code).map(Method::rules);
    let limit_s = rules.and_then(|rules| match movement {
        ComparedKind::Payout => rules.gate.payout.as_ref().map(|payout| payout.limit_time_s),
        _ => Some(rules.limit_time_s),
    });
    limit_s.unwrap_or(LONGEST_LIMIT_TIME_S)
}
