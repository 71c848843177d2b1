//! Payouts as a list: searched, paged by key, summed up in each currency.

use crate::{
    domain::{
        books::Sum,
        day::DaySpan,
        transfers::{payout::Payout, progress::Progress},
    },
    server::store::{
        database::{Store, StoreError},
        engine::{Sql, Tx, row},
    },
};

/// Which payouts are wanted; `None` asks for all. Newest first.
#[derive(Debug, Clone, Default)]
pub struct PayoutFilter {
    /// When it was asked for.
    pub span: DaySpan,
    pub progress: Option<Progress>,
    /// What the payment's id begins with, or the customer's id, or the account.
    pub text: Option<String>,
    /// The last one seen: moment and payment id.
    pub after: Option<(i64, String)>,
}

/// All payouts of a filter in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutTotal {
    pub count: i64,
    pub asked: Sum,
    /// Of those that are done.
    pub done: Sum,
}

row! {
    struct TotalRow {
        currency: String,
        count: i64,
        asked: i64,
        done: i64,
    }
}

impl Store {
    /// At most `most` of those the filter names.
    pub async fn payouts(&self, filter: &PayoutFilter, most: u32) -> Result<Vec<Payout>, StoreError> {
        let filter = filter.clone();
        self.look(move |tx| {
            let mut query = Sql::new("SELECT * FROM payouts WHERE TRUE");
            narrow(&mut query, &filter);
            if let Some((at, payment_id)) = &filter.after {
                query.push(" AND (asked_at, payment_id) < (").push_bind(*at).push(", ").push_bind(payment_id.clone()).push(")");
            }
            query.push(" ORDER BY asked_at DESC, payment_id DESC LIMIT ").push_bind(most);
            query.all(tx)
        })
        .await
    }

    /// Over all of the filter, whatever was seen of it; one for each currency.
    pub async fn payout_totals(&self, filter: &PayoutFilter) -> Result<Vec<PayoutTotal>, StoreError> {
        let filter = filter.clone();
        self.look(move |tx| payout_totals(tx, &filter)).await
    }
}

fn payout_totals(tx: &mut Tx<'_>, filter: &PayoutFilter) -> Result<Vec<PayoutTotal>, StoreError> {
    let mut query = Sql::new(
        "SELECT currency, count(*) AS count, sum(amount_minor) AS asked,
                sum(CASE WHEN progress = 'done' THEN amount_minor ELSE 0 END) AS done FROM payouts WHERE TRUE",
    );
    narrow(&mut query, filter);
    query.push(" GROUP BY currency ORDER BY currency");
    let rows: Vec<TotalRow> = query.all(tx)?;
    let total = |TotalRow { currency, count, asked, done }| PayoutTotal {
        count,
        asked: Sum { minor: i128::from(asked), currency: currency.clone() },
        done: Sum { minor: i128::from(done), currency },
    };
    Ok(rows.into_iter().map(total).collect())
}

fn narrow(query: &mut Sql, filter: &PayoutFilter) {
    if let Some(from) = filter.span.from {
        query.push(" AND asked_at >= ").push_bind(from);
    }
    if let Some(before) = filter.span.before {
        query.push(" AND asked_at < ").push_bind(before);
    }
    if let Some(progress) = filter.progress {
        query.push(" AND progress = ").push_bind(progress);
    }
    if let Some(text) = &filter.text {
        let prefix = text.to_ascii_lowercase();
        query.push(" AND ((lower(payment_id) >= ").push_bind(prefix.clone());
        query.push(" AND lower(payment_id) < ").push_bind(format!("{prefix}\u{10FFFF}"));
        query.push(") OR customer_id = ").push_bind(text.clone());
        query.push(" OR account = ").push_bind(text.clone()).push(")");
    }
}
