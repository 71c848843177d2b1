//! Which payments the platform is to be asked about, and when. A row stays while something about its payment is open.

use crate::server::store::About;
use crate::server::store::engine::{Tx, params, row};

use super::{
    Store, StoreError, books,
    orders::{self, By},
    payouts, refunds,
};

row! {
    /// A payment to ask about now.
    #[derive(Debug, Clone)]
    pub struct Inquiry {
        pub payment_id: String,
        /// How often it was asked since the customer last did something.
        pub asked: u32,
        /// Until then nobody else gets it. Another moment than this: somebody wants it asked anew meanwhile.
        pub due_at: i64,
    }
}

/// Whether there is a reason to go on asking about a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// Its end is known, or too long ago to be told.
    Settled,
    Open,
    /// Open beyond the time in which the platform promises an end.
    Late,
    /// Nothing can begin any more: if the platform does not know the payment now, it never will.
    CannotBegin,
}

/// Whoever asks has so long (seconds) before another one may.
const LEASE_S: i64 = 60;

/// Seconds after a method's limit time in which the platform may still tell the end.
const GRACE_S: i64 = 60 * 60;

/// Seconds for which a payment that is called refunded is asked for the refunds nobody told.
const REFUNDS_ARE_ASKED_FOR_S: i64 = 2 * 24 * 60 * 60;

impl Store {
    /// The payments that are due, at most `most`, first those whose customers wait; nobody else gets them for a while.
    pub async fn due_inquiries(&self, now: i64, most: u32) -> Result<Vec<Inquiry>, StoreError> {
        self.decide(About::Shop, move |tx| due_inquiries(tx, now, most)).await
    }

    /// Whether it is worth asking.
    pub async fn matter(&self, payment_id: &str, now: i64) -> Result<Matter, StoreError> {
        let payment_id = payment_id.to_owned();
        self.look(move |tx| matter(tx, &payment_id, now)).await
    }

    /// Asks again at that moment, unless something else is to be asked meanwhile.
    pub async fn ask_again_at(&self, inquiry: &Inquiry, due_at: i64) -> Result<(), StoreError> {
        let inquiry = inquiry.clone();
        self.decide(About::Payment(inquiry.payment_id.clone()), move |tx| ask_again_at(tx, &inquiry, due_at)).await
    }

    /// Nothing is left to ask, unless something was sent or somebody came back meanwhile.
    pub async fn ask_no_more(&self, inquiry: &Inquiry) -> Result<(), StoreError> {
        let inquiry = inquiry.clone();
        self.decide(About::Payment(inquiry.payment_id.clone()), move |tx| ask_no_more(tx, &inquiry)).await
    }

    /// The customer is back: an answer is expected soon. Coming back again changes nothing.
    pub async fn customer_came_back(&self, payment_id: &str, due_at: i64) -> Result<(), StoreError> {
        let payment_id = payment_id.to_owned();
        self.decide(About::Payment(payment_id.clone()), move |tx| customer_came_back(tx, &payment_id, due_at)).await
    }
}

fn due_inquiries(tx: &mut Tx<'_>, now: i64, most: u32) -> Result<Vec<Inquiry>, StoreError> {
    let due: Option<(i64,)> = tx.first("SELECT 1 FROM inquiries WHERE due_at <= ?1 LIMIT 1", params![now])?;
    if due.is_none() {
        return Ok(Vec::new());
    }
    let claimed = tx.all(
        "UPDATE inquiries SET due_at = ?1 WHERE payment_id IN (SELECT payment_id FROM inquiries WHERE due_at <= ?2
             ORDER BY returned DESC, due_at LIMIT ?3)
         RETURNING payment_id, asked, due_at",
        params![now.saturating_add(LEASE_S), now, most],
    )?;
    Ok(claimed)
}

fn matter(tx: &mut Tx<'_>, payment_id: &str, now: i64) -> Result<Matter, StoreError> {
    if let Some(payout) = payouts::by_payment(tx, payment_id)? {
        return Ok(match payout.progress.is_open() {
            false => Matter::Settled,
            true if payout.is_late(now.saturating_sub(GRACE_S)) => Matter::Late,
            true => Matter::Open,
        });
    }
    let Some(stored) = orders::load(tx, By::Payment(payment_id))? else { return Ok(Matter::Settled) };
    let Some(attempt) = stored.order.attempt(payment_id) else { return Ok(Matter::Settled) };
    if refunds::any_open(tx, payment_id)? {
        return Ok(Matter::Open);
    }
    let is_recent = now < attempt.status_at.saturating_add(REFUNDS_ARE_ASKED_FOR_S);
    if is_recent && books::lacks_refunds(tx, &attempt.payment_id, attempt.standing(), attempt.amount)? {
        return Ok(Matter::Open);
    }
    Ok(match attempt.is_unsettled(now.saturating_sub(GRACE_S)) {
        false => Matter::Settled,
        true if attempt.status.is_none() && now > stored.order.held_until.saturating_add(LEASE_S) => Matter::CannotBegin,
        true => Matter::Open,
    })
}

fn ask_again_at(tx: &mut Tx<'_>, inquiry: &Inquiry, due_at: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE inquiries SET due_at = ?1, asked = asked + 1 WHERE payment_id = ?2 AND due_at = ?3",
        params![due_at, &inquiry.payment_id, inquiry.due_at],
    )?;
    Ok(())
}

fn ask_no_more(tx: &mut Tx<'_>, inquiry: &Inquiry) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM inquiries WHERE payment_id = ?1 AND due_at = ?2
             AND NOT EXISTS (SELECT 1 FROM refunds WHERE payment_id = ?1 AND progress IN ('sending', 'unknown', 'pending'))
             AND NOT EXISTS (SELECT 1 FROM payouts WHERE payment_id = ?1 AND progress IN ('sending', 'unknown', 'pending'))",
        params![&inquiry.payment_id, inquiry.due_at],
    )?;
    Ok(())
}

fn customer_came_back(tx: &mut Tx<'_>, payment_id: &str, due_at: i64) -> Result<(), StoreError> {
    let away: Option<(i64,)> = tx.first("SELECT 1 FROM inquiries WHERE payment_id = ?1 AND returned = 0", params![payment_id])?;
    if away.is_some() {
        tx.execute(
            "UPDATE inquiries SET due_at = min(due_at, ?1), asked = 0, returned = 1 WHERE payment_id = ?2 AND returned = 0",
            params![due_at, payment_id],
        )?;
    }
    Ok(())
}

/// The customer goes to pay: from that moment on the platform may be asked.
pub(super) fn expect(tx: &mut Tx<'_>, payment_id: &str, due_at: i64) -> Result<(), StoreError> {
    tx.execute("INSERT INTO inquiries (payment_id, due_at) VALUES (?1, ?2) ON CONFLICT (payment_id) DO UPDATE SET due_at = ?2, asked = 0, returned = 0", params![payment_id, due_at])?;
    Ok(())
}

/// After a start: whatever nobody knows the fate of is asked about.
pub(super) fn expect_what_is_in_doubt(tx: &mut Tx<'_>, now: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT OR IGNORE INTO inquiries (payment_id, due_at)
         SELECT payment_id, ?1 FROM refunds WHERE progress = 'unknown'
         UNION SELECT payment_id, ?1 FROM payouts WHERE progress = 'unknown'",
        params![now],
    )?;
    Ok(())
}
