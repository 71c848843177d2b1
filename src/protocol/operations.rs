//! The operations of a status answer that still matter, each of which is read like its own callback.

use super::signed::json::Json;

/// One operation of a status answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed {
    index: usize,
    /// A successful sale that was refunded since: it still counts as paid, with its own sum, as the payment's may be 0 by now.
    pub stands_as_paid: bool,
}

impl Listed {
    /// The operation itself.
    pub fn of(self, object: &Json) -> Option<&Json> {
        all(object).get(self.index)
    }
}

/// The newest sale or payout, then every refund. Empty: there is no list of operations.
pub(super) fn listed(object: &Json) -> Vec<Listed> {
    let is_refunded =
        text(object.get("payment"), "status").is_some_and(|status| status.contains("refunded") || status.contains("reversed"));
    let is_refund = |operation: &Json| matches!(text(Some(operation), "type"), Some("refund" | "reversal"));
    let (refunds, others): (Vec<_>, Vec<_>) = all(object).iter().enumerate().partition(|(_, operation)| is_refund(operation));
    let newest = others.into_iter().max_by_key(|(_, operation)| number(operation));
    let told = |(index, operation): (usize, &Json)| {
        let [kind, status] = ["type", "status"].map(|name| text(Some(operation), name));
        Listed { index, stands_as_paid: is_refunded && kind == Some("sale") && status == Some("success") }
    };
    newest.into_iter().chain(refunds).map(told).collect()
}

/// Whether every operation of the payment is listed and understood: only then an operation that is not listed does not exist.
pub(super) fn are_all_clear(object: &Json) -> bool {
    let clear = |operation: &Json| {
        let [kind, status] = ["type", "status"].map(|name| text(Some(operation), name));
        let sum = operation.get("sum_initial");
        let has_sum = matches!(sum.and_then(|sum| sum.get("amount")), Some(Json::Integer(_))) && text(sum, "currency").is_some();
        match kind {
            Some("sale" | "payout") => status.is_some(),
            Some("refund" | "reversal") => status.is_some() && has_sum && number(operation) != 0,
            _ => false,
        }
    };
    !all(object).is_empty() && all(object).iter().all(clear)
}

fn all(object: &Json) -> &[Json] {
    match object.get("operations") {
        Some(Json::List(operations)) => operations,
        _ => &[],
    }
}

fn text<'a>(object: Option<&'a Json>, name: &str) -> Option<&'a str> {
    object?.get(name).and_then(Json::as_text)
}

/// The operation's id, by which a newer one is greater; 0: none that can be read.
fn number(operation: &Json) -> i64 {
    match operation.get("id") {
        Some(Json::Integer(id)) => *id,
        Some(Json::Text(id)) => id.parse().unwrap_or(0),
        _ => 0,
    }
}
