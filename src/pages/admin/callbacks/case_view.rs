//! What the page shows of a case, and what is told where a decision was not taken.

use crate::{
    domain::{case::CaseKind, money::Money},
    pages::admin::orders::refund_form::{RefundProblem, TypedRefund},
};

/// A case with all that a decision needs.
#[derive(Debug, Clone)]
pub struct CaseView {
    pub id: i64,
    pub kind: CaseKind,
    pub payment_id: String,
    pub opened_at: i64,
    /// The order of its payment, if there is one.
    pub order_number: Option<String>,
    /// What the callback says, a line each. Error: why it does not verify any more.
    pub told: Result<Vec<String>, String>,
    pub stored: String,
    pub body: Vec<u8>,
    /// What of its payment can be refunded, where that is a possible decision; with the name of the form.
    pub refundable: Option<(Money, String)>,
}

/// Why a decision was not taken, and what was typed.
#[derive(Debug, Clone)]
pub enum CaseProblem {
    NotDone(String),
    /// What is wrong with what confirms it.
    Acceptance(String),
    Dismissal(DismissalProblem),
    Refund(TypedRefund, RefundProblem),
    /// Of several that were to be ignored at once.
    Several(SeveralProblem),
}

/// The reason that was typed, and what is wrong with it or with what confirms it.
#[derive(Debug, Clone, Default)]
pub struct DismissalProblem {
    pub typed: String,
    pub reason: Option<String>,
    pub confirmation: Option<String>,
}

/// Several cases as they were typed, and what is wrong with them.
#[derive(Debug, Clone, Default)]
pub struct SeveralProblem {
    pub typed: String,
    pub cases: Option<String>,
    pub dismissal: DismissalProblem,
}
