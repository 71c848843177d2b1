//! Files of refunds and payouts, as operators upload them.

use crate::kit::Purchase;

/// Refunds of parts: payment, amount, currency and why.
pub fn refunds(rows: &[(&Purchase, u64, &str)]) -> String {
    let head = "general.payment_id,payment.amount,payment.currency,payment.description\n".to_owned();
    let line = |(purchase, amount, why): &(&Purchase, u64, &str)| {
        format!("{},{amount},{},{why}\n", purchase.payment_id(), purchase.currency())
    };
    head + &rows.iter().map(line).collect::<String>()
}

/// Payouts to a customer: amount and name.
pub fn payouts(purchase: &Purchase, rows: &[(u64, &str)]) -> String {
    let head = "customer.id;payment.amount;payment.currency;account.number;account.customer_name\n".to_owned();
    let line = |(amount, name): &(u64, &str)| format!("{};{amount};PHP;09123456789;{name}\n", purchase.parameter("customer_id"));
    head + &rows.iter().map(line).collect::<String>()
}
