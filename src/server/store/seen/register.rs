//! The shop's own register, a page at a time. Rows are found by key, so that no page reads the whole table.

use std::collections::HashMap;

use crate::{
    domain::{
        money::Currency,
        orders::history::Source,
        register::{ListedKind, ListedOperation, ListedPage, OperationListKey, OperationQuery, status_of_progress, status_of_sale},
        transfers::progress::Progress,
    },
    platform::{Method, PaymentStatus, Standing},
    server::store::{
        columns::money,
        database::{Store, StoreError},
        engine::{Tx, params, row},
    },
};

row! {
    /// A row of any kind.
    struct OperationRow {
        id: String,
        at: i64,
        payment_id: String,
        operation_id: Option<String>,
        /// The platform's word of a sale.
        status: Option<PaymentStatus>,
        /// How far a refund or payout came.
        progress: Option<Progress>,
        code: Option<String>,
        method: Option<String>,
        description: Option<String>,
        amount_minor: i64,
        currency: Currency,
        customer_id: String,
        ended_at: Option<i64>,
    }
}

// Whatever began at the first moment with a greater name, or later: `at >= ?1` finds the place in the index.
const SALES: &str = "
    SELECT attempts.payment_id AS id, attempts.started_at AS at, attempts.payment_id, NULL AS operation_id, attempts.status,
           NULL AS progress, attempts.code, coalesce(attempts.paid_with, attempts.method) AS method,
           'Order ' || orders.number AS description, attempts.amount_minor, attempts.currency, orders.customer_id,
           coalesce(postings.posted_at, nullif(attempts.status_at, 0)) AS ended_at
    FROM attempts JOIN orders ON orders.id = attempts.order_id
         LEFT JOIN postings ON postings.kind = 'sale' AND postings.reference = attempts.payment_id
    WHERE attempts.started_at >= ?1 AND (attempts.started_at > ?1 OR attempts.payment_id > ?2) AND attempts.started_at < ?3
    ORDER BY attempts.started_at, attempts.payment_id LIMIT ?4";

const REFUNDS: &str = "
    SELECT refunds.id, refunds.asked_at AS at, refunds.payment_id, refunds.operation_id, NULL AS status, refunds.progress, refunds.code,
           coalesce(attempts.paid_with, attempts.method) AS method, nullif(refunds.reason, '') AS description, refunds.amount_minor,
           refunds.currency, orders.customer_id, coalesce(postings.posted_at, refunds.ended_at) AS ended_at
    FROM refunds JOIN attempts ON attempts.payment_id = refunds.payment_id JOIN orders ON orders.id = attempts.order_id
         LEFT JOIN postings ON postings.kind = 'refund' AND postings.reference = refunds.id
    WHERE refunds.asked_at >= ?1 AND (refunds.asked_at > ?1 OR refunds.id > ?2) AND refunds.asked_at < ?3
    ORDER BY refunds.asked_at, refunds.id LIMIT ?4";

const PAYOUTS: &str = "
    SELECT payouts.payment_id AS id, payouts.asked_at AS at, payouts.payment_id, payouts.operation_id, NULL AS status, payouts.progress,
           payouts.code, payouts.method, NULL AS description, payouts.amount_minor, payouts.currency, payouts.customer_id,
           coalesce(postings.posted_at, payouts.ended_at) AS ended_at
    FROM payouts LEFT JOIN postings ON postings.kind = 'payout' AND postings.reference = payouts.payment_id
    WHERE payouts.asked_at >= ?1 AND (payouts.asked_at > ?1 OR payouts.payment_id > ?2) AND payouts.asked_at < ?3
    ORDER BY payouts.asked_at, payouts.payment_id LIMIT ?4";

impl Store {
    /// A page of the register, as of one moment.
    pub async fn listed(&self, wanted: &OperationQuery) -> Result<ListedPage, StoreError> {
        let wanted = wanted.clone();
        self.look(move |tx| listed(tx, &wanted)).await
    }
}

fn listed(tx: &mut Tx<'_>, wanted: &OperationQuery) -> Result<ListedPage, StoreError> {
    // One more than wanted tells whether there are more.
    let enough = wanted.offset.saturating_add(wanted.limit).saturating_add(1);
    let mut rows = Vec::new();
    let mut total = 0;
    for kind in ListedKind::ALL.into_iter().filter(|kind| wanted.kinds.contains(kind)) {
        total += count(tx, kind, wanted)?;
        rows.extend(of_kind(tx, kind, wanted, enough)?);
    }
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    let goes_on = rows.len() >= enough;
    let mut rows: Vec<_> = rows.into_iter().skip(wanted.offset).take(wanted.limit).collect();
    let told = numbers_of_sales(tx, &rows)?;
    for row in rows.iter_mut().filter(|row| row.key.kind == ListedKind::Sale) {
        row.operation_id = told.get(&row.payment_id.to_ascii_lowercase()).cloned();
    }
    Ok(ListedPage { rows, total, goes_on })
}

fn of_kind(tx: &mut Tx<'_>, kind: ListedKind, wanted: &OperationQuery, enough: usize) -> Result<Vec<ListedOperation>, StoreError> {
    let (from, id) = wanted.start_of(kind);
    let query = match kind {
        ListedKind::Sale => SALES,
        ListedKind::Refund => REFUNDS,
        ListedKind::Payout => PAYOUTS,
    };
    let rows: Vec<OperationRow> = tx.all(query, params![from, id, wanted.before, i64::try_from(enough).unwrap_or(i64::MAX)])?;
    rows.into_iter().map(|row| row.into_listed(kind).ok_or(StoreError::Inconsistent("operation"))).collect()
}

/// Of the whole interval: counted in the index.
fn count(tx: &mut Tx<'_>, kind: ListedKind, wanted: &OperationQuery) -> Result<u64, StoreError> {
    let query = match kind {
        ListedKind::Sale => "SELECT count(*) FROM attempts WHERE started_at >= ?1 AND started_at < ?2",
        ListedKind::Refund => "SELECT count(*) FROM refunds WHERE asked_at >= ?1 AND asked_at < ?2",
        ListedKind::Payout => "SELECT count(*) FROM payouts WHERE asked_at >= ?1 AND asked_at < ?2",
    };
    let count: i64 = tx.one(query, params![wanted.from, wanted.before])?;
    Ok(count.unsigned_abs())
}

/// The platform's numbers of these sales, by payment (lower case), from what it told: the one that succeeded, else the newest.
/// A callback is about one operation, a status answer about all of a payment.
fn numbers_of_sales(tx: &mut Tx<'_>, rows: &[ListedOperation]) -> Result<HashMap<String, String>, StoreError> {
    let sales: Vec<_> =
        rows.iter().filter(|row| row.key.kind == ListedKind::Sale).map(|row| row.payment_id.to_ascii_lowercase()).collect();
    let told: Vec<(String, Source, Vec<u8>)> = tx.all(
        "SELECT lower(payment_id), source, body FROM callbacks
         WHERE lower(payment_id) IN (SELECT value FROM json_each(?1)) AND verdict = 'applied' ORDER BY id",
        params![serde_json::json!(sales).to_string()],
    )?;
    let sales = told.into_iter().flat_map(|(payment_id, source, body)| {
        sales_of(source, &body).into_iter().map(move |(number, succeeded)| (payment_id.clone(), number, succeeded))
    });
    let mut numbers: Vec<_> = sales.collect();
    numbers.sort_by_key(|(.., succeeded)| *succeeded);
    // Later ones replace earlier ones.
    Ok(numbers.into_iter().map(|(payment_id, number, _)| (payment_id, number)).collect())
}

/// The numbers of the sales that a callback or a status answer tells of, and whether each succeeded. Its signature was checked when
/// it came.
fn sales_of(source: Source, body: &[u8]) -> Vec<(String, bool)> {
    let Ok(told) = serde_json::from_slice::<serde_json::Value>(body) else { return Vec::new() };
    let operations = match (source, &told["operations"]) {
        (Source::Callback, _) => std::slice::from_ref(&told["operation"]),
        (Source::Status, serde_json::Value::Array(operations)) => operations,
        (Source::Status, _) => &[],
    };
    let number = |operation: &serde_json::Value| match &operation["id"] {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let sales = operations.iter().filter(|operation| operation["type"] == "sale");
    sales.filter_map(|operation| Some((number(operation)?, operation["status"] == "success"))).collect()
}

impl OperationRow {
    fn into_listed(self, kind: ListedKind) -> Option<ListedOperation> {
        let sale = self.status;
        let (status, has_ended) = match self.progress {
            None => {
                let standing = sale.as_ref().map_or(Standing::Open, PaymentStatus::standing);
                (status_of_sale(sale.as_ref()), standing != Standing::Open)
            }
            Some(progress) => (status_of_progress(progress).to_owned(), matches!(progress, Progress::Done | Progress::Declined)),
        };
        Some(ListedOperation {
            // One made elsewhere has no reason; the shop never named it.
            refund_name: self.description.as_ref().filter(|_| kind == ListedKind::Refund).map(|_| self.id.clone()),
            key: OperationListKey { at: self.at, kind, id: self.id },
            payment_id: self.payment_id,
            operation_id: self.operation_id,
            status,
            code: self.code,
            method: self.method.as_deref().and_then(Method::from_code),
            description: self.description,
            amount: money(self.amount_minor, self.currency)?,
            customer_id: self.customer_id,
            ended_at: self.ended_at.filter(|_| has_ended),
        })
    }
}
