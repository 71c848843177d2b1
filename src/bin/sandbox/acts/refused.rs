//! Why the platform does not accept a request, through Gate or the Data API: its code and message of each reason.

use crate::{ledger::error::LedgerError, sandbox::ActError};
use storefront::protocol::signed::{document::DocumentRefused, json::JsonError};

named! {
    /// Codes and messages of the platform's list. Two careful readings: the codes of a value of the wrong kind or form (2003,
    /// 502), and that the Data API shares Gate's codes.
    #[derive(thiserror::Error)]
    pub enum RefusalCode {
        #[error("Body is not a JSON object")]
        NotJson = "2003",
        #[error("Required parameter is missing")]
        Missing = "2004",
        #[error("Parameter is of the wrong kind")]
        WrongKind = "2003",
        #[error("Parameter is malformed")]
        Malformed = "502",
        #[error("Token is missing or unknown")]
        UnknownToken = "303",
        #[error("Requests have to come from a server, not from a page in a browser")]
        NotAServer = "303",
        #[error("Signature is missing")]
        SignatureMissing = "3262",
        #[error("Signature is invalid")]
        SignatureWrong = "3261",
        #[error("Project not found")]
        UnknownProject = "2442",
        #[error("Payment id has to be a text of 1 to 255 characters")]
        PaymentIdUnfit = "3024",
        #[error("Customer id is missing")]
        CustomerIdMissing = "2154",
        #[error("Customer id has to be a text of 1 to 255 characters")]
        CustomerIdUnfit = "2124",
        #[error("Email address is invalid")]
        EmailUnfit = "2426",
        #[error("Account number has to have 11 digits and begin with 09")]
        AccountUnfit = "20102",
        #[error("Last name has to have 1 to 100 characters")]
        LastNameUnfit = "3191",
        #[error("Payment amount is missing")]
        AmountMissing = "3286",
        #[error("Payment currency is missing")]
        CurrencyMissing = "3287",
        #[error("Currency is unknown")]
        CurrencyUnknown = "3121",
        #[error("Currency is not enabled for this payment method")]
        CurrencyNotTaken = "3023",
        #[error("Amount is above the limit")]
        AmountOverLimit = "2642",
        #[error("Amount is below the limit")]
        AmountUnderLimit = "3358",
        #[error("Payment with this id already exists")]
        PaymentExists = "3041",
        #[error("Payment not found")]
        UnknownPayment = "3061",
        #[error("Operation is not allowed in the present status of the payment")]
        WrongStatus = "3060",
        #[error("Refund with this merchant_refund_id already exists")]
        RefundIdUsed = "3230",
        #[error("Refund currency differs from the payment currency")]
        OtherCurrency = "3284",
        #[error("The same operation is already in progress")]
        SameInProgress = "3613",
        #[error("Refunds are not available for this payment method")]
        NoRefunds = "3610",
        #[error("Nothing is at this address: the payment method or operation is unknown")]
        NothingHere = "2541",
        #[error("Requests have to be sent by POST")]
        OnlyPost = "2541",
        #[error("Internal error")]
        Internal = "501",
    }
}

/// A refusal; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("{0}")]
    Plain(#[from] RefusalCode),
    /// The code, and what it is about.
    #[error("{0}: {1}")]
    Detailed(RefusalCode, String),
    #[error("{}", RefusalCode::Internal)]
    Broken(#[from] ActError),
}

impl Refused {
    /// A parameter that did not come.
    pub fn missing(path: &str) -> Self {
        Self::Detailed(RefusalCode::Missing, path.to_owned())
    }

    /// A parameter with a JSON value of another kind.
    pub fn wrong_kind(path: &str, expected: &str) -> Self {
        Self::Detailed(RefusalCode::WrongKind, format!("{path} has to be {expected}"))
    }

    /// A parameter whose text or number cannot be used.
    pub fn malformed(path: &str, expected: &str) -> Self {
        Self::Detailed(RefusalCode::Malformed, format!("{path} has to be {expected}"))
    }

    pub fn code(&self) -> RefusalCode {
        match self {
            Refused::Plain(code) | Refused::Detailed(code, _) => *code,
            Refused::Broken(_) => RefusalCode::Internal,
        }
    }
}

impl From<LedgerError> for Refused {
    fn from(error: LedgerError) -> Self {
        Self::Broken(error.into())
    }
}

impl From<JsonError> for Refused {
    fn from(error: JsonError) -> Self {
        Self::Detailed(RefusalCode::NotJson, error.to_string())
    }
}

impl From<DocumentRefused> for Refused {
    fn from(refused: DocumentRefused) -> Self {
        match refused {
            DocumentRefused::Unreadable(reason) => reason.into(),
            DocumentRefused::SignatureMissing => RefusalCode::SignatureMissing.into(),
            _ => RefusalCode::SignatureWrong.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use storefront::platform::code::meaning;

    use super::*;

    #[test]
    fn every_refusal_has_a_sentence_for_the_merchant() {
        for code in RefusalCode::ALL {
            assert!(meaning(code.name()).is_some(), "{}", code.name());
        }
    }
}
