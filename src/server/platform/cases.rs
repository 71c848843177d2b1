//! Cases: what waits for a person, and the decisions, for the back office and the command line alike.

use std::sync::Arc;

use crate::{
    domain::{
        case::CaseKind,
        money::{Currency, Money},
        orders::order::Order,
        shop::product::Catalog,
    },
    protocol::{
        callback::{CallbackSum, DocumentRefused, VerifiedCallback},
        signed::signature::Key,
    },
    server::{
        platform::callbacks::statement::statement,
        running::chance,
        store::{Case, CaseError, Store, StoreError},
    },
};

/// Why a case was not decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The keys were changed since then.
    #[error("its callback does not verify any more: {0}")]
    Unverified(#[from] DocumentRefused),
}

impl From<StoreError> for DecideError {
    fn from(error: StoreError) -> Self {
        DecideError::Case(error.into())
    }
}

/// A case with what the platform told and what is stored, in words.
pub struct CaseFile {
    pub case: Case,
    /// A line each.
    pub told: Result<Vec<String>, DocumentRefused>,
    pub stored: String,
    pub order: Option<Order>,
}

/// Reads what belongs to a case.
pub async fn file(store: &Store, keys: &[Key], case: Case) -> Result<CaseFile, StoreError> {
    let told = verified(&case, keys).map(|all| all.iter().map(told).collect());
    let (stored, order) = match store.order_of_payment(&case.payment_id).await {
        Ok(Some(order)) => (format!("order {}, {}, {}", order.number, order.total, paid(&order)), Some(order)),
        Ok(None) => match store.payout(&case.payment_id).await? {
            Some(payout) => (format!("payout, {}, {}", payout.amount, payout.progress.name()), None),
            None => ("no such payment".to_owned(), None),
        },
        // An order that cannot be read is a case itself.
        Err(StoreError::Inconsistent(what)) => (StoreError::Inconsistent(what).to_string(), None),
        Err(error) => return Err(error),
    };
    Ok(CaseFile { case, told, stored, order })
}

/// Applies the callback of a case and closes the case. Returns the kinds of new cases.
pub async fn accept(
    store: &Store,
    keys: &[Key],
    catalog: &Arc<Catalog>,
    by: &str,
    id: i64,
    now: i64,
) -> Result<Vec<CaseKind>, DecideError> {
    let case = store.open_case(id).await?.ok_or(CaseError::NotOpen)?;
    let told = verified(&case, keys)?;
    let reports = told.iter().filter_map(|told| statement(told, now)).collect();
    Ok(store.accept_case(by, &case, reports, catalog, &chance::token(), now).await?)
}

/// Closes a case without moving anything.
pub async fn dismiss(store: &Store, by: &str, id: i64, reason: &str, now: i64) -> Result<(), DecideError> {
    let case = store.open_case(id).await?.ok_or(CaseError::NotOpen)?;
    Ok(store.dismiss_case(by, &case, reason, now).await?)
}

/// The callback that opened the case, verified again. Empty if no callback opened it.
fn verified(case: &Case, keys: &[Key]) -> Result<Vec<VerifiedCallback>, DocumentRefused> {
    case.callback.as_ref().map_or_else(|| Ok(Vec::new()), |(_, body)| VerifiedCallback::all(body, keys))
}

fn told(callback: &VerifiedCallback) -> String {
    let sum = |sum: Option<CallbackSum>| sum.map_or("no sum".to_owned(), in_words);
    let project = callback.project();
    let [kind, status, code] =
        [callback.operation_type(), callback.operation_status(), callback.operation_code()].map(|part| part.unwrap_or("-"));
    let doubt = callback.ambiguity().map(|doubt| format!("; {doubt}")).unwrap_or_default();
    format!(
        "payment {}, {}; operation {kind} {status} {code}, {}; {project}{doubt}",
        callback.payment_status().unwrap_or("without a status"),
        sum(callback.payment_sum()),
        sum(callback.operation_sum()),
    )
}

/// `12.50 EUR`; of a currency the shop does not know, minor units.
fn in_words(CallbackSum { amount, currency }: CallbackSum) -> String {
    let known = Currency::from_code(&currency).and_then(|currency| Money::from_minor(amount, currency).ok());
    known.map_or_else(|| format!("{amount} minor units of {currency}"), |money| format!("{} {currency}", money.major()))
}

fn paid(order: &Order) -> String {
    order.paid_by.as_ref().map_or("not paid".to_owned(), |payment_id| format!("paid by {payment_id}"))
}
