//! Fills the shop's database with made-up orders, spread evenly over a year. SQL statements make them.
//!
//! They are the same each time. Numbers, addresses and amounts only look random: they are multiples of a large odd number.

use anyhow::{Result, ensure};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use std::path::Path;

/// Orders written in one transaction.
const AT_ONCE: usize = 50_000;

const YEAR_S: i64 = 365 * 24 * 60 * 60;

/// Each order `i` and what is derived from it: two large numbers, the moment, market and state, currency, method and total.
/// Orders that nobody began to pay exist only in the last weeks, because older ones have expired.
const DRAWN: &str = "
    WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2),
    drawn AS (SELECT i, (i * 2561399133431) & 0x3FFFFFFFFFFFF AS x, (i * 2654435761) % 4294967291 AS y, ?3 + i * ?4 / ?5 AS at FROM n),
    kinds AS (SELECT *,
        CASE x % 10 WHEN 0 THEN 'PH' WHEN 1 THEN 'PH' WHEN 2 THEN 'PH' WHEN 3 THEN 'BE' WHEN 4 THEN 'BE' WHEN 5 THEN 'BE' ELSE 'KR' END AS market,
        CASE WHEN y % 100 < 78 THEN 'paid' WHEN y % 100 < 87 THEN 'declined' WHEN y % 100 < 93 THEN CASE WHEN at < ?3 + ?4 - 2500000 THEN 'declined' ELSE 'none' END WHEN y % 100 < 95 THEN 'processing'
             WHEN y % 100 < 98 THEN 'refunded' ELSE 'partially refunded' END AS state FROM drawn),
    priced AS (SELECT *,
        CASE market WHEN 'KR' THEN 'KRW' WHEN 'PH' THEN 'PHP' ELSE 'EUR' END AS currency,
        CASE market WHEN 'KR' THEN 'payco-wallet' WHEN 'PH' THEN 'paymaya-wallet' ELSE 'bancontact' END AS method,
        CASE market WHEN 'KR' THEN 3000 + y % 897 * 1000 WHEN 'PH' THEN 2000 + y % 1498000 ELSE 100 + y % 89900 END AS total,
        at + 20 + y % 600 AS told_at, state IN ('paid', 'refunded', 'partially refunded') AS was_paid FROM kinds),
    named AS (SELECT *, ";

/// Ten letters of an order's number, from 50 bits.
fn letters() -> String {
    let letter = |place: u32| format!("substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + ((x >> {}) & 31), 1)", place * 5);
    (0..10).rev().map(letter).collect::<Vec<_>>().join(" || ")
}

/// What is inserted for each order, one statement for each table or kind of row.
const TABLES: [&str; 7] = [
    "INSERT INTO orders (id, number, token, order_key, market, language, customer_id, email, total_minor, currency, placed_at, held_until,
                         paid_by, state, status, method, paid_minor, refunded_minor, paid_at)
     SELECT i + 1, number, 'generated-' || i, 'generated-' || i, market, 'en', substr(number, 3) || (y % 300000),
            lower(substr(number, 2, 6)) || '@example.com', total, currency, at, at + 1800, CASE WHEN was_paid THEN number || '-1' END, state,
            CASE state WHEN 'none' THEN NULL WHEN 'processing' THEN 'awaiting redirect result' WHEN 'declined' THEN 'decline'
                       WHEN 'paid' THEN 'success' ELSE state END,
            method, CASE WHEN was_paid THEN total ELSE 0 END, CASE state WHEN 'refunded' THEN total WHEN 'partially refunded' THEN total / 4 ELSE 0 END,
            CASE WHEN was_paid THEN told_at END",
    "INSERT INTO order_lines (order_id, position, slug, name, quantity, unit_minor) SELECT i + 1, 0, 'flax-twine', 'Flax twine', 1, total",
    "INSERT INTO attempts (payment_id, order_id, position, turn, method, amount_minor, currency, started_at, begins_before, status, status_at, code, paid_with, taken_minor)
     SELECT number || '-1', i + 1, 0, 1, method, total, currency, at, at,
            CASE state WHEN 'none' THEN NULL WHEN 'processing' THEN 'awaiting redirect result' WHEN 'declined' THEN 'decline'
                       WHEN 'paid' THEN 'success' ELSE state END,
            CASE state WHEN 'none' THEN 0 ELSE told_at END,
            CASE state WHEN 'declined' THEN CASE y % 4 WHEN 0 THEN '20105' WHEN 1 THEN '20101' WHEN 2 THEN '20301' ELSE '20000' END
                       WHEN 'none' THEN NULL WHEN 'processing' THEN '9999' ELSE '0' END,
            CASE WHEN was_paid THEN method END, CASE WHEN was_paid THEN total END",
    "INSERT INTO transfers (kind, name, payment_id, amount_minor, currency, reason, progress, asked_at, operation_id)
     SELECT 'refund', 'generated-' || i, number || '-1', CASE state WHEN 'refunded' THEN total ELSE total / 4 END, currency, 'generated', 'done',
            told_at + 86400, i",
    "INSERT INTO postings (id, kind, reference, currency, posted_at)
     SELECT i * 2 + 1, 'sale', number || '-1', currency, told_at",
    "INSERT INTO postings (id, kind, reference, currency, posted_at)
     SELECT i * 2 + 2, 'refund', 'generated-' || i, currency, told_at + 86400",
    "INSERT INTO entries (posting, account, amount_minor)
     SELECT i * 2 + 1, account, sign * total",
];

/// The orders for which each of these statements inserts rows.
const ROWS_OF: [&str; 7] = [
    " FROM named",
    " FROM named",
    " FROM named",
    " FROM named WHERE state IN ('refunded', 'partially refunded')",
    " FROM named WHERE was_paid",
    " FROM named WHERE state IN ('refunded', 'partially refunded')",
    " FROM named CROSS JOIN (SELECT 'platform' AS account, 1 AS sign UNION ALL SELECT 'sales', -1) WHERE was_paid",
];

const REFUND_ENTRIES: &str = "INSERT INTO entries (posting, account, amount_minor)
     SELECT i * 2 + 2, account, sign * CASE state WHEN 'refunded' THEN total ELSE total / 4 END
     FROM named CROSS JOIN (SELECT 'refunds' AS account, 1 AS sign UNION ALL SELECT 'platform', -1)
     WHERE state IN ('refunded', 'partially refunded')";

/// Fills a database that the shop has created and that has no orders yet.
pub fn fill(database: &Path, orders: u32) -> Result<()> {
    let mut connection = Connection::open(database)?;
    let any: bool = connection.query_row("SELECT EXISTS (SELECT 1 FROM orders)", (), |row| row.get(0))?;
    ensure!(!any, "there are orders already");
    let (orders, first_at) = (i64::from(orders), Timestamp::now().as_second() - YEAR_S);
    for from in (0..orders).step_by(AT_ONCE) {
        let before = orders.min(from + AT_ONCE as i64);
        let transaction = connection.transaction()?;
        for statement in statements() {
            transaction.execute(&statement, params![from, before, first_at, YEAR_S, orders])?;
        }
        transaction.commit()?;
    }
    Ok(())
}

fn statements() -> Vec<String> {
    let named = format!("{DRAWN}{} AS number FROM priced) ", letters());
    let tables = TABLES.into_iter().zip(ROWS_OF).map(|(table, rows)| format!("{table}{rows}"));
    tables.chain([REFUND_ENTRIES.to_owned()]).map(|statement| with_named(&statement, &named)).collect()
}

/// `INSERT INTO … WITH … SELECT …`
fn with_named(statement: &str, named: &str) -> String {
    match statement.split_once("SELECT") {
        Some((insert, select)) => format!("{insert}{named}SELECT{select}"),
        None => statement.to_owned(),
    }
}
