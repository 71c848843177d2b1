//! Refunds: which are allowed, and how they are written down. Together they never exceed what was paid.

use crate::{
    domain::{
        books::MoneyKind,
        money::Money,
        people::operator::{Operator, Permission, SumLimits},
        text::folded,
        transfers::{
            progress::Progress,
            refund::{NotRefundable, Reason, Refund, Refundable},
        },
    },
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, read},
        money::{
            allowance,
            transfers::{self, New},
        },
        people::acts,
        shop::orders::{self, OrderKey},
    },
};

/// Why a refund was not written down.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the shop knows no payment of this id")]
    UnknownPayment,
    #[error(transparent)]
    NotRefundable(#[from] NotRefundable),
    /// The same name with another payment, sum or reason.
    #[error("another refund has this name already")]
    NameTaken,
    /// Counted with what its operator refunded in the last day.
    #[error("with what you refunded in the last 24 hours, this is above what your role refunds; ask somebody of finance")]
    AboveDailyLimit,
}

/// An operator who asks for a refund.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    pub operator: &'a Operator,
    /// The most that support may refund in a day, all refunds together.
    pub limits: &'a SumLimits,
}

impl FromRow for Refund {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        read!(row => {
            id, payment_id, reason, progress, code, asked_at,
        } and {
            amount: row.money("amount_minor")?,
        })
    }
}

impl Store {
    /// Writes down that money is to be refunded. The same name again is the same refund.
    pub async fn ask_refund(
        &self,
        id: &str,
        payment_id: &str,
        asked: Option<Money>,
        reason: &Reason,
        now: i64,
    ) -> Result<Refund, AskError> {
        let (id, payment_id, reason) = (id.to_owned(), payment_id.to_owned(), reason.clone());
        self.decide(About::Payment(payment_id.clone()), move |tx| Ok(ask(tx, &id, &payment_id, asked, &reason, None, now)?.0)).await
    }

    /// The same as an operator's act, up to what one person may refund in a day.
    pub async fn ask_refund_for(
        &self,
        Asker { operator, limits }: Asker<'_>,
        id: &str,
        payment_id: &str,
        asked: Money,
        reason: &Reason,
        now: i64,
    ) -> Result<Refund, AskError> {
        let (operator, limits) = (operator.clone(), limits.clone());
        let (id, payment_id, reason) = (id.to_owned(), payment_id.to_owned(), reason.clone());
        self.decide([About::Operator(operator.id), About::Payment(payment_id.clone())], move |tx| {
            let (refund, new) = ask(tx, &id, &payment_id, Some(asked), &reason, None, now)?;
            if new {
                let given_back = allowance::given_back_by(tx, operator.id, refund.amount.currency(), now)?;
                let together = given_back.and_then(|sum| sum.plus(refund.amount).ok());
                let is_allowed = together.is_some_and(|sum| operator.role.may_refund(sum, &limits));
                if !is_allowed && !operator.role.may(Permission::MoveMoney) {
                    return Err(AskError::AboveDailyLimit);
                }
                tx.execute("UPDATE transfers SET asked_by = ?1 WHERE kind = 'refund' AND name = ?2", params![operator.id, &id])?;
                note_act(tx, &operator.email, &refund, now)?;
            }
            Ok(refund)
        })
        .await
    }

    pub async fn refund(&self, id: &str) -> Result<Option<Refund>, StoreError> {
        let id = id.to_owned();
        self.look(move |tx| by_id(tx, &id)).await
    }

    /// Oldest first.
    pub async fn refunds_of(&self, payment_id: &str) -> Result<Vec<Refund>, StoreError> {
        let payment_id = payment_id.to_owned();
        self.look(move |tx| of_payment(tx, &payment_id)).await
    }
}

/// Writes a refund down, unless there is one of this name; tells whether it is new. `address`: the customer's IP address, used
/// where the shop knows none.
pub fn ask(
    tx: &mut Tx<'_>,
    id: &str,
    payment_id: &str,
    asked: Option<Money>,
    reason: &Reason,
    address: Option<&str>,
    now: i64,
) -> Result<(Refund, bool), AskError> {
    let stored = orders::load(tx, OrderKey::Payment(payment_id))?.ok_or(AskError::UnknownPayment)?;
    let attempt = stored.order.attempt(payment_id).ok_or(AskError::UnknownPayment)?;
    if let Some(known) = by_id(tx, id)? {
        let same = known.payment_id.eq_ignore_ascii_case(payment_id)
            && asked.is_none_or(|asked| asked == known.amount)
            && folded(&known.reason) == folded(reason.as_str());
        return if same { Ok((known, false)) } else { Err(AskError::NameTaken) };
    }
    let refunds = of_payment(tx, &attempt.payment_id)?;
    let refundable = Refundable::of(attempt, &refunds)?;
    let amount = refundable.amount(asked)?;
    if refundable.method.rules().gate.refund_needs_ip && stored.order.ip_address.is_none() && address.is_none() {
        return Err(NotRefundable::NoAddress.into());
    }
    let refund = Refund {
        id: id.to_owned(),
        payment_id: attempt.payment_id.clone(),
        amount,
        reason: reason.as_str().to_owned(),
        progress: Progress::Stored,
        code: None,
        asked_at: now,
    };
    insert(tx, &refund, None)?;
    Ok((refund, true))
}

/// An operator's refund, in the journal of acts.
pub fn note_act(tx: &mut Tx<'_>, operator: &str, refund: &Refund, now: i64) -> Result<(), StoreError> {
    let detail = format!("{} ({}): {}", refund.amount, refund.id, refund.reason);
    acts::note(tx, operator, "refund", &format!("payment {}", refund.payment_id), &detail, now)
}

pub fn insert(tx: &mut Tx<'_>, refund: &Refund, operation_id: Option<&str>) -> Result<(), StoreError> {
    let Refund { id, payment_id, amount, progress, asked_at, .. } = refund;
    let more = [("reason", refund.reason.as_str().into()), ("operation_id", operation_id.into())];
    let new = New {
        kind: MoneyKind::Refund,
        name: id,
        payment_id,
        amount: *amount,
        progress: *progress,
        asked_at: *asked_at,
        more: &more,
    };
    transfers::insert(tx, &new)
}

pub fn by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<Refund>, StoreError> {
    tx.first("SELECT * FROM refunds WHERE id = ?1", params![id])
}

pub fn of_payment(tx: &mut Tx<'_>, payment_id: &str) -> Result<Vec<Refund>, StoreError> {
    tx.all("SELECT * FROM refunds WHERE payment_id = ?1 ORDER BY asked_at, id", params![payment_id])
}

/// Refunds of these payments (a JSON list of their ids).
pub fn of_payments(tx: &mut Tx<'_>, payment_ids: &str) -> Result<Vec<Refund>, StoreError> {
    tx.all(
        "SELECT * FROM refunds WHERE payment_id IN (SELECT value FROM json_each(?1)) ORDER BY asked_at, id",
        params![payment_ids],
    )
}
