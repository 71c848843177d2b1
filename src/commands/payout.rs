//! `storefront payout`: pays money out to a customer, from the same place as the back office.

use crate::{
    commands::{failed, refuse, told_transfer},
    domain::{
        money::Money,
        text,
        transfers::payout::{Account, FullName, NotPayable, PayoutAmount, PayoutOrder, Reference},
    },
    platform::Method,
    server::{platform::till::Till, store::PayoutError},
};
use std::process::ExitCode;

/// As typed.
#[derive(clap::Args)]
pub struct PayoutArguments {
    /// The customer's id at the platform: `customer_id` of their payments
    #[arg(long, allow_hyphen_values = true)]
    customer: String,
    /// 11 digits that begin with 09
    #[arg(long)]
    account: String,
    /// The account owner's full name
    #[arg(long)]
    name: String,
    /// Minor units of PHP: 10000 is 100.00 PHP
    #[arg(long)]
    amount: u64,
    /// Its own name and payment id: said again, it is the same payout
    #[arg(long, allow_hyphen_values = true)]
    reference: Option<String>,
}

/// The one method of this shop that pays out.
const METHOD: Method = Method::PayMaya;

/// Ends with 0 if the payout is under way or done, with 1 if it was declined, with 2 if it was not asked for.
pub async fn run(till: &Till, asked: PayoutArguments) -> ExitCode {
    let (reference, order) = match read(&asked) {
        Ok(read) => read,
        Err(why) => return refuse(why),
    };
    match till.pay_out(reference, &order).await {
        Ok(payout) => told_transfer(&payout.payment_id, payout.amount, payout.progress, payout.code.as_deref()),
        Err(PayoutError::Store(error)) => failed(&error),
        Err(error) => refuse(error),
    }
}

fn read(asked: &PayoutArguments) -> Result<(Option<Reference>, PayoutOrder), String> {
    let money = Money::from_minor(asked.amount, METHOD.rules().currency).map_err(|error| error.to_string())?;
    let customer_id = text::id(&asked.customer).map_err(|hidden| format!("the customer's id {hidden}"))?.to_owned();
    let order = || -> Result<_, NotPayable> {
        let order = PayoutOrder {
            account: Account::parse(&asked.account)?,
            full_name: FullName::parse(&asked.name)?,
            amount: PayoutAmount::new(money, METHOD)?,
            customer_id,
        };
        Ok((asked.reference.as_deref().map(Reference::parse).transpose()?, order))
    };
    order().map_err(|why| why.to_string())
}
