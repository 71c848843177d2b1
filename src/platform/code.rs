//! The platform's codes that a merchant meets, each in a sentence. Source: its list of payment information codes.

/// Sorted by number, as the list is.
const MEANINGS: &[(&str, &str)] = &[
    ("0", "Done."),
    ("100", "The platform declined it without naming a reason."),
    ("301", "The customer cancelled."),
    ("303", "The platform denies access: the account or the address of this server may not do this."),
    ("309", "The provider is not available now."),
    ("310", "The provider is not available now."),
    ("314", "The provider is not available now."),
    ("402", "The platform's risk control stopped it."),
    ("501", "The platform reports a fault of its own."),
    ("502", "The platform could not make sense of a value that was sent."),
    ("504", "The merchant's balance does not cover it."),
    ("601", "The platform asks to try again later."),
    ("602", "The platform lost its connection to the provider."),
    ("603", "The platform declined it by a rule of its own."),
    ("702", "The platform could not read what was sent."),
    ("903", "A limit of the account is reached."),
    ("904", "A limit of the account is reached."),
    ("2003", "The platform could not read the request."),
    ("2004", "Something that the platform needs was not sent."),
    ("2124", "The platform does not accept this customer id."),
    ("2154", "The customer id is missing."),
    ("2426", "The e-mail address is not valid."),
    ("2442", "The platform knows no project of this number: check PROJECT_ID."),
    ("2541", "The payment method is not known, or not enabled for this project."),
    ("2606", "This customer has not paid by Coins.ph, GCash, GrabPay or PayMaya before, so nothing can be paid out to them."),
    ("2642", "The amount is above what is allowed."),
    ("3023", "The currency is not enabled for this payment method."),
    ("3024", "The platform does not accept this payment id."),
    ("3028", "The merchant's balance does not cover it."),
    ("3041", "A payment with this id exists already."),
    ("3060", "The payment's present state does not allow it."),
    ("3061", "The platform knows no payment of this id."),
    ("3107", "This customer cannot be paid out to."),
    ("3121", "The currency is not known."),
    ("3191", "The platform asks for more about the customer."),
    ("3230", "A refund of this name exists already."),
    ("3242", "The account is missing."),
    ("3261", "The signature is wrong: check PROJECT_SECRET."),
    ("3262", "The signature is missing."),
    ("3283", "The refund is larger than what is left of the payment."),
    ("3284", "The refund's currency is not that of the payment."),
    ("3285", "The refund was repeated too soon."),
    ("3286", "The amount is missing."),
    ("3287", "The currency is missing."),
    ("3288", "The payment is disputed."),
    ("3358", "The amount is below what is allowed."),
    ("3610", "This payment cannot be refunded by its method."),
    ("3613", "The same operation is already under way."),
    ("9999", "It is still being processed."),
    ("10000", "The card's bank declined it without naming a reason."),
    ("19999", "It is still being processed."),
    ("20000", "The wallet or bank declined it without naming a reason."),
    ("20100", "The wallet or bank declined it."),
    ("20101", "A limit of the customer's account, for the amount or the number of payments, is reached."),
    ("20102", "The account's details are wrong."),
    ("20105", "The account does not hold enough money."),
    ("20106", "A limit of the customer's account is reached."),
    ("20107", "A limit of the customer's account is reached."),
    ("20201", "The wallet or bank is not available now."),
    ("20202", "The wallet or bank is not available now."),
    ("20301", "The customer cancelled at the wallet or bank."),
    ("20303", "The customer cancelled at the wallet or bank."),
    ("20304", "The customer cancelled at the wallet or bank."),
    ("20602", "The time for it is over."),
    ("20706", "The wallet or bank does not support it."),
    ("29999", "It is still being processed."),
];

/// What a code says to a merchant. `None`: it is not on the list; show the code itself.
pub fn meaning(code: &str) -> Option<&'static str> {
    MEANINGS.iter().find(|(known, _)| *known == code).map(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_stands_once_and_in_order() {
        let numbers: Vec<u32> = MEANINGS.iter().map(|(code, _)| code.parse().unwrap()).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b));
        assert_eq!(meaning("3283"), Some("The refund is larger than what is left of the payment."));
        assert_eq!(meaning("77777"), None);
    }
}
