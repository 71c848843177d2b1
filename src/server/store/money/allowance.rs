//! How much money an operator moved in the last day without a second person. Being removed and added again gives no second
//! allowance.

use crate::{
    domain::money::{Currency, Money},
    server::store::{
        columns::money,
        database::StoreError,
        engine::{Tx, params},
    },
};

/// Seconds for which what an operator moved counts.
const DAY_S: i64 = 24 * 60 * 60;

/// What an operator started within a day without a second person: batches and single payouts. Of a cancelled batch only the rows
/// that had been sent count.
pub fn started_alone(tx: &mut Tx<'_>, operator: i64, now: i64) -> Result<Vec<Money>, StoreError> {
    let sums: Vec<(Currency, i64)> = tx.all(
        "SELECT currency, sum(amount_minor) FROM (
             SELECT currency, amount_minor FROM batches CROSS JOIN batch_rows ON batch_id = batches.id AND batch_rows.state <> 'refused'
             WHERE uploaded_by IN (SELECT namesake_id FROM namesakes WHERE operator_id = ?1)
                 AND started_at > ?2 AND approved_by IS NULL
                 AND batches.state IN ('approved', 'running', 'finished')
             UNION ALL
             SELECT currency, amount_minor FROM batches
             CROSS JOIN batch_rows ON batch_id = batches.id AND batch_rows.state NOT IN ('refused', 'ready')
             WHERE uploaded_by IN (SELECT namesake_id FROM namesakes WHERE operator_id = ?1)
                 AND started_at > ?2 AND approved_by IS NULL AND batches.state = 'cancelled'
             UNION ALL
             SELECT currency, amount_minor FROM payouts
             WHERE asked_by IN (SELECT namesake_id FROM namesakes WHERE operator_id = ?1)
                 AND asked_at > ?2 AND progress <> 'declined'
         ) AS started GROUP BY currency",
        params![operator, now.saturating_sub(DAY_S)],
    )?;
    sums.into_iter().map(|(currency, minor)| money(minor, currency).ok_or(StoreError::Inconsistent("total of a batch"))).collect()
}

/// What an operator refunded within a day, declined refunds apart, in one currency. `None`: more than can be counted.
pub fn given_back_by(tx: &mut Tx<'_>, operator: i64, currency: Currency, now: i64) -> Result<Option<Money>, StoreError> {
    let sum: i64 = tx.one(
        "SELECT coalesce(sum(amount_minor), 0) FROM refunds
         WHERE asked_by IN (SELECT namesake_id FROM namesakes WHERE operator_id = ?1)
             AND asked_at > ?2 AND currency = ?3 AND progress <> 'declined'",
        params![operator, now.saturating_sub(DAY_S), currency],
    )?;
    Ok(money(sum, currency))
}
