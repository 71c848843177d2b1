//! What a person does with a case: accepts it, dismisses it, gives the money back. A closed case stays on record with its reason.

use std::sync::Arc;

use crate::{
    domain::{
        case::{CaseKind, WhenAccepted},
        money::Money,
        orders::order::{Attempt, Statement},
        shop::product::Catalog,
        transfers::refund::{NotRefundable, Reason, Refund},
    },
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{Tx, params},
        money::{
            payouts,
            refunds::{self, AskError},
        },
        people::acts,
        shop::orders::{self, OrderKey},
        told::{
            cases::{self, Case},
            hearing,
        },
    },
};

/// Why a case was not decided.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NotRefundable(#[from] NotRefundable),
    #[error("another refund has this name already")]
    NameTaken,
    /// Nothing is added across currencies.
    #[error("it tells of another currency than the payment's; settle it in the platform's Dashboard and dismiss it here")]
    OtherCurrency,
    #[error("the sum it tells of is nothing; dismiss it instead")]
    NothingMoved,
    /// The callback is about no payment of this shop.
    #[error("there is no order it could move; dismiss it instead")]
    NothingToMove,
    /// Its callback does not prove that money moved, even once this doubt is accepted.
    #[error("its callback speaks of something that did not succeed; dismiss it instead")]
    StillInDoubt,
    #[error("somebody closed it already")]
    NotOpen,
}

impl Store {
    /// Closes a case as accepted; `reports` are what its callback says, for kinds whose callback then moves the order.
    /// Returns the cases that this opens: accepting one doubt does not accept another. `by`: who decides.
    pub async fn accept_case(
        &self,
        by: &str,
        case: &Case,
        reports: Vec<Statement>,
        catalog: &Arc<Catalog>,
        next_order_key: &str,
        now: i64,
    ) -> Result<Vec<CaseKind>, CaseError> {
        let (by, case, catalog, next_order_key) = (by.to_owned(), case.clone(), catalog.clone(), next_order_key.to_owned());
        self.decide(About::Payment(case.payment_id.clone()), move |tx| {
            accept_case(tx, &by, &case, reports.clone(), &catalog, &next_order_key, now)
        })
        .await
    }

    /// Closes a case without moving anything.
    pub async fn dismiss_case(&self, by: &str, case: &Case, reason: &str, now: i64) -> Result<(), CaseError> {
        let (by, case, reason) = (by.to_owned(), case.clone(), reason.to_owned());
        self.decide(About::Payment(case.payment_id.clone()), move |tx| {
            close(tx, case.id, "dismissed", &reason, now)?;
            note(tx, &by, "dismiss case", &case, &reason, now)?;
            // The platform's answers may say the same again; the operator who dismissed it has seen that.
            open_next(tx, &case, "AND source = 'callback'", now)?;
            Ok(())
        })
        .await
    }

    /// Closes a case by giving its payment's money back, and writes the refund down. The same name again is the same refund.
    pub async fn refund_case(
        &self,
        by: &str,
        case: &Case,
        refund_id: &str,
        amount: Money,
        reason: &Reason,
        now: i64,
    ) -> Result<Refund, CaseError> {
        let (by, case, refund_id, reason) = (by.to_owned(), case.clone(), refund_id.to_owned(), reason.clone());
        self.decide(About::Payment(case.payment_id.clone()), move |tx| {
            refund_case(tx, &by, &case, &refund_id, amount, &reason, now)
        })
        .await
    }
}

fn accept_case(
    tx: &mut Tx<'_>,
    by: &str,
    case: &Case,
    reports: Vec<Statement>,
    catalog: &Catalog,
    next_order_key: &str,
    now: i64,
) -> Result<Vec<CaseKind>, CaseError> {
    close(tx, case.id, "accepted", "", now)?;
    let mut opened = match case.kind.when_accepted() {
        WhenAccepted::Impossible => return Err(CaseError::NothingToMove),
        WhenAccepted::Closes => Vec::new(),
        WhenAccepted::Applies => {
            let payout = payouts::by_payment(tx, &case.payment_id)?;
            let stored = orders::load(tx, OrderKey::Payment(&case.payment_id))?;
            let attempt = stored.as_ref().and_then(|stored| stored.order.attempt(&case.payment_id));
            if payout.is_none() && attempt.is_none() {
                return Err(CaseError::NothingToMove);
            }
            let mut opened = Vec::new();
            for report in reports {
                if case.kind == CaseKind::WrongAmount && report.moved().is_some_and(|moved| moved.minor() == 0) {
                    return Err(CaseError::NothingMoved);
                }
                let excused = match (case.kind, &payout, attempt) {
                    (kind, Some(payout), _) => payout.excuse(kind, report),
                    (CaseKind::WrongAmount, _, Some(attempt)) => in_its_currency(report, attempt)?,
                    (CaseKind::Incomplete, _, Some(attempt)) => report.completed_by_sale(attempt.amount),
                    _ => report,
                };
                opened.extend(hearing::apply(tx, &excused, catalog, next_order_key, now)?);
            }
            opened
        }
    };
    if opened.contains(&case.kind) {
        return Err(CaseError::StillInDoubt);
    }
    for kind in &opened {
        cases::open(tx, *kind, &case.payment_id, case.callback.as_ref().map(|(id, _)| (*id, None)), now)?;
    }
    note(tx, by, "accept case", case, "", now)?;
    opened.extend(open_next(tx, case, "", now)?);
    Ok(opened)
}

/// Opens a case for the next callback about this payment that raised the same doubt while the case was open.
fn open_next(tx: &mut Tx<'_>, case: &Case, which: &str, now: i64) -> Result<Option<CaseKind>, StoreError> {
    let Some((callback_id, _)) = case.callback else { return Ok(None) };
    let query = format!("SELECT id FROM callbacks WHERE payment_id = ?1 AND verdict = ?2 AND id > ?3 {which} ORDER BY id LIMIT 1");
    let next: Option<i64> = tx.first(&query, params![&case.payment_id, case.kind, callback_id])?;
    let Some(next) = next else { return Ok(None) };
    cases::open(tx, case.kind, &case.payment_id, Some((next, None)), now)?;
    Ok(Some(case.kind))
}

/// The told sum is what moved. A sum in another currency cannot be booked.
fn in_its_currency(report: Statement, attempt: &Attempt) -> Result<Statement, CaseError> {
    let is_other = report.sums().any(|(_, currency)| currency != attempt.amount.currency().code());
    if is_other { Err(CaseError::OtherCurrency) } else { Ok(report.with_its_sum_accepted()) }
}

fn refund_case(
    tx: &mut Tx<'_>,
    by: &str,
    case: &Case,
    refund_id: &str,
    amount: Money,
    reason: &Reason,
    now: i64,
) -> Result<Refund, CaseError> {
    close(tx, case.id, "refunded", reason.as_str(), now)?;
    let asked = refunds::ask(tx, refund_id, &case.payment_id, Some(amount), reason, None, now);
    let (refund, _) = asked.map_err(|error| match error {
        AskError::Store(error) => CaseError::Store(error),
        AskError::NotRefundable(why) => CaseError::NotRefundable(why),
        AskError::NameTaken => CaseError::NameTaken,
        AskError::UnknownPayment | AskError::AboveDailyLimit => CaseError::NothingToMove,
    })?;
    refunds::note_act(tx, by, &refund, now)?;
    note(tx, by, "refund case", case, reason.as_str(), now)?;
    Ok(refund)
}

fn note(tx: &mut Tx<'_>, by: &str, act: &str, case: &Case, reason: &str, now: i64) -> Result<(), StoreError> {
    let detail = if reason.is_empty() { case.kind.name().to_owned() } else { format!("{}: {reason}", case.kind) };
    acts::note(tx, by, act, &format!("case {}", case.id), &detail, now)
}

/// The first step of each decision. Of two operators, the second finds the case closed.
fn close(tx: &mut Tx<'_>, id: i64, outcome: &str, reason: &str, now: i64) -> Result<(), CaseError> {
    let closed = tx.execute(
        "UPDATE cases SET closed_at = ?1, outcome = ?2, reason = ?3 WHERE id = ?4 AND closed_at IS NULL",
        params![now, outcome, reason, id],
    )?;
    if closed == 1 { Ok(()) } else { Err(CaseError::NotOpen) }
}
