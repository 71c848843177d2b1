//! Rows of a file checked against what the shop knows, some hundred at a time: would each become a refund or payout now?
//!
//! Nothing is written here. Each row is checked again when its turn comes.

use std::collections::{HashMap, hash_map::Entry};

use sha2::{Digest, Sha256};

use crate::{
    domain::{
        batch::{BatchKind, Columns, PayoutAsked, Record, RefundAsked, RowError, RowRequest, read_row},
        money::Money,
        orders::order::{Attempt, Order},
        transfers::{
            payout::Payout,
            progress::Progress,
            refund::{NotRefundable, Refund, Refundable},
        },
    },
    server::store::{
        database::StoreError,
        engine::{Sql, Tx, params},
        money::{payouts, refunds},
        shop::{attempts, orders},
    },
};

/// Whose rows are checked.
#[derive(Debug, Clone)]
pub struct RowsOf {
    pub batch: i64,
    /// Rows without a name of their own are called by it and their number.
    pub name: String,
    pub columns: Columns,
}

impl RowsOf {
    /// What a row is called at the platform if the file does not say.
    pub fn name_of_row(&self, position: u32) -> String {
        format!("batch-{}-{position}", self.name)
    }
}

/// A row and what would become of it.
pub struct Checked {
    pub position: u32,
    pub cells: Vec<String>,
    pub verdict: Result<Ready, String>,
}

/// A row that would become a refund or payout.
pub struct Ready {
    pub name: String,
    pub said: [u8; 32],
    pub means: [u8; 32],
    /// Of a refund.
    pub payment_id: Option<String>,
    pub amount: Money,
    /// What would be left of the payment after it.
    pub left: Option<Money>,
}

/// What its kind's rules make of a row.
struct Judged {
    name: String,
    payment_id: Option<String>,
    amount: Money,
    left: Option<Money>,
}

/// Why a row is refused, in a sentence.
type Reason = String;

/// Checks rows that follow those already stored.
pub fn check(tx: &mut Tx<'_>, of: &RowsOf, records: Vec<Record>) -> Result<Vec<Checked>, StoreError> {
    let read = |record: Record| (read_row(&of.columns, &record.cells), record);
    let rows: Vec<(Result<RowRequest, Vec<RowError>>, Record)> = records.into_iter().map(read).collect();
    let asked: Vec<&RowRequest> = rows.iter().filter_map(|(asked, _)| asked.as_ref().ok()).collect();
    let mut known = Known::load(tx, of, &asked)?;
    let judged = rows.into_iter().map(|(asked, Record { row, cells })| {
        let verdict = match asked {
            Ok(asked) => known.judge(of, row, &asked),
            Err(errors) => Err(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
        };
        Checked { position: row, cells, verdict }
    });
    Ok(judged.collect())
}

/// All that these rows are checked against, read for all of them at once. Indexes are named: without statistics SQLite would read
/// all earlier rows of the file.
struct Known {
    attempts: HashMap<String, (Attempt, Option<String>)>,
    refunds: HashMap<String, Vec<Refund>>,
    /// What earlier rows of the file take of a payment (minor units).
    earlier: HashMap<String, u64>,
    orders: HashMap<String, Vec<Order>>,
    /// Names that refunds, payouts or purchases have, in small letters.
    taken: Vec<String>,
    /// Earlier rows by their names and by what they say.
    named: HashMap<String, u32>,
    said: HashMap<[u8; 32], u32>,
}

impl Known {
    fn load(tx: &mut Tx<'_>, of: &RowsOf, asked: &[&RowRequest]) -> Result<Self, StoreError> {
        let (mut payment_ids, mut customers, mut taken) = (Vec::new(), Vec::new(), Vec::new());
        for asked in asked {
            match asked {
                RowRequest::Refund(asked) => payment_ids.push(asked.payment_id.as_str()),
                RowRequest::Payout(asked) if !customers.contains(&asked.order.customer_id) => {
                    customers.push(asked.order.customer_id.clone());
                }
                RowRequest::Payout(_) => {}
            }
        }
        let names: Vec<&str> = asked.iter().filter_map(|asked| asked.name()).collect();
        let mut orders = HashMap::new();
        for customer in customers {
            let found = orders::of_customer(tx, &customer)?;
            orders.insert(customer, found);
        }
        if of.columns.kind == BatchKind::Payout {
            for name in &names {
                if payouts::by_payment(tx, name)?.is_some() || payouts::names_a_purchase(tx, name)? {
                    taken.push(name.to_ascii_lowercase());
                }
            }
        } else {
            taken = taken_refund_names(tx, &json(&names))?;
        }
        let folded: Vec<String> = payment_ids.iter().map(|id| id.to_ascii_lowercase()).collect();
        let attempts = attempts::of_payments(tx, &json(&folded))?;
        let payment_ids = json(&attempts.iter().map(|(attempt, _)| attempt.payment_id.as_str()).collect::<Vec<_>>());
        let mut refunds: HashMap<String, Vec<Refund>> = HashMap::new();
        for refund in refunds::of_payments(tx, &payment_ids)? {
            refunds.entry(refund.payment_id.to_ascii_lowercase()).or_default().push(refund);
        }
        let named = json(&names.iter().map(|name| name.to_ascii_lowercase()).collect::<Vec<_>>());
        let texts = asked.iter().map(|asked| digest(&asked.said())).collect();
        Ok(Self {
            attempts: attempts.into_iter().map(|found| (found.0.payment_id.to_ascii_lowercase(), found)).collect(),
            refunds,
            earlier: earlier_sums(tx, of.batch, &payment_ids)?,
            orders,
            taken,
            named: earlier_names(tx, of.batch, &named)?,
            said: earlier_texts(tx, of.batch, texts)?,
        })
    }

    fn judge(&mut self, of: &RowsOf, row: u32, asked: &RowRequest) -> Result<Ready, Reason> {
        let (said, means) = (digest(&asked.said()), digest(&asked.meaning()));
        if let Some(first) = self.said.get(&said) {
            let column = if of.columns.kind == BatchKind::Refund { "payment.merchant_refund_id" } else { "general.payment_id" };
            return Err(format!("the same as row {first}; if it is meant twice, tell them apart by {column}"));
        }
        let name = asked.name().map_or_else(|| of.name_of_row(row), str::to_owned);
        if let Some(first) = self.named.get(&name.to_ascii_lowercase()) {
            return Err(format!("row {first} has this name already"));
        }
        if self.taken.contains(&name.to_ascii_lowercase()) {
            return Err("another refund, payout or purchase has this name already".to_owned());
        }
        let Judged { name, payment_id, amount, left } = match asked {
            RowRequest::Refund(asked) => self.judge_refund(name, asked)?,
            RowRequest::Payout(asked) => self.judge_payout(name, asked)?,
        };
        self.said.insert(said, row);
        self.named.insert(name.to_ascii_lowercase(), row);
        Ok(Ready { name, said, means, payment_id, amount, left })
    }

    fn judge_refund(&mut self, name: String, asked: &RefundAsked) -> Result<Judged, Reason> {
        let key = asked.payment_id.to_ascii_lowercase();
        let (attempt, address) = self.attempts.get(&key).ok_or("the shop knows no payment of this id")?;
        let earlier = self.earlier.get(&key).copied().unwrap_or_default();
        let refusal = |reason: NotRefundable| match reason {
            NotRefundable::TooMuch(_) | NotRefundable::NothingLeft if earlier > 0 => format!("{reason} after the rows before it"),
            reason => reason.to_string(),
        };
        let mut refunds = self.refunds.get(&key).cloned().unwrap_or_default();
        refunds.extend(Money::from_minor(earlier, attempt.amount.currency()).ok().map(|sum| of_earlier_rows(attempt, sum)));
        let refundable = Refundable::of(attempt, &refunds).map_err(refusal)?;
        let amount = refundable.amount(asked.amount).map_err(refusal)?;
        let needs_address = refundable.method.rules().gate.refund_needs_ip;
        if needs_address && address.is_none() && asked.ip_address.is_none() {
            return Err("the customer's address is not known: give it as customer.ip_address".to_owned());
        }
        let left = refundable.left().minor().saturating_sub(amount.minor());
        let (payment_id, left) = (Some(attempt.payment_id.clone()), Money::from_minor(left, amount.currency()).ok());
        self.earlier.insert(key, earlier.saturating_add(amount.minor()));
        Ok(Judged { name, payment_id, amount, left })
    }

    fn judge_payout(&self, name: String, asked: &PayoutAsked) -> Result<Judged, Reason> {
        let orders = self.orders.get(&asked.order.customer_id).cloned().unwrap_or_default();
        let orders = payouts::with_address(orders, asked.ip_address.as_deref());
        let payout = Payout::begin(name, &asked.order, &orders, 0).map_err(|reason| reason.to_string())?;
        Ok(Judged { name: payout.payment_id, payment_id: None, amount: payout.amount, left: None })
    }
}

/// What earlier rows take, as if it were one refund.
fn of_earlier_rows(attempt: &Attempt, amount: Money) -> Refund {
    let (id, reason) = (String::new(), String::new());
    Refund { id, payment_id: attempt.payment_id.clone(), amount, reason, progress: Progress::Stored, code: None, asked_at: 0 }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// A list as one value: one question for many rows.
fn json<T: AsRef<str>>(texts: &[T]) -> String {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    serde_json::json!(texts).to_string()
}

fn taken_refund_names(tx: &mut Tx<'_>, names: &str) -> Result<Vec<String>, StoreError> {
    let found: Vec<String> = tx.all("SELECT id FROM refunds WHERE id IN (SELECT value FROM json_each(?1))", params![names])?;
    Ok(found.into_iter().map(|name| name.to_ascii_lowercase()).collect())
}

fn earlier_sums(tx: &mut Tx<'_>, batch: i64, payment_ids: &str) -> Result<HashMap<String, u64>, StoreError> {
    let sums: Vec<(u32, String, i64)> = tx.all(
        "SELECT DISTINCT position, payment_id, amount_minor FROM json_each(?2) AS wanted
         CROSS JOIN batch_rows INDEXED BY batch_rows_by_payment ON batch_id = ?1 AND payment_id = wanted.value
         WHERE batch_rows.state <> 'refused'",
        params![batch, payment_ids],
    )?;
    let mut earlier = HashMap::new();
    for (_, payment_id, minor) in sums {
        match earlier.entry(payment_id.to_ascii_lowercase()) {
            Entry::Vacant(place) => drop(place.insert(minor.unsigned_abs())),
            Entry::Occupied(mut sum) => *sum.get_mut() = sum.get().saturating_add(minor.unsigned_abs()),
        }
    }
    Ok(earlier)
}

fn earlier_names(tx: &mut Tx<'_>, batch: i64, names: &str) -> Result<HashMap<String, u32>, StoreError> {
    let found: Vec<(String, u32)> = tx.all(
        "SELECT lower(name), position FROM json_each(?2) AS wanted
         CROSS JOIN batch_rows INDEXED BY batch_rows_by_name ON batch_id = ?1 AND lower(name) = wanted.value
         WHERE name IS NOT NULL AND state <> 'refused'",
        params![batch, names],
    )?;
    Ok(found.into_iter().collect())
}

/// One question for many rows.
fn earlier_texts(tx: &mut Tx<'_>, batch: i64, texts: Vec<[u8; 32]>) -> Result<HashMap<[u8; 32], u32>, StoreError> {
    if texts.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = Sql::new("SELECT said, position FROM batch_rows INDEXED BY batch_rows_by_text WHERE batch_id = ");
    query.push_bind(batch).push(" AND said IS NOT NULL AND state <> 'refused' AND said IN (");
    query.push_list(texts.into_iter().map(|text| text.to_vec())).push(")");
    let found: Vec<(Vec<u8>, u32)> = query.all(tx)?;
    let digests = found.into_iter().map(|(said, position)| Some((said.try_into().ok()?, position)));
    digests.map(|digest| digest.ok_or(StoreError::Inconsistent("row of a batch"))).collect()
}
