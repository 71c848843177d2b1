//! The history of an order: what the platform told, what operators did, and what money moved, in order of time.

use super::order::{Attempt, Order};
use crate::domain::{
    books::MoneyKind,
    case::CaseKind,
    money::Money,
    transfers::{
        payout::Payout,
        progress::Progress,
        refund::{NotRefundable, Refund, Refundable},
    },
};
use crate::platform::Method;

/// The verdict of a callback whose event was applied to its order.
pub const APPLIED: &str = "applied";

/// The verdict of a callback about a payment of another shop on the same project.
pub const OF_ANOTHER_SHOP: &str = "of another shop";

/// The verdict of a genuine callback of a kind this shop does not use.
pub const NOT_USED: &str = "not used";

named! {
    /// How the shop learned something from the platform.
    pub enum Source {
        Callback = "callback",
        /// The shop asked for the payment's status.
        Status = "status",
    }
}

/// A callback or status answer as stored in the journal. Moments are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    pub id: i64,
    pub payment_id: String,
    /// As received.
    pub body: Vec<u8>,
    /// [`APPLIED`], [`NOT_USED`], or the name of the case it became.
    pub verdict: String,
    pub source: Source,
    pub received_at: i64,
    /// How often it came, in whatever spelling, and when it last came.
    pub deliveries: u32,
    pub last_at: i64,
}

/// A case, open or closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRecord {
    pub id: i64,
    pub kind: CaseKind,
    pub payment_id: String,
    pub opened_at: i64,
    pub closed: Option<Closed>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub at: i64,
    /// Such as `accepted`.
    pub outcome: String,
    pub reason: String,
}

/// A refund and its moments (Unix seconds). `None`: not reached yet, or not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowedRefund {
    pub refund: Refund,
    pub sent_at: Option<i64>,
    pub ended_at: Option<i64>,
}

/// A posting of the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedMovement {
    pub kind: MoneyKind,
    pub reference: String,
    pub amount: Money,
    pub at: i64,
}

/// Something an operator did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    pub at: i64,
    pub operator: String,
    pub act: String,
    pub subject: String,
    pub detail: String,
}

/// All that is known of one order.
#[derive(Debug, Clone)]
pub struct OrderHistory {
    pub order: Order,
    /// Oldest first, like all lists below.
    pub refunds: Vec<FollowedRefund>,
    pub callbacks: Vec<Callback>,
    /// Whether some of the oldest callbacks are left out.
    pub is_cut: bool,
    pub cases: Vec<CaseRecord>,
    pub movements: Vec<BookedMovement>,
    pub deeds: Vec<Deed>,
    /// When the platform is asked next about any of its payments (Unix seconds).
    pub next_question: Option<i64>,
}

/// All that is known of one customer; newest first.
#[derive(Debug, Clone)]
pub struct CustomerHistory {
    pub customer_id: String,
    pub orders: Vec<Order>,
    pub refunds: Vec<Refund>,
    pub payouts: Vec<Payout>,
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEvent {
    pub at: i64,
    pub what: Happening,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    Placed,
    /// The customer went to pay: the payment's id, and the method if one was chosen in the shop.
    Attempted(String, Option<Method>),
    Told(Callback),
    Moved(BookedMovement),
    CaseOpened(i64, CaseKind, String),
    CaseClosed(i64, CaseKind, Closed),
    RefundAsked(Refund),
    RefundSent(Refund),
    RefundEnded(Refund),
    Did(Deed),
}

impl OrderHistory {
    /// All events in order of time; at the same moment, causes come before their effects.
    pub fn timeline(&self) -> Vec<HistoryEvent> {
        let event = |at, what| HistoryEvent { at, what };
        let mut events = vec![event(self.order.placed_at, Happening::Placed)];
        for attempt in &self.order.attempts {
            events.push(event(attempt.started_at, Happening::Attempted(attempt.payment_id.clone(), attempt.method)));
        }
        events.extend(self.deeds.iter().map(|deed| event(deed.at, Happening::Did(deed.clone()))));
        for FollowedRefund { refund, sent_at, ended_at } in &self.refunds {
            events.push(event(refund.asked_at, Happening::RefundAsked(refund.clone())));
            events.extend(sent_at.map(|at| event(at, Happening::RefundSent(refund.clone()))));
            events.extend(ended_at.map(|at| event(at, Happening::RefundEnded(refund.clone()))));
        }
        events.extend(self.callbacks.iter().map(|callback| event(callback.received_at, Happening::Told(callback.clone()))));
        events.extend(self.movements.iter().map(|movement| event(movement.at, Happening::Moved(movement.clone()))));
        for CaseRecord { id, kind, payment_id, opened_at, closed } in &self.cases {
            events.push(event(*opened_at, Happening::CaseOpened(*id, *kind, payment_id.clone())));
            events.extend(closed.as_ref().map(|closed| event(closed.at, Happening::CaseClosed(*id, *kind, closed.clone()))));
        }
        // The sort is stable.
        events.sort_by_key(|event| (event.at, event.what.rank()));
        events
    }

    pub fn refunds_of<'a>(&'a self, attempt: &'a Attempt) -> impl Iterator<Item = &'a FollowedRefund> {
        self.refunds.iter().filter(|one| one.refund.payment_id.eq_ignore_ascii_case(&attempt.payment_id))
    }

    /// How much of this attempt's money may be refunded. Error: why nothing may.
    pub fn refundable(&self, attempt: &Attempt) -> Result<Refundable, NotRefundable> {
        let refunds: Vec<_> = self.refunds_of(attempt).map(|one| one.refund.clone()).collect();
        Refundable::of(attempt, &refunds)
    }

    pub fn open_cases(&self) -> impl Iterator<Item = &CaseRecord> {
        self.cases.iter().filter(|case| case.closed.is_none())
    }

    /// When this payment's sale was posted (Unix seconds).
    pub fn paid_at(&self, payment_id: &str) -> Option<i64> {
        let posted =
            |movement: &&BookedMovement| movement.kind == MoneyKind::Sale && movement.reference.eq_ignore_ascii_case(payment_id);
        self.movements.iter().find(posted).map(|movement| movement.at)
    }

    /// Whether something may still change without an operator's act.
    pub fn is_live(&self, now: i64) -> bool {
        let under_way = |one: &FollowedRefund| one.refund.progress.is_open() || one.refund.progress == Progress::Stored;
        self.refunds.iter().any(under_way) || (!self.order.is_paid() && self.order.may_change(now))
    }

    pub fn news(&self) -> String {
        let refunds: Vec<_> = self.refunds.iter().map(|one| one.refund.clone()).collect();
        news(&self.order, &refunds, self.open_cases().count())
    }
}

impl CustomerHistory {
    /// Whether a payout has not ended yet.
    pub fn is_live(&self) -> bool {
        self.payouts.iter().any(|payout| payout.progress.is_open() || payout.progress == Progress::Stored)
    }

    pub fn news(&self) -> String {
        Self::news_of(&self.payouts)
    }

    /// A text that changes with the progress of a payout: an open page of the customer then reloads.
    pub fn news_of(payouts: &[Payout]) -> String {
        payouts.iter().map(|payout| payout.progress.name()).collect::<Vec<_>>().join(", ")
    }
}

/// A text that changes with an attempt, a refund or the cases of an order: an open page of the order then reloads.
pub fn news(order: &Order, refunds: &[Refund], open_cases: usize) -> String {
    let status = |attempt: &Attempt| attempt.status.as_ref().map_or("none", |status| status.as_str()).to_owned();
    let attempts: Vec<_> = order.attempts.iter().map(|attempt| format!("{} {}", attempt.payment_id, status(attempt))).collect();
    let refunds: Vec<_> = refunds.iter().map(|refund| refund.progress.name()).collect();
    format!("{}; {}; {open_cases}", attempts.join(", "), refunds.join(", "))
}

impl Happening {
    fn rank(&self) -> u8 {
        match self {
            Happening::Placed => 0,
            Happening::Attempted(..) => 1,
            Happening::Did(_) => 2,
            Happening::RefundAsked(_) => 3,
            Happening::RefundSent(_) => 4,
            Happening::Told(_) => 5,
            Happening::RefundEnded(_) => 6,
            Happening::Moved(_) => 7,
            Happening::CaseOpened(..) => 8,
            Happening::CaseClosed(..) => 9,
        }
    }
}
