//! When the platform is asked about which payment: a row for each payment of which something is open.

use crate::{
    domain::transfers::silence::Elapsed,
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{Tx, params, row},
    },
};

row! {
    /// A payment to ask about now.
    #[derive(Debug, Clone)]
    pub struct Question {
        pub payment_id: String,
        /// How often it was asked since the customer last did something.
        pub asked: u32,
        /// Until then no other worker gets it. If the row holds another moment, somebody put the question anew meanwhile.
        pub due_at: i64,
    }
}

/// What comes first when many are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// A refund or payout, or a sale the shop sent itself.
    MoneyLeaves,
    /// The platform has spoken of the payment.
    Heard,
    /// Nobody knows whether the customer ever opened the Payment Page.
    NothingHeard,
}

/// Seconds for which a payment that is being asked about is given to no other worker.
const LEASE_S: i64 = 60;

/// Seconds between the two answers after which a payment whose time is over is asked about no more. It is longer than a payment can
/// be begun on the Payment Page: a clock that is set wrong ends none that is still being paid.
const OVER_FOR_S: i64 = 40 * 60;
/// Seconds between questions about money whose time is over.
const LATE_PAUSE_S: i64 = 24 * 60 * 60;

/// Due rows of one urgency that are looked at for those to ask about now.
const LOOKED_AT: i64 = 500;

/// One look takes one of each address before it takes a second one of any.
const DUE: &str = "
    SELECT payment_id FROM (
        SELECT payment_id, urgency, due_at, returned,
               row_number() OVER (PARTITION BY urgency, address ORDER BY returned DESC, due_at) AS turn
        FROM (SELECT * FROM (SELECT * FROM questions WHERE urgency = 0 AND due_at <= ?2 ORDER BY due_at LIMIT ?4) AS due_0
              UNION ALL SELECT * FROM (SELECT * FROM questions WHERE urgency = 1 AND due_at <= ?2 ORDER BY due_at LIMIT ?4) AS due_1
              UNION ALL SELECT * FROM (SELECT * FROM questions WHERE urgency = 2 AND due_at <= ?2 ORDER BY due_at LIMIT ?4) AS due_2) AS due
    ) AS due ORDER BY urgency, turn, returned DESC, due_at LIMIT ?3";

impl Store {
    /// The payments that are due, at most `most`, the urgent ones first; nobody else gets them for a while.
    pub async fn due_questions(&self, now: i64, most: u32) -> Result<Vec<Question>, StoreError> {
        match self.look(move |tx| any_due(tx, now)).await? {
            true => {
                self.decide(About::Itself, move |tx| {
                    let query =
                        format!(
                        "UPDATE questions SET due_at = ?1 WHERE payment_id IN ({DUE}) AND due_at <= ?2 RETURNING payment_id, asked, due_at"
                    );
                    tx.all(&query, params![now.saturating_add(LEASE_S), now, most, LOOKED_AT])
                })
                .await
            }
            false => Ok(Vec::new()),
        }
    }

    /// Asks again at that moment, unless something else is to be asked meanwhile.
    pub async fn ask_again_at(&self, question: &Question, due_at: i64) -> Result<(), StoreError> {
        let question = question.clone();
        self.decide(About::Payment(question.payment_id.clone()), move |tx| ask_again_at(tx, &question, due_at)).await
    }

    /// Nothing is left to ask, unless something was sent or somebody came back meanwhile.
    pub async fn ask_no_more(&self, question: &Question) -> Result<(), StoreError> {
        let question = question.clone();
        self.decide(About::Payment(question.payment_id.clone()), move |tx| ask_no_more(tx, &question)).await
    }

    /// After a start: nothing waits longer than between two questions, whatever the clock on the wall said when it was put off.
    pub async fn ask_soon(&self, now: i64) -> Result<(), StoreError> {
        let latest = [(Urgency::MoneyLeaves, 10 * 60), (Urgency::Heard, 60 * 60), (Urgency::NothingHeard, 4 * 60 * 60)];
        self.decide(About::Itself, move |tx| {
            for (urgency, within_s) in latest {
                tx.execute(
                    "UPDATE questions SET due_at = ?1 WHERE urgency = ?2 AND due_at > ?1",
                    params![now.saturating_add(within_s), urgency.rank()],
                )?;
            }
            Ok(())
        })
        .await
    }

    /// Somebody set the clock on the wall by so many seconds: what is to be asked is asked as soon as it would have been.
    pub async fn clock_was_set(&self, by: i64) -> Result<(), StoreError> {
        self.decide(About::Itself, move |tx| tx.run("UPDATE questions SET due_at = due_at + ?1", params![by])).await
    }

    /// The customer is back: an answer is expected soon. Coming back again changes nothing.
    pub async fn customer_came_back(&self, payment_id: &str, due_at: i64) -> Result<(), StoreError> {
        let payment_id = payment_id.to_owned();
        let asked_for = payment_id.clone();
        match self.look(move |tx| is_away(tx, &asked_for)).await? {
            true => {
                let about = About::Payment(payment_id.clone());
                self.decide(about, move |tx| {
                    tx.run(
        "UPDATE questions SET due_at = CASE WHEN due_at < ?1 THEN due_at ELSE ?1 END, asked = 0, returned = 1 WHERE payment_id = ?2 AND returned = 0",
        params![due_at, &payment_id],
    )
                })
                .await
            }
            false => Ok(()),
        }
    }
}

fn any_due(tx: &mut Tx<'_>, now: i64) -> Result<bool, StoreError> {
    tx.one(
        "SELECT EXISTS (SELECT 1 FROM questions WHERE urgency = 0 AND due_at <= ?1)
             OR EXISTS (SELECT 1 FROM questions WHERE urgency = 1 AND due_at <= ?1)
             OR EXISTS (SELECT 1 FROM questions WHERE urgency = 2 AND due_at <= ?1)",
        params![now],
    )
}

fn ask_again_at(tx: &mut Tx<'_>, question: &Question, due_at: i64) -> Result<(), StoreError> {
    tx.run(
        "UPDATE questions SET due_at = ?1, asked = asked + 1, over_run = NULL, over_s = NULL WHERE payment_id = ?2 AND due_at = ?3",
        params![due_at, &question.payment_id, question.due_at],
    )
}

/// Notes an answer after which there is nothing left to ask if the clock on the wall is right. `true`: it is certain, since another
/// such answer came long enough before, by the clock that never steps.
pub fn is_certainly_over(tx: &mut Tx<'_>, question: &Question, elapsed: &Elapsed, now: i64) -> Result<bool, StoreError> {
    let since: Option<Option<i64>> = tx.first(
        "SELECT over_s FROM questions WHERE payment_id = ?1 AND due_at = ?2 AND over_run = ?3",
        params![&question.payment_id, question.due_at, &elapsed.run],
    )?;
    let since = since.flatten().unwrap_or(elapsed.seconds);
    if elapsed.seconds >= since.saturating_add(OVER_FOR_S) {
        return Ok(true);
    }
    tx.execute(
        "UPDATE questions SET due_at = ?1, over_run = ?2, over_s = ?3 WHERE payment_id = ?4 AND due_at = ?5",
        params![now.saturating_add(OVER_FOR_S), &elapsed.run, since, &question.payment_id, question.due_at],
    )?;
    Ok(false)
}

/// The time of this payment is over: it is asked about only while money that leaves has no end, and seldom.
pub fn ask_seldom(tx: &mut Tx<'_>, question: &Question, now: i64) -> Result<(), StoreError> {
    ask_no_more(tx, question)?;
    ask_again_at(tx, question, now.saturating_add(LATE_PAUSE_S))
}

fn ask_no_more(tx: &mut Tx<'_>, question: &Question) -> Result<(), StoreError> {
    tx.run(
        "DELETE FROM questions WHERE payment_id = ?1 AND due_at = ?2 AND NOT EXISTS (
             SELECT 1 FROM transfers WHERE payment_id = ?1 AND kind IN ('refund', 'payout') AND progress IN ('sending', 'unknown', 'pending'))",
        params![&question.payment_id, question.due_at],
    )
}

fn is_away(tx: &mut Tx<'_>, payment_id: &str) -> Result<bool, StoreError> {
    tx.one("SELECT EXISTS (SELECT 1 FROM questions WHERE payment_id = ?1 AND returned = 0)", params![payment_id])
}

/// From that moment on (Unix seconds) the platform is asked. What is urgent already stays so.
pub fn expect(tx: &mut Tx<'_>, payment_id: &str, due_at: i64, urgency: Urgency) -> Result<(), StoreError> {
    expect_of(tx, payment_id, due_at, urgency, Asked { address: "", since: None })
}

/// What is known of an attempt whose end is asked for.
pub struct Asked<'a> {
    /// Whose it is: one address's payments do not crowd out another's.
    pub address: &'a str,
    /// When it began.
    pub since: Option<i64>,
}

/// The same of an attempt.
pub fn expect_of(tx: &mut Tx<'_>, payment_id: &str, due_at: i64, urgency: Urgency, of: Asked<'_>) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO questions (payment_id, due_at, urgency, address, since) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (payment_id) DO UPDATE SET due_at = ?2, asked = 0, returned = 0, over_run = NULL, over_s = NULL,
             urgency = CASE WHEN questions.urgency < ?3 THEN questions.urgency ELSE ?3 END,
             address = CASE WHEN ?4 = '' THEN questions.address ELSE ?4 END,
             since = CASE WHEN ?3 = 0 THEN NULL WHEN questions.since IS NULL THEN ?5 ELSE questions.since END",
        params![payment_id, due_at, urgency.rank(), of.address, of.since],
    )
}

/// The platform has spoken of it.
pub fn was_heard(tx: &mut Tx<'_>, payment_id: &str) -> Result<(), StoreError> {
    tx.run("UPDATE questions SET urgency = ?2 WHERE payment_id = ?1 AND urgency > ?2", params![payment_id, Urgency::Heard.rank()])
}

impl Urgency {
    /// As it is stored: the smaller, the sooner.
    const fn rank(self) -> i64 {
        match self {
            Urgency::MoneyLeaves => 0,
            Urgency::Heard => 1,
            Urgency::NothingHeard => 2,
        }
    }
}
