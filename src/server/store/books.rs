//! The journal of money: written in the transaction that moves it, read whole to be compared.

use std::collections::HashMap;

use sqlx::{FromRow, Sqlite, Transaction};

use super::{Store, StoreError, inquiries};
use crate::{
    domain::{
        books::{Books, Kind, Move, Posting, is_unproved},
        money::Money,
        order::Order,
    },
    platform::{PaymentStatus, Standing},
};

/// Seconds in which the platform's callbacks about a refund usually come, before it is asked about them.
const REFUND_IS_TOLD_WITHIN_S: i64 = 60;

#[derive(FromRow)]
struct Sold {
    payment_id: String,
    currency: String,
    amount_minor: i64,
    status: String,
}

#[derive(FromRow)]
struct Sent {
    kind: String,
    reference: String,
    currency: String,
    amount_minor: i64,
    /// Of the payment it belongs to.
    payment_id: String,
}

#[derive(FromRow)]
struct Entry {
    id: i64,
    kind: String,
    reference: String,
    currency: String,
    account: Option<String>,
    amount_minor: Option<i64>,
}

impl Store {
    /// The journal, compared with attempts, refunds and payouts as they are at one moment.
    pub async fn books(&self) -> Result<Books, StoreError> {
        let mut reading = self.reading().begin().await?;
        let sold: Vec<Sold> =
            sqlx::query_as("SELECT payment_id, currency, amount_minor, status FROM attempts WHERE status IS NOT NULL")
                .fetch_all(&mut *reading)
                .await?;
        let sent: Vec<Sent> = sqlx::query_as(
            "SELECT 'refund' AS kind, id AS reference, currency, amount_minor, payment_id FROM refunds WHERE progress = 'done'
             UNION ALL SELECT 'payout', payment_id, currency, amount_minor, payment_id FROM payouts WHERE progress = 'done'",
        )
        .fetch_all(&mut *reading)
        .await?;
        let entries: Vec<Entry> = sqlx::query_as(
            "SELECT postings.id, kind, reference, currency, account, amount_minor FROM postings LEFT JOIN entries ON posting = postings.id
             ORDER BY postings.id",
        )
        .fetch_all(&mut *reading)
        .await?;
        let (moves, unproved) = moves(sold, sent)?;
        Ok(Books::compare(moves, postings(entries)?, unproved))
    }
}

/// Posts what moved, in the transaction that notes it. What is posted already stays as it is.
pub(super) async fn post(
    tx: &mut Transaction<'static, Sqlite>,
    kind: Kind,
    reference: &str,
    amount: Money,
    now: i64,
) -> Result<(), StoreError> {
    let posted: Option<(i64,)> = sqlx::query_as(
        "INSERT INTO postings (kind, reference, currency, posted_at) SELECT ?1, ?2, ?3, ?4
         WHERE NOT EXISTS (SELECT 1 FROM postings WHERE kind = ?1 AND reference = ?2) RETURNING id",
    )
    .bind(kind.name())
    .bind(reference)
    .bind(amount.currency().code())
    .bind(now)
    .fetch_optional(&mut **tx)
    .await?;
    let Some((posting,)) = posted else { return Ok(()) };
    for (account, minor) in kind.entries(super::orders::as_stored(amount)) {
        sqlx::query("INSERT INTO entries (posting, account, amount_minor) VALUES (?, ?, ?)")
            .bind(posting)
            .bind(account)
            .bind(minor)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// After a report moved an attempt: the sale is posted once it took money. Called refunded before the refunds are known,
/// the platform is asked for them.
pub(super) async fn post_sale(
    tx: &mut Transaction<'static, Sqlite>,
    order: &Order,
    payment_id: &str,
    now: i64,
) -> Result<(), StoreError> {
    let Some(attempt) = order.attempt(payment_id).filter(|attempt| attempt.standing() >= Standing::Succeeded) else {
        return Ok(());
    };
    post(tx, Kind::Sale, &attempt.payment_id, attempt.amount, now).await?;
    if lacks_refunds(tx, &attempt.payment_id, attempt.standing(), attempt.amount).await? {
        inquiries::expect(tx, &attempt.payment_id, now.saturating_add(REFUND_IS_TOLD_WITHIN_S)).await?;
    }
    Ok(())
}

/// A payment is called refunded, and the refunds that are done do not account for it.
pub(super) async fn lacks_refunds(
    tx: &mut Transaction<'_, Sqlite>,
    payment_id: &str,
    standing: Standing,
    paid: Money,
) -> Result<bool, StoreError> {
    if standing <= Standing::Succeeded {
        return Ok(false);
    }
    let (refunded,): (i64,) =
        sqlx::query_as("SELECT coalesce(sum(amount_minor), 0) FROM refunds WHERE payment_id = ? AND progress = 'done'")
            .bind(payment_id)
            .fetch_one(&mut **tx)
            .await?;
    Ok(is_unproved(standing, paid.minor(), refunded.unsigned_abs()))
}

/// What the rows say, and the payments called refunded whose refunds are not all known.
fn moves(sold: Vec<Sold>, sent: Vec<Sent>) -> Result<(Vec<Move>, Vec<String>), StoreError> {
    let mut refunded: HashMap<String, u64> = HashMap::new();
    let mut moves = Vec::new();
    for Sent { kind, reference, currency, amount_minor, payment_id } in sent {
        let kind = Kind::from_name(&kind).ok_or(StoreError::Inconsistent("kind of a movement"))?;
        if kind == Kind::Refund {
            let known = refunded.entry(payment_id.to_ascii_lowercase()).or_default();
            *known = known.saturating_add(amount_minor.unsigned_abs());
        }
        moves.push(Move { kind, reference, currency, minor: amount_minor });
    }
    let mut unproved = Vec::new();
    for Sold { payment_id, currency, amount_minor, status } in sold {
        let standing = PaymentStatus::new(status).standing();
        if standing < Standing::Succeeded {
            continue;
        }
        let known = refunded.get(&payment_id.to_ascii_lowercase()).copied().unwrap_or_default();
        if is_unproved(standing, amount_minor.unsigned_abs(), known) {
            unproved.push(payment_id.clone());
        }
        moves.push(Move { kind: Kind::Sale, reference: payment_id, currency, minor: amount_minor });
    }
    Ok((moves, unproved))
}

fn postings(entries: Vec<Entry>) -> Result<Vec<Posting>, StoreError> {
    let mut postings: Vec<(i64, Posting)> = Vec::new();
    for Entry { id, kind, reference, currency, account, amount_minor } in entries {
        if postings.last().is_none_or(|(last, _)| *last != id) {
            let kind = Kind::from_name(&kind).ok_or(StoreError::Inconsistent("posting"))?;
            postings.push((id, Posting { kind, reference, currency, entries: Vec::new() }));
        }
        if let (Some((_, posting)), Some(entry)) = (postings.last_mut(), account.zip(amount_minor)) {
            posting.entries.push(entry);
        }
    }
    Ok(postings.into_iter().map(|(_, posting)| posting).collect())
}
