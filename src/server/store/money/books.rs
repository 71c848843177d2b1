//! The journal of money: written in the transaction that moves it, and compared with what is stored.

use crate::{
    domain::{
        books::{Books, MoneyKind, Move, Posting, is_unproved},
        money::Money,
        orders::order::Order,
    },
    platform::{PaymentStatus, Standing},
    server::store::{
        columns::as_stored,
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, read, row},
        questions::{self, Urgency},
        shop::status_words,
    },
};

/// Seconds in which callbacks about a refund usually come. After that the platform is asked.
const REFUND_IS_TOLD_WITHIN_S: i64 = 60;

/// A row of the journal, and what is stored of the posting it belongs to.
struct EntryRow {
    id: i64,
    account: Option<String>,
    minor: Option<i64>,
    posted_in: String,
    stored: MoveRow,
}

impl FromRow for EntryRow {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        read!(row => {
            id, account, minor, posted_in,
        } and {
            stored: MoveRow::from_row(row)?,
        })
    }
}

row! {
    struct MoveRow {
        kind: MoneyKind,
        reference: String,
        currency: Option<String>,
        amount_minor: Option<i64>,
        /// The platform's word; of a sale alone.
        status: Option<PaymentStatus>,
    }
}

impl Store {
    /// The journal, compared with attempts, refunds and payouts as they are at one moment. Rows are read as they come, however
    /// many there are.
    pub async fn books(&self) -> Result<Books, StoreError> {
        self.look(books).await
    }
}

fn books(tx: &mut Tx<'_>) -> Result<Books, StoreError> {
    let mut books = Books::default();
    enter_all(tx, &mut books)?;
    let take = |row: MoveRow| {
        row.into_move().into_iter().for_each(|one| books.lacks(one));
        Ok(())
    };
    tx.each(
        "SELECT 'sale' AS kind, payment_id AS reference, currency, coalesce(taken_minor, amount_minor) AS amount_minor, status FROM attempts
         WHERE status IS NOT NULL AND NOT EXISTS (SELECT 1 FROM postings WHERE kind = 'sale' AND reference = payment_id)
         UNION ALL SELECT 'refund', id, currency, amount_minor, NULL FROM refunds
         WHERE progress = 'done' AND NOT EXISTS (SELECT 1 FROM postings WHERE kind = 'refund' AND reference = refunds.id)
         UNION ALL SELECT 'payout', payment_id, currency, coalesce(moved_minor, amount_minor), NULL FROM payouts
         WHERE progress = 'done' AND NOT EXISTS (SELECT 1 FROM postings WHERE kind = 'payout' AND reference = payment_id)",
        params![],
        take,
    )?;
    tx.each(
        "SELECT payment_id, attempts.currency, coalesce(taken_minor, 0), refunded FROM (
             SELECT payment_id AS of, currency, sum(coalesce(moved_minor, amount_minor)) AS refunded FROM transfers
             WHERE kind = 'refund' AND progress = 'done' GROUP BY payment_id, currency
         ) AS given_back JOIN attempts ON attempts.payment_id = of WHERE refunded > coalesce(taken_minor, 0)",
        params![],
        |(payment_id, currency, taken, refunded): (String, String, i64, i64)| {
            books.refunded_too_much(payment_id, &currency, taken, refunded);
            Ok(())
        },
    )?;
    books.unproved = unproved(tx)?;
    Ok(books)
}

fn enter_all(tx: &mut Tx<'_>, books: &mut Books) -> Result<(), StoreError> {
    // An index finds payment ids in either case; only the very same bytes are the same.
    let mut last: Option<(i64, Posting, Option<Move>)> = None;
    let take = |EntryRow { id, account, minor, posted_in, stored }: EntryRow| {
        if last.as_ref().is_none_or(|(last, ..)| *last != id) {
            let posting =
                Posting { kind: stored.kind, reference: stored.reference.clone(), currency: posted_in, entries: Vec::new() };
            if let Some((_, posting, stored)) = last.replace((id, posting, stored.into_move())) {
                books.enter(posting, stored);
            }
        }
        if let (Some((_, posting, _)), Some(entry)) = (&mut last, account.zip(minor)) {
            posting.entries.push(entry);
        }
        Ok(())
    };
    tx.each(
        "SELECT postings.id, entries.account, entries.amount_minor AS minor, postings.currency AS posted_in, kind, reference,
                coalesce(attempts.currency, refunds.currency, payouts.currency) AS currency,
                coalesce(attempts.taken_minor, attempts.amount_minor, refunds.amount_minor, payouts.moved_minor, payouts.amount_minor) AS amount_minor, attempts.status
         FROM postings LEFT JOIN entries ON posting = postings.id
         LEFT JOIN attempts ON kind = 'sale' AND attempts.payment_id = reference AND reference = attempts.payment_id
         LEFT JOIN refunds ON kind = 'refund' AND refunds.id = reference AND refunds.progress = 'done'
         LEFT JOIN payouts ON kind = 'payout' AND payouts.payment_id = reference AND reference = payouts.payment_id
             AND payouts.progress = 'done'
         ORDER BY postings.id",
        params![],
        take,
    )?;
    if let Some((_, posting, stored)) = last {
        books.enter(posting, stored);
    }
    Ok(())
}

/// Payments called refunded whose refunds are not all known.
fn unproved(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let mut unproved = Vec::new();
    for standing in [Standing::PartiallyRefunded, Standing::Refunded] {
        let words = status_words::of(tx, standing)?;
        let rows: Vec<(String, i64, i64)> = tx.all(
            "SELECT payment_id, coalesce(taken_minor, amount_minor), (SELECT coalesce(sum(refunds.amount_minor), 0) FROM refunds
                 WHERE refunds.payment_id = attempts.payment_id AND progress = 'done')
             FROM attempts WHERE status IN (SELECT value FROM json_each(?1))",
            params![words],
        )?;
        let lacking =
            rows.into_iter().filter(|(_, paid, refunded)| is_unproved(standing, paid.unsigned_abs(), refunded.unsigned_abs()));
        unproved.extend(lacking.map(|(payment_id, ..)| payment_id));
    }
    Ok(unproved)
}

impl MoveRow {
    /// What it moved. `None`: there is no such row, or the payment took no money.
    fn into_move(self) -> Option<Move> {
        if self.kind == MoneyKind::Sale && self.status.is_none_or(|status| status.standing() < Standing::Succeeded) {
            return None;
        }
        let (currency, minor) = self.currency.zip(self.amount_minor)?;
        Some(Move { kind: self.kind, reference: self.reference, currency, minor })
    }
}

/// Posts what moved, unless it is posted already.
pub fn post(tx: &mut Tx<'_>, kind: MoneyKind, reference: &str, amount: Money, now: i64) -> Result<(), StoreError> {
    let posted: Option<(i64,)> = tx.first(
        "INSERT INTO postings (kind, reference, currency, posted_at) SELECT ?1, ?2, ?3, ?4
         WHERE NOT EXISTS (SELECT 1 FROM postings WHERE kind = ?1 AND reference = ?2) RETURNING id",
        params![kind, reference, amount.currency(), now],
    )?;
    let Some((posting,)) = posted else { return Ok(()) };
    let [(from, less), (to, more)] = kind.entries(as_stored(amount));
    tx.run(
        "INSERT INTO entries (posting, account, amount_minor) VALUES (?1, ?2, ?3), (?1, ?4, ?5)",
        params![posting, from, less, to, more],
    )
}

/// Posts the sale of an attempt that took money. Where the platform calls it refunded and the refunds are not known, it is asked
/// for them.
pub fn post_sale(tx: &mut Tx<'_>, order: &Order, payment_id: &str, now: i64) -> Result<(), StoreError> {
    let Some((attempt, taken)) = order.attempt(payment_id).and_then(|attempt| Some((attempt, attempt.taken()?))) else {
        return Ok(());
    };
    post(tx, MoneyKind::Sale, &attempt.payment_id, taken, now)?;
    if lacks_refunds(tx, &attempt.payment_id, attempt.standing(), taken)? {
        questions::expect(tx, &attempt.payment_id, now.saturating_add(REFUND_IS_TOLD_WITHIN_S), Urgency::Heard)?;
    }
    Ok(())
}

/// Whether the platform calls a payment refunded and the known refunds do not add up to it.
pub fn lacks_refunds(tx: &mut Tx<'_>, payment_id: &str, standing: Standing, paid: Money) -> Result<bool, StoreError> {
    if standing <= Standing::Succeeded {
        return Ok(false);
    }
    let refunded: i64 = tx.one(
        "SELECT coalesce(sum(amount_minor), 0) FROM refunds WHERE payment_id = ?1 AND progress = 'done'",
        params![payment_id],
    )?;
    Ok(is_unproved(standing, paid.minor(), refunded.unsigned_abs()))
}
