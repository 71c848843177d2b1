//! `storefront payout`: pays money out to a customer, from the same place as the back office.

use crate::{
    commands::{refund::sentence, refuse, say, warn_of},
    domain::{
        money::Money,
        text,
        transfers::{
            payout::{Account, FullName, NotPayable, PayoutAmount, PayoutOrder, Reference},
            progress::Progress,
        },
    },
    platform::Method,
    server::{platform::till::Till, store::PayoutError},
};
use std::process::ExitCode;

/// As typed.
pub struct PayoutArguments {
    pub customer: String,
    pub account: String,
    pub name: String,
    /// Minor units.
    pub amount: u64,
    pub reference: Option<String>,
}

/// The one method of this shop that pays out.
const METHOD: Method = Method::PayMaya;

/// Ends with 0 if the payout is under way or done, with 1 if it was declined, with 2 if it was not asked for.
pub async fn run(till: &Till, asked: PayoutArguments) -> ExitCode {
    let money = match Money::from_minor(asked.amount, METHOD.rules().currency) {
        Ok(money) => money,
        Err(error) => return refuse(error),
    };
    let customer_id = match text::id(&asked.customer) {
        Ok(id) => id.to_owned(),
        Err(hidden) => return refuse(format!("the customer's id {hidden}")),
    };
    let (reference, order) = match read(asked, customer_id, money) {
        Ok(read) => read,
        Err(error) => return refuse(error),
    };
    match till.pay_out(reference, &order).await {
        Ok(payout) => {
            let sentence = sentence(payout.progress, payout.code.as_deref());
            say!("{}  {}  {}: {sentence}", payout.payment_id, payout.amount, payout.progress.name());
            if payout.progress == Progress::Declined { ExitCode::FAILURE } else { ExitCode::SUCCESS }
        }
        Err(PayoutError::Store(error)) => {
            warn_of!("{error}");
            ExitCode::FAILURE
        }
        Err(error) => refuse(error),
    }
}

fn read(asked: PayoutArguments, customer_id: String, money: Money) -> Result<(Option<Reference>, PayoutOrder), NotPayable> {
    let order = PayoutOrder {
        account: Account::parse(&asked.account)?,
        full_name: FullName::parse(&asked.name)?,
        amount: PayoutAmount::new(money, METHOD)?,
        customer_id,
    };
    Ok((asked.reference.as_deref().map(Reference::parse).transpose()?, order))
}
