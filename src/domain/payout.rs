//! Paying out: to whom money may go, to which account, how much, and what became of each payout.

use std::fmt;

use super::{
    case::CaseKind,
    customer::sendable,
    money::{Currency, Money},
    order::{Attempt, Contradiction, Operation, Order, Report, Sum},
    progress::{Progress, Word},
};
use crate::platform::{Method, Standing};

/// Money on its way to a customer: a payment of its own at the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    /// Its name at the platform and here: said again, it is the same payout.
    pub payment_id: String,
    pub method: Method,
    pub customer_id: String,
    pub ip_address: String,
    pub account: Account,
    pub full_name: FullName,
    pub amount: Money,
    pub progress: Progress,
    /// The platform's code, once it gave one.
    pub code: Option<String>,
    /// Unix seconds.
    pub asked_at: i64,
}

/// A payout somebody wants. Whether this customer may get it is asked when it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutOrder {
    pub customer_id: String,
    pub account: Account,
    pub full_name: FullName,
    pub amount: PayoutAmount,
}

/// 11 digits that begin with 09.
#[derive(Clone, PartialEq, Eq)]
pub struct Account(String);

/// The account owner's name, 1 to 255 characters that may be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct FullName(String);

/// A sum that its method pays out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayoutAmount {
    money: Money,
    method: Method,
}

/// The name of a payout: 1 to 255 ASCII characters, because the platform compares them without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference(String);

/// Why nothing is paid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPayable {
    #[error("{0} has no payouts")]
    NoPayouts(&'static str),
    #[error("an account has 11 digits and begins with 09")]
    NoAccount,
    #[error("a full name has 1 to 255 characters, no semicolon and nothing invisible")]
    NoName,
    #[error("a reference has 1 to 255 letters, digits and signs of ASCII, no semicolon")]
    NoReference,
    #[error("a payout is of {0} to {1}")]
    OutsideLimits(Money, Money),
    #[error("it pays out in {}", .0.code())]
    OtherCurrency(Currency),
    #[error("the shop knows no customer of this id")]
    UnknownCustomer,
    #[error("this customer has paid nothing by {0}; the platform pays out only to those who have")]
    NoPurchase(&'static str),
    #[error("the customer's address is not known; pay out in the platform's Dashboard")]
    NoAddress,
}

impl Account {
    pub fn parse(text: &str) -> Result<Self, NotPayable> {
        let text = text.trim();
        let fits = text.len() == 11 && text.starts_with("09") && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { Ok(Self(text.to_owned())) } else { Err(NotPayable::NoAccount) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FullName {
    /// Counts characters, not bytes.
    pub fn parse(text: &str) -> Result<Self, NotPayable> {
        let text = sendable(text).map_err(|_| NotPayable::NoName)?;
        if text.chars().count() > 255 { Err(NotPayable::NoName) } else { Ok(Self(text.to_owned())) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PayoutAmount {
    pub fn new(money: Money, method: Method) -> Result<Self, NotPayable> {
        let rules = method.rules();
        let payout = rules.gate.payout.as_ref().ok_or(NotPayable::NoPayouts(rules.name))?;
        if money.currency() != rules.currency {
            return Err(NotPayable::OtherCurrency(rules.currency));
        }
        if (payout.minimum..=payout.maximum).contains(&money.minor()) {
            return Ok(Self { money, method });
        }
        let limit = |minor| Money::from_minor(minor, rules.currency).unwrap_or(money);
        Err(NotPayable::OutsideLimits(limit(payout.minimum), limit(payout.maximum)))
    }

    pub fn money(self) -> Money {
        self.money
    }

    pub fn method(self) -> Method {
        self.method
    }
}

impl Reference {
    pub fn parse(text: &str) -> Result<Self, NotPayable> {
        let text = sendable(text).map_err(|_| NotPayable::NoReference)?;
        if text.is_ascii() && text.len() <= 255 { Ok(Self(text.to_owned())) } else { Err(NotPayable::NoReference) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether customers with these orders, newest first, may be paid out to by this method, and the address they had last.
pub fn address_of(method: Method, orders: &[Order]) -> Result<&str, NotPayable> {
    let paid_so =
        |attempt: &Attempt| attempt.standing() >= Standing::Succeeded && attempt.paid_with.or(attempt.method) == Some(method);
    if orders.is_empty() {
        return Err(NotPayable::UnknownCustomer);
    }
    if !orders.iter().flat_map(|order| &order.attempts).any(paid_so) {
        return Err(NotPayable::NoPurchase(method.rules().name));
    }
    orders.iter().find_map(|order| order.ip_address.as_deref()).ok_or(NotPayable::NoAddress)
}

impl Payout {
    /// Only for a customer who paid by this method before. `orders` are all of that customer, newest first.
    pub fn begin(payment_id: String, order: &PayoutOrder, orders: &[Order], now: i64) -> Result<Self, NotPayable> {
        let PayoutOrder { customer_id, account, full_name, amount } = order.clone();
        let method = amount.method;
        let ip_address = address_of(method, orders)?.to_owned();
        let (amount, progress) = (amount.money, Progress::Stored);
        Ok(Self { payment_id, method, customer_id, ip_address, account, full_name, amount, progress, code: None, asked_at: now })
    }

    /// Whether this is what was asked for, so that asking again asks for nothing more.
    pub fn is(&self, order: &PayoutOrder) -> bool {
        (&self.customer_id, &self.account, &self.full_name) == (&order.customer_id, &order.account, &order.full_name)
            && (self.amount, self.method) == (order.amount.money, order.amount.method)
    }

    /// By when (Unix seconds) the platform promises an end.
    pub fn limit(&self) -> i64 {
        self.asked_at.saturating_add(self.method.rules().gate.payout.as_ref().map_or(0, |payout| payout.limit_time_s))
    }

    /// What has moved by it, as told; what was asked for where no sum is told.
    pub fn moved(&self, report: &Report) -> Money {
        let told = report.operation_sum.as_ref().or(report.payment_sum.as_ref());
        told.and_then(|(minor, _)| Money::from_minor(*minor, self.amount.currency()).ok()).unwrap_or(self.amount)
    }

    /// How far it is after this report. A final word counts if payment and operation agree on it, and the sum is ours.
    pub fn hear(&self, report: &Report) -> Result<Progress, Contradiction> {
        let ours = self.sum();
        let differs = |sum: &Sum| sum.1 != ours.1 || (sum.0 != ours.0 && !report.sum_is_accepted);
        let mut sums = [&report.payment_sum, &report.operation_sum].into_iter().flatten().peekable();
        let proved = sums.peek().is_some();
        if sums.any(differs) {
            return Err(Contradiction::WrongAmount);
        }
        let of_payment = Word::of_status(report.status.as_str());
        let of_operation = report.told.as_ref().and_then(|told| told.status.as_deref()).map(Word::of_status);
        let word = match (report.operation, of_operation) {
            (None, _) => of_payment,
            (Some(Operation::Payout), Some(word)) if word == of_payment => word,
            (Some(Operation::Payout), Some(word)) if [word, of_payment].contains(&Word::UnderWay) => Word::UnderWay,
            (Some(Operation::Payout), None) if of_payment == Word::UnderWay => Word::UnderWay,
            // They contradict each other, or money may have come back.
            _ => return Err(Contradiction::Incomplete),
        };
        let came_back = report.status.standing() > Standing::Succeeded;
        match came_back || (word == Word::Succeeded && !proved) {
            true => Err(Contradiction::Incomplete),
            false => Ok(self.progress.after(word)),
        }
    }

    /// The same report without the doubt for which a person took responsibility.
    pub fn excuse(&self, doubt: CaseKind, report: Report) -> Report {
        let ours = Some(self.sum());
        match doubt {
            CaseKind::WrongAmount => Report { sum_is_accepted: true, ..report },
            CaseKind::Incomplete => {
                let operation = report.operation.filter(|operation| *operation == Operation::Payout);
                Report { payment_sum: report.payment_sum.or(ours), operation, ..report }
            }
            _ => report,
        }
    }

    fn sum(&self) -> Sum {
        (self.amount.minor(), self.amount.currency().code().to_owned())
    }
}

/// Personal data never reaches a log by accident.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Account([redacted])")
    }
}

impl fmt::Debug for FullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FullName([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::order::OperationWord, platform::PaymentStatus};

    fn pesos(minor: u64) -> Money {
        Money::from_minor(minor, Currency::PHP).unwrap()
    }

    fn payout(progress: Progress) -> Payout {
        Payout {
            payment_id: "p1".to_owned(),
            method: Method::PayMaya,
            customer_id: "c1".to_owned(),
            ip_address: "192.0.2.1".to_owned(),
            account: Account::parse("09123456789").unwrap(),
            full_name: FullName::parse("John Doe").unwrap(),
            amount: pesos(1000),
            progress,
            code: None,
            asked_at: 0,
        }
    }

    fn report(status: &str, operation: Option<(Operation, &str)>) -> Report {
        let sum = Some((1000, "PHP".to_owned()));
        Report {
            payment_id: "p1".to_owned(),
            status: PaymentStatus::new(status),
            at: 0,
            code: None,
            retry_until: None,
            handover: None,
            asks_last_name: false,
            operation: operation.map(|(kind, _)| kind),
            operation_succeeded: operation.map(|(_, status)| status == "success"),
            told: operation.map(|(_, status)| OperationWord { status: Some(status.to_owned()), ..OperationWord::default() }),
            method: None,
            payment_sum: sum.clone(),
            operation_sum: sum,
            sum_is_accepted: false,
        }
    }

    #[test]
    fn an_account_has_eleven_digits_and_begins_with_09() {
        assert_eq!(Account::parse(" 09123456789 ").unwrap().as_str(), "09123456789");
        for bad in ["", "0912345678", "091234567890", "19123456789", "0912345678x", "+9123456789", "٠٩١٢٣", "09 12345678"] {
            assert_eq!(Account::parse(bad), Err(NotPayable::NoAccount), "{bad}");
        }
    }

    #[test]
    fn an_amount_is_within_what_the_method_pays_out() {
        for good in [100, 2_000_000] {
            assert_eq!(PayoutAmount::new(pesos(good), Method::PayMaya).unwrap().money().minor(), good);
        }
        for bad in [0, 99, 2_000_001] {
            let refused = PayoutAmount::new(pesos(bad), Method::PayMaya).unwrap_err();
            assert_eq!(refused.to_string(), "a payout is of 1.00 PHP to 20000.00 PHP");
        }
        let euro = Money::from_minor(1000, Currency::EUR).unwrap();
        assert_eq!(PayoutAmount::new(euro, Method::PayMaya), Err(NotPayable::OtherCurrency(Currency::PHP)));
        assert_eq!(PayoutAmount::new(euro, Method::Bancontact), Err(NotPayable::NoPayouts("Bancontact")));
    }

    #[test]
    fn names_can_be_signed_and_compared() {
        assert!(FullName::parse(&"é".repeat(255)).is_ok());
        for bad in ["", "  ", "a;b", "a\u{202E}", &"é".repeat(256)] {
            assert_eq!(FullName::parse(bad), Err(NotPayable::NoName));
        }
        assert!(Reference::parse("salaries 2026-11/7").is_ok());
        for bad in ["", "a;b", "é", &"x".repeat(256)] {
            assert_eq!(Reference::parse(bad), Err(NotPayable::NoReference));
        }
    }

    #[test]
    fn a_final_word_counts_when_payment_and_operation_agree() {
        use Operation::{Other, Payout as Out};
        let hear = |report: Report| payout(Progress::Pending).hear(&report);
        assert_eq!(hear(report("success", Some((Out, "success")))), Ok(Progress::Done));
        assert_eq!(hear(report("success", None)), Ok(Progress::Done));
        assert_eq!(hear(report("decline", Some((Out, "decline")))), Ok(Progress::Declined));
        for (payment, operation) in [("processing", "success"), ("success", "processing"), ("partially paid out", "success")] {
            assert_eq!(hear(report(payment, Some((Out, operation)))), Ok(Progress::Pending));
        }
        for odd in [
            report("success", Some((Out, "decline"))),
            report("decline", Some((Out, "success"))),
            report("success", Some((Operation::Sale, "success"))),
            report("success", Some((Other, "success"))),
            report("reversed", None),
            Report { payment_sum: None, operation_sum: None, ..report("success", Some((Out, "success"))) },
        ] {
            assert_eq!(hear(odd.clone()), Err(Contradiction::Incomplete), "{odd:?}");
        }
        for sum in [(999, "PHP".to_owned()), (1000, "EUR".to_owned())] {
            let other = Report { operation_sum: Some(sum), ..report("success", Some((Out, "success"))) };
            assert_eq!(hear(other), Err(Contradiction::WrongAmount));
        }
        assert_eq!(payout(Progress::Done).hear(&report("decline", Some((Out, "decline")))), Ok(Progress::Done));
        assert_eq!(payout(Progress::Declined).hear(&report("success", Some((Out, "success")))), Ok(Progress::Done));
    }
}
