//! Why the platform is asked about a payment, until when, and what follows when it told no end in time.

use crate::{
    domain::{
        case::CaseKind,
        orders::order::Attempt,
        transfers::{progress::Progress, refund::Refund, silence::Elapsed},
    },
    platform::Standing,
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{Tx, params},
        money::{books, payouts, refunds, transfers},
        questions::{self, Question},
        shop::orders::{self, OrderKey},
        told::cases,
    },
};

/// Seconds for which the platform is asked for unknown refunds of a payment that it calls refunded, or to end a doubt.
const DOUBTS_ARE_ASKED_FOR_S: i64 = 2 * 24 * 60 * 60;

/// Seconds after which a payment that can no longer be begun is certainly known to the platform, if it was begun.
const KNOWN_WITHIN_S: i64 = 60;

/// What is left to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// Its end is known.
    Settled,
    /// Its end may be told any time, and is known to the platform at the latest then (Unix seconds).
    Open { until: i64 },
    /// Declined, which proves nothing yet: the platform may still take it back until then (Unix seconds).
    Declined { until: i64 },
    /// Nothing can begin any more: if the platform does not know the payment now, it never will.
    CannotBegin { until: i64 },
    /// The time is over in which the platform promises an end. Its next answer is the last word.
    Over,
}

impl Store {
    /// What is left to ask about this payment.
    pub async fn matter(&self, payment_id: &str, now: i64) -> Result<Matter, StoreError> {
        let payment_id = payment_id.to_owned();
        self.look(move |tx| matter(tx, &payment_id, now)).await
    }

    /// Whether its end is still not known.
    pub async fn has_open_end(&self, payment_id: &str) -> Result<bool, StoreError> {
        let payment_id = payment_id.to_owned();
        self.look(move |tx| has_open_end(tx, &payment_id)).await
    }

    /// The platform answered after the time in which it promises an end, and told none: a person must ask its support.
    pub async fn has_no_end(&self, question: &Question, now: i64) -> Result<(), StoreError> {
        let payment_id = question.payment_id.clone();
        let about = About::Payment(payment_id.clone());
        self.decide(about, move |tx| cases::open(tx, CaseKind::NoEnd, &payment_id, None, now)).await
    }

    /// Nothing is left to ask if the clock on the wall is right: the time is over. A second such answer, later by the clock that
    /// never steps, makes it certain. Then what the platform called faulty has ended so, and only money that leaves is still asked
    /// about, after a long pause. Until then it is asked again soon.
    pub async fn seems_over(&self, question: &Question, elapsed: Elapsed, now: i64) -> Result<(), StoreError> {
        let question = question.clone();
        self.decide(About::Payment(question.payment_id.clone()), move |tx| {
            if questions::is_certainly_over(tx, &question, &elapsed, now)? {
                transfers::faults_are_final(tx, &question.payment_id, now)?;
                questions::ask_seldom(tx, &question, now)?;
            }
            Ok(())
        })
        .await
    }
}

fn matter(tx: &mut Tx<'_>, payment_id: &str, now: i64) -> Result<Matter, StoreError> {
    let open_until = |until: i64| if now > until { Matter::Over } else { Matter::Open { until } };
    let declined_until = |until: i64| if now > until { Matter::Over } else { Matter::Declined { until } };
    if let Some(payout) = payouts::by_payment(tx, payment_id)? {
        return Ok(match payout.progress {
            progress if progress.is_open() => open_until(payout.limit()),
            _ if is_in_doubt(tx, payment_id, now)? => in_doubt(now),
            Progress::Declined if payout.code.is_some() => declined_until(payout.limit()),
            _ => Matter::Settled,
        });
    }
    let Some(stored) = orders::load(tx, OrderKey::Payment(payment_id))? else { return Ok(Matter::Settled) };
    let Some(attempt) = stored.order.attempt(payment_id) else { return Ok(Matter::Settled) };
    let refunds = refunds::of_payment(tx, payment_id)?;
    let newest = |of: fn(&Refund) -> bool| refunds.iter().filter(|refund| of(refund)).map(Refund::limit).max();
    if let Some(until) = newest(|refund| refund.progress.is_open()) {
        return Ok(open_until(until));
    }
    let told_at = attempt.status_at.max(attempt.started_at);
    let doubts_end = told_at.saturating_add(DOUBTS_ARE_ASKED_FOR_S);
    if let Some(taken) = attempt.taken() {
        if now < doubts_end && books::lacks_refunds(tx, &attempt.payment_id, attempt.standing(), taken)? {
            return Ok(Matter::Open { until: doubts_end });
        }
        if is_in_doubt(tx, payment_id, now)? {
            return Ok(in_doubt(now));
        }
        // What the platform declined it may still take back.
        let declined = newest(|refund| refund.progress == Progress::Declined && refund.code.is_some());
        return Ok(declined.map_or(Matter::Settled, declined_until));
    }
    Ok(of_unpaid(attempt, now))
}

/// Words that prove nothing end nothing: until its limit time the platform may tell of the payment again.
fn of_unpaid(attempt: &Attempt, now: i64) -> Matter {
    let until = attempt.limit();
    // A sale the shop sent itself waits until it is certain whether it arrived.
    let waits = attempt.sale.is_some_and(Progress::is_open);
    if now > until {
        Matter::Over
    } else if attempt.status.is_none() && !waits && now > attempt.begins_before.saturating_add(KNOWN_WITHIN_S) {
        Matter::CannotBegin { until }
    } else if attempt.is_declined_for_good(now) {
        Matter::Declined { until }
    } else {
        Matter::Open { until }
    }
}

/// All is known, but for a case that a clear answer would close.
fn is_in_doubt(tx: &mut Tx<'_>, payment_id: &str, now: i64) -> Result<bool, StoreError> {
    cases::awaits_an_answer(tx, payment_id, now.saturating_sub(DOUBTS_ARE_ASKED_FOR_S))
}

fn in_doubt(now: i64) -> Matter {
    Matter::Open { until: now.saturating_add(DOUBTS_ARE_ASKED_FOR_S) }
}

/// Whether an end of its money is still not known. A fault is one, once its time is over.
fn has_open_end(tx: &mut Tx<'_>, payment_id: &str) -> Result<bool, StoreError> {
    let (open, faulty): (i64, i64) = tx.one(
        "SELECT count(*), coalesce(sum(is_fault), 0) FROM transfers
         WHERE payment_id = ?1 AND kind IN ('refund', 'payout') AND progress IN ('sending', 'unknown', 'pending')",
        params![payment_id],
    )?;
    if open > 0 {
        return Ok(open > faulty);
    }
    let stored = orders::load(tx, OrderKey::Payment(payment_id))?;
    let attempt = stored.as_ref().and_then(|stored| stored.order.attempt(payment_id));
    Ok(attempt.is_some_and(|attempt| attempt.standing() == Standing::Open))
}
