//! The shop's own register: sales, refunds and payouts in the order they began, as programs read it in JSON.

use super::{money::Money, reconciliation::ComparedKind, transfers::progress::Progress};
use crate::platform::{Method, PaymentStatus, Standing};

/// One sale, refund or payout, with what the shop knows of it.
#[derive(Debug, Clone)]
pub struct ListedOperation {
    pub key: OperationListKey,
    pub payment_id: String,
    /// The platform's id of the operation, once it was told.
    pub operation_id: Option<String>,
    /// The platform's status; `none` before it said anything.
    pub status: String,
    /// The platform's code, once it gave one.
    pub code: Option<String>,
    pub method: Option<Method>,
    pub description: Option<String>,
    pub amount: Money,
    pub customer_id: String,
    /// The shop's own name of a refund it asked for.
    pub refund_name: Option<String>,
    /// When its end became known (Unix seconds).
    pub ended_at: Option<i64>,
}

/// The position of a row: by moment, then by kind, then by id. The next page begins after the key of the last row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperationListKey {
    /// When it began (Unix seconds).
    pub at: i64,
    pub kind: ListedKind,
    /// `payment_id` of a sale or payout, the name of a refund.
    pub id: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListedKind {
    Sale,
    Refund,
    Payout,
}

/// Which rows are asked for.
#[derive(Debug, Clone)]
pub struct OperationQuery {
    /// Rows that began at this moment or later, and before the other (Unix seconds).
    pub from: i64,
    pub before: i64,
    pub kinds: Vec<ListedKind>,
    /// Only rows after this one.
    pub after: Option<OperationListKey>,
    /// How many rows to skip then, and how many to list at most.
    pub offset: usize,
    pub limit: usize,
}

/// Some rows, oldest first.
#[derive(Debug, Clone)]
pub struct ListedPage {
    pub rows: Vec<ListedOperation>,
    /// How many rows all pages have together.
    pub total: u64,
    /// Whether there are more after the last one.
    pub goes_on: bool,
}

impl ListedKind {
    pub const ALL: [ListedKind; 3] = [ListedKind::Sale, ListedKind::Refund, ListedKind::Payout];

    pub const fn name(self) -> &'static str {
        self.movement().name()
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    const fn movement(self) -> ComparedKind {
        match self {
            ListedKind::Sale => ComparedKind::Sale,
            ListedKind::Refund => ComparedKind::Refund,
            ListedKind::Payout => ComparedKind::Payout,
        }
    }
}

impl OperationListKey {
    /// `1767225600.sale.ABC-1`; opaque to the programs that send it back.
    pub fn written(&self) -> String {
        format!("{}.{}.{}", self.at, self.kind.name(), self.id)
    }

    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let at = parts.next()?.parse().ok()?;
        let kind = ListedKind::from_name(parts.next()?)?;
        let id = parts.next().filter(|id| !id.is_empty())?.to_owned();
        Some(Self { at, kind, id })
    }
}

impl OperationQuery {
    /// Where rows of this kind begin: later than this moment (Unix seconds), or at it with a greater id.
    pub fn start_of(&self, kind: ListedKind) -> (i64, String) {
        let Some(after) = self.after.as_ref().filter(|after| after.at >= self.from) else { return (self.from, String::new()) };
        match kind.cmp(&after.kind) {
            std::cmp::Ordering::Less => (after.at.saturating_add(1), String::new()),
            std::cmp::Ordering::Equal => (after.at, after.id.clone()),
            std::cmp::Ordering::Greater => (after.at, String::new()),
        }
    }
}

/// The status of the sale itself: `success` even if it was refunded since.
pub fn status_of_sale(status: Option<&PaymentStatus>) -> String {
    match status {
        None => NOT_HEARD.to_owned(),
        Some(status) => match status.standing() {
            Standing::Open | Standing::Declined => status.to_string(),
            Standing::Succeeded | Standing::PartiallyRefunded | Standing::Refunded => "success".to_owned(),
        },
    }
}

/// The status of a refund or payout.
pub fn status_of_progress(progress: Progress) -> &'static str {
    match progress {
        Progress::Stored | Progress::Sending | Progress::Unknown => NOT_HEARD,
        Progress::Pending => "processing",
        Progress::Done => "success",
        Progress::Declined => "decline",
    }
}

/// The status before the platform said anything.
const NOT_HEARD: &str = "none";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_nothing_else_is_one() {
        let key = OperationListKey { at: 1_767_225_600, kind: ListedKind::Refund, id: "a.b.c".to_owned() };
        assert_eq!(OperationListKey::parse(&key.written()), Some(key));
        for bad in
            ["", "1", "1.sale", "1.sale.", "1.other.a", "1.reversal.a", "x.sale.a", "1.5.sale.a", "99999999999999999999.sale.a"]
        {
            assert_eq!(OperationListKey::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn after_a_row_every_kind_begins_where_the_order_says() {
        let after = OperationListKey { at: 50, kind: ListedKind::Refund, id: "r".to_owned() };
        let wanted = |from| OperationQuery {
            from,
            before: 99,
            kinds: ListedKind::ALL.to_vec(),
            after: Some(after.clone()),
            offset: 0,
            limit: 1,
        };
        let starts = |from: i64| ListedKind::ALL.map(|kind| wanted(from).start_of(kind));
        assert_eq!(starts(0), [(51, String::new()), (50, "r".to_owned()), (50, String::new())]);
        assert_eq!(
            starts(60),
            [(60, String::new()), (60, String::new()), (60, String::new())],
            "before the interval it leaves out nothing"
        );
        for (kind, (at, id)) in ListedKind::ALL.into_iter().zip(starts(0)) {
            for (row_at, row_id) in [(49, "z"), (50, "a"), (50, "r"), (50, "s"), (51, "a")] {
                let row = OperationListKey { at: row_at, kind, id: row_id.to_owned() };
                assert_eq!(row_at > at || (row_at == at && *row_id > *id), row > after, "{row:?}");
            }
        }
    }
}
