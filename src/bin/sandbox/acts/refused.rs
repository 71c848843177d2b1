//! Why the platform does not accept a request, through Gate or the Data API: its code and message of each reason.

use crate::{ledger::error::LedgerError, sandbox::ActError};
use storefront::protocol::signed::{document::DocumentRefused, json::JsonError};

/// A refusal; nothing was written. Codes are those of the platform's list. Two careful readings: the codes of a value of
/// the wrong kind or form (2003, 502), and that the Data API shares Gate's codes.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("Body is not a JSON object: {0}")]
    NotJson(#[from] JsonError),
    #[error("Required parameter is missing: {0}")]
    Missing(&'static str),
    #[error("Parameter {0} has to be {1}")]
    WrongKind(&'static str, &'static str),
    #[error("Parameter {0} has to be {1}")]
    Malformed(&'static str, &'static str),
    #[error("Token is missing or unknown")]
    UnknownToken,
    #[error("Requests have to come from a server, not from a page in a browser")]
    NotAServer,
    #[error("Signature is missing")]
    SignatureMissing,
    #[error("Signature is invalid")]
    SignatureWrong,
    #[error("Project not found")]
    UnknownProject,
    #[error("Payment id has to be a text of 1 to 255 characters")]
    PaymentIdUnfit,
    #[error("Customer id is missing")]
    CustomerIdMissing,
    #[error("Customer id has to be a text of 1 to 255 characters")]
    CustomerIdUnfit,
    #[error("Email address is invalid")]
    EmailUnfit,
    #[error("Account number has to have 11 digits and begin with 09")]
    AccountUnfit,
    #[error("Last name has to have 1 to 100 characters")]
    LastNameUnfit,
    #[error("Payment amount is missing")]
    AmountMissing,
    #[error("Payment currency is missing")]
    CurrencyMissing,
    #[error("Currency is unknown")]
    CurrencyUnknown,
    #[error("Currency is not enabled for this payment method")]
    CurrencyNotTaken,
    #[error("Amount is above the limit")]
    AmountOverLimit,
    #[error("Amount is below the limit")]
    AmountUnderLimit,
    #[error("Payment with this id already exists")]
    PaymentExists,
    #[error("Payment not found")]
    UnknownPayment,
    #[error("Operation is not allowed in the present status of the payment")]
    WrongStatus,
    #[error("Refund with this merchant_refund_id already exists")]
    RefundIdUsed,
    #[error("Refund currency differs from the payment currency")]
    OtherCurrency,
    #[error("The same operation is already in progress")]
    SameInProgress,
    #[error("Refunds are not available for this payment method")]
    NoRefunds,
    #[error("Nothing is at this address: the payment method or operation is unknown")]
    NothingHere,
    #[error("Requests have to be sent by POST")]
    OnlyPost,
    #[error("Internal error")]
    Broken(#[from] ActError),
}

impl From<LedgerError> for Refused {
    fn from(error: LedgerError) -> Self {
        Self::Broken(error.into())
    }
}

impl From<DocumentRefused> for Refused {
    fn from(refused: DocumentRefused) -> Self {
        match refused {
            DocumentRefused::Unreadable(reason) => Self::NotJson(reason),
            DocumentRefused::SignatureMissing => Self::SignatureMissing,
            _ => Self::SignatureWrong,
        }
    }
}

impl Refused {
    /// The platform's code, a text on the wire.
    pub fn code(&self) -> &'static str {
        match self {
            Refused::NotJson(_) | Refused::WrongKind(..) => "2003",
            Refused::Missing(_) => "2004",
            Refused::Malformed(..) => "502",
            Refused::UnknownToken | Refused::NotAServer => "303",
            Refused::SignatureMissing => "3262",
            Refused::SignatureWrong => "3261",
            Refused::UnknownProject => "2442",
            Refused::PaymentIdUnfit => "3024",
            Refused::CustomerIdMissing => "2154",
            Refused::CustomerIdUnfit => "2124",
            Refused::EmailUnfit => "2426",
            Refused::AccountUnfit => "20102",
            Refused::LastNameUnfit => "3191",
            Refused::AmountMissing => "3286",
            Refused::CurrencyMissing => "3287",
            Refused::CurrencyUnknown => "3121",
            Refused::CurrencyNotTaken => "3023",
            Refused::AmountOverLimit => "2642",
            Refused::AmountUnderLimit => "3358",
            Refused::PaymentExists => "3041",
            Refused::UnknownPayment => "3061",
            Refused::WrongStatus => "3060",
            Refused::RefundIdUsed => "3230",
            Refused::OtherCurrency => "3284",
            Refused::SameInProgress => "3613",
            Refused::NoRefunds => "3610",
            Refused::NothingHere | Refused::OnlyPost => "2541",
            Refused::Broken(_) => "501",
        }
    }
}

#[cfg(test)]
mod tests {
    use storefront::platform::code::meaning;

    use super::*;

    #[test]
    fn every_refusal_has_a_sentence_for_the_merchant() {
        use Refused::*;
        for refused in [
            NotJson(JsonError::NotJson),
            Missing("a"),
            WrongKind("a", "b"),
            Malformed("a", "b"),
            UnknownToken,
            NotAServer,
            SignatureMissing,
            SignatureWrong,
            UnknownProject,
            PaymentIdUnfit,
            CustomerIdMissing,
            CustomerIdUnfit,
            EmailUnfit,
            AccountUnfit,
            LastNameUnfit,
            AmountMissing,
            CurrencyMissing,
            CurrencyUnknown,
            CurrencyNotTaken,
            AmountOverLimit,
            AmountUnderLimit,
            PaymentExists,
            UnknownPayment,
            WrongStatus,
            RefundIdUsed,
            OtherCurrency,
            SameInProgress,
            NoRefunds,
            NothingHere,
            OnlyPost,
            Broken(ActError::Ledger(LedgerError::OtherVersion)),
        ] {
            assert!(meaning(refused.code()).is_some(), "{}", refused.code());
        }
    }
}
