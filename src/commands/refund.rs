//! `storefront refund`: gives money back, from the same place as the back office.

use crate::{
    commands::{refuse, say, warn_of},
    domain::{
        money::{Currency, Money},
        text,
        transfers::{
            payout::{NotPayable, Reference},
            progress::Progress,
            refund::{NotRefundable, Reason},
        },
    },
    platform::code::meaning,
    server::{
        platform::till::{RefundOrder, Till},
        store::AskError,
    },
};
use std::process::ExitCode;

/// As typed.
pub struct RefundArguments {
    pub payment_id: String,
    /// Minor units.
    pub amount: Option<u64>,
    pub currency: Option<String>,
    pub reason: String,
    pub name: Option<String>,
}

/// Ends with 0 if the refund is under way or done, with 1 if it was declined, with 2 if it was not asked for.
pub async fn run(till: &Till, asked: RefundArguments) -> ExitCode {
    let amount = match (asked.amount, asked.currency) {
        (None, None) => None,
        (Some(minor), Some(code)) => match Currency::from_code(&code).map(|currency| Money::from_minor(minor, currency)) {
            Some(Ok(amount)) => Some(amount),
            Some(Err(error)) => return refuse(error),
            None => return refuse(format!("{code} is no currency")),
        },
        _ => return refuse("amount and currency belong together; without both, all that is left is refunded"),
    };
    let reason = match Reason::parse(&asked.reason) {
        Ok(reason) => reason,
        Err(error) => return refuse(NotRefundable::from(error)),
    };
    let payment_id = match text::id(&asked.payment_id) {
        Ok(id) => id.to_owned(),
        Err(hidden) => return refuse(format!("the payment's id {hidden}")),
    };
    let name: Result<Option<Reference>, NotPayable> = asked.name.as_deref().map(Reference::parse).transpose();
    let name = match name {
        Ok(name) => name.map(|name| name.as_str().to_owned()),
        Err(error) => return refuse(error),
    };
    let order = RefundOrder { name, payment_id, amount, reason };
    match till.refund(order).await {
        Ok(refund) => {
            say!(
                "{}  {}  {}: {}",
                refund.id,
                refund.amount,
                refund.progress.name(),
                sentence(refund.progress, refund.code.as_deref())
            );
            if refund.progress == Progress::Declined { ExitCode::FAILURE } else { ExitCode::SUCCESS }
        }
        Err(AskError::Store(error)) => {
            warn_of!("{error}");
            ExitCode::FAILURE
        }
        Err(error) => refuse(error),
    }
}

/// What its progress means, or why it was declined.
pub fn sentence(progress: Progress, code: Option<&str>) -> String {
    match (progress, code) {
        (Progress::Declined, Some(code)) => format!("{} (code {code})", meaning(code).unwrap_or("The platform declined it.")),
        (progress, _) => progress.meaning().to_owned(),
    }
}
