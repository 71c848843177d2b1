//! A callback about a payment that this shop does not know: another shop's on the same project, or a case.

use crate::{domain::case::CaseKind, server::store::told::journal::Recorded};

/// `prefix`: how this shop's payment ids begin. The platform compares them without case.
pub fn recorded(payment_id: &str, prefix: &str) -> Recorded {
    let is_ours = payment_id.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if is_ours { Recorded::Case(CaseKind::UnknownPayment) } else { Recorded::OfAnotherShop }
}
