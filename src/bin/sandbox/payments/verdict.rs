//! The outcomes of payments and operations: the platform's status, code and message of each.
//!
//! Codes and messages are those of the platform's code list. Careful readings: which code goes with a cancelled
//! or overdue payment, and with the steps in between, no sample shows.

use storefront::platform::Method;

/// A state of a payment and its operation, in the platform's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Of the operation, and of its payment unless it may be tried again.
    pub status: &'static str,
    pub code: &'static str,
    pub message: &'static str,
}

/// Status of an operation, and of a payment, that was not paid.
pub const DECLINE: &str = "decline";
pub const PROCESSING: Verdict = Verdict { status: "processing", code: "9999", message: "Awaiting processing" };
pub const AWAITING_REDIRECT: Verdict =
    Verdict { status: "awaiting redirect result", code: "29999", message: "Awaiting processing" };
pub const AWAITING_CLARIFICATION: Verdict =
    Verdict { status: "awaiting clarification", code: "29999", message: "Awaiting processing" };
pub const SUCCESS: Verdict = Verdict { status: "success", code: "0", message: "Success" };
pub const GENERAL_DECLINE: Verdict = Verdict { status: DECLINE, code: "20000", message: "General decline" };
pub const LIMIT_BROKEN: Verdict = Verdict { status: DECLINE, code: "20101", message: "Decline due to amount or frequency limit" };
pub const CANCELLED: Verdict = Verdict { status: DECLINE, code: "20301", message: "Account owner cancelled operation" };
pub const TIMED_OUT: Verdict = Verdict { status: DECLINE, code: "20602", message: "Time-out" };
pub const REFUND_ABOVE_PAID: Verdict = Verdict { status: DECLINE, code: "3283", message: "Refund amount more than init amount" };
pub const NO_EARLIER_PURCHASE: Verdict =
    Verdict { status: DECLINE, code: "2606", message: "Payout is not allowed without an earlier purchase of the customer" };

/// Status of a payment that gave money back.
pub const REFUNDED: &str = "refunded";
pub const PARTIALLY_REFUNDED: &str = "partially refunded";

/// Status of a payment between a declined try and the next one.
pub const AWAITING_CUSTOMER: &str = "awaiting customer";

named! {
    /// What the customer presses on the provider's page: the button's value in the form.
    pub enum Decision {
        Approve = "approve",
        Decline = "decline",
        Cancel = "cancel",
    }
}

impl Decision {
    /// The text of its button.
    pub const fn label(self) -> &'static str {
        match self {
            Decision::Approve => "Approve",
            Decision::Decline => "Decline",
            Decision::Cancel => "Cancel",
        }
    }

    /// The outcome for an amount in minor units. An amount outside the method's limits is declined, approved or not.
    pub fn verdict(self, method: Method, amount: u64) -> Verdict {
        let rules = method.rules();
        let within_limits = amount >= rules.minimum && rules.maximum.is_none_or(|maximum| amount <= maximum);
        match self {
            Decision::Cancel => CANCELLED,
            _ if !within_limits => LIMIT_BROKEN,
            Decision::Approve => SUCCESS,
            Decision::Decline => GENERAL_DECLINE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_a_sentence_for_the_merchant() {
        let outcomes = [
            PROCESSING,
            AWAITING_REDIRECT,
            AWAITING_CLARIFICATION,
            SUCCESS,
            GENERAL_DECLINE,
            LIMIT_BROKEN,
            CANCELLED,
            TIMED_OUT,
            REFUND_ABOVE_PAID,
            NO_EARLIER_PURCHASE,
        ];
        for verdict in outcomes {
            assert!(storefront::platform::code::meaning(verdict.code).is_some(), "{}", verdict.code);
        }
    }

    #[test]
    fn limits_are_the_last_amounts_that_succeed() {
        for (method, amount, expected) in [
            (Method::PayMaya, 1_999, LIMIT_BROKEN),
            (Method::PayMaya, 2_000, SUCCESS),
            (Method::PayMaya, 1_500_000, SUCCESS),
            (Method::PayMaya, 1_500_001, LIMIT_BROKEN),
            (Method::Bancontact, 99, LIMIT_BROKEN),
            (Method::Bancontact, 100, SUCCESS),
            (Method::Payco, 1, SUCCESS),
        ] {
            assert_eq!(Decision::Approve.verdict(method, amount), expected, "{method:?} {amount}");
        }
    }

    #[test]
    fn a_cancelled_payment_says_so_whatever_its_amount() {
        assert_eq!(Decision::Cancel.verdict(Method::PayMaya, 1), CANCELLED);
        assert_eq!(Decision::Decline.verdict(Method::PayMaya, 1), LIMIT_BROKEN);
        assert_eq!(Decision::Decline.verdict(Method::PayMaya, 2_000), GENERAL_DECLINE);
    }
}
