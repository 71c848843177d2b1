//! `storefront refund`: gives money back, from the same place as the back office.

use crate::{
    commands::{failed, refuse, told_transfer},
    domain::{
        money::{Currency, Money},
        text,
        transfers::{
            payout::Reference,
            refund::{NotRefundable, Reason},
        },
    },
    server::{
        platform::till::{RefundOrder, Till},
        store::AskError,
    },
};
use std::process::ExitCode;

/// As typed.
#[derive(clap::Args)]
pub struct RefundArguments {
    payment_id: String,
    /// Minor units of the currency: 1250 is 12.50 EUR
    #[arg(long)]
    amount: Option<u64>,
    /// Such as EUR
    #[arg(long)]
    currency: Option<String>,
    /// What the customer is told
    #[arg(long)]
    reason: String,
    /// Its own name: said again, it is the same refund
    #[arg(long)]
    name: Option<String>,
}

/// Ends with 0 if the refund is under way or done, with 1 if it was declined, with 2 if it was not asked for.
pub async fn run(till: &Till, asked: RefundArguments) -> ExitCode {
    let order = match read(&asked) {
        Ok(order) => order,
        Err(why) => return refuse(why),
    };
    match till.refund(order).await {
        Ok(refund) => told_transfer(&refund.id, refund.amount, refund.progress, refund.code.as_deref()),
        Err(AskError::Store(error)) => failed(&error),
        Err(error) => refuse(error),
    }
}

fn read(asked: &RefundArguments) -> Result<RefundOrder, String> {
    let amount = match (asked.amount, asked.currency.as_deref()) {
        (None, None) => None,
        (Some(minor), Some(code)) => {
            let currency = Currency::from_code(code).ok_or_else(|| format!("{code} is no currency"))?;
            Some(Money::from_minor(minor, currency).map_err(|error| error.to_string())?)
        }
        _ => return Err("amount and currency belong together; without both, all that is left is refunded".to_owned()),
    };
    let reason = Reason::parse(&asked.reason).map_err(|error| NotRefundable::from(error).to_string())?;
    let payment_id = text::id(&asked.payment_id).map_err(|hidden| format!("the payment's id {hidden}"))?.to_owned();
    let name = asked.name.as_deref().map(Reference::parse).transpose().map_err(|error| error.to_string())?;
    Ok(RefundOrder { name: name.map(|name| name.as_str().to_owned()), payment_id, amount, reason })
}
