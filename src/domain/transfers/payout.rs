//! Paying out: to whom money may go, to which account, how much, and what became of each payout.

pub use super::payout_order::{Account, FullName, NotPayable, PayoutAmount, PayoutOrder, Reference};
use super::progress::{Outcome, Progress};
use crate::{
    domain::{
        case::CaseKind,
        money::Money,
        orders::order::{Attempt, Contradiction, Event, Order, StatedSum, Statement},
        text::folded,
    },
    platform::{Method, Standing},
};

/// Money paid out to a customer: a separate payment at the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    /// Its name at the platform and in the shop: the same name means the same payout.
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

/// The last IP address of the customer with these orders (newest first). Error: why this method may not pay out to them.
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
    /// A payout to a customer who paid by this method before. `orders` are all of that customer's, newest first.
    pub fn begin(payment_id: String, order: &PayoutOrder, orders: &[Order], now: i64) -> Result<Self, NotPayable> {
        let PayoutOrder { customer_id, account, full_name, amount } = order.clone();
        let method = amount.method();
        let ip_address = address_of(method, orders)?.to_owned();
        let (amount, progress) = (amount.money(), Progress::Stored);
        Ok(Self { payment_id, method, customer_id, ip_address, account, full_name, amount, progress, code: None, asked_at: now })
    }

    /// Whether this is the payout that was ordered, so that repeating the order makes no second one. Names are compared folded.
    pub fn is(&self, order: &PayoutOrder) -> bool {
        let name = |name: &FullName| folded(name.as_str());
        (&self.customer_id, &self.account, name(&self.full_name)) == (&order.customer_id, &order.account, name(&order.full_name))
            && (self.amount, self.method) == (order.amount.money(), order.amount.method())
    }

    /// The limit time (Unix seconds), by which the platform promises an end.
    pub fn limit(&self) -> i64 {
        self.asked_at.saturating_add(self.method.rules().gate.payout.as_ref().map_or(0, |payout| payout.limit_time_s))
    }

    /// The amount that moved: the reported one, else the one asked for.
    pub fn moved(&self, report: &Statement) -> Money {
        report.moved().unwrap_or(self.amount)
    }

    /// The progress after this report. A final status counts only if payment and operation agree on it and the sum matches.
    /// A fault is not final.
    pub fn hear(&self, report: &Statement) -> Result<Progress, Contradiction> {
        let differs = |(minor, currency): &StatedSum| {
            currency != self.amount.currency().code() || (*minor != self.amount.minor() && !report.sum_is_accepted)
        };
        if report.sums().any(differs) {
            return Err(Contradiction::WrongAmount);
        }
        let of_payment = Outcome::of_status(report.status.as_str());
        let outcome = match &report.event {
            Event::Payment(..) => of_payment,
            Event::Payout(payout, _) => match payout.outcome {
                Some(outcome) if outcome == of_payment => outcome,
                Some(outcome) if [outcome, of_payment].contains(&Outcome::UnderWay) => Outcome::UnderWay,
                None if of_payment == Outcome::UnderWay => Outcome::UnderWay,
                // They contradict each other.
                _ => return Err(Contradiction::Incomplete),
            },
            // Money may have come back.
            Event::Sale(..) | Event::Refund(..) | Event::Other(..) => return Err(Contradiction::Incomplete),
        };
        let came_back = report.status.standing() > Standing::Succeeded;
        let is_proved = report.sums().next().is_some();
        match came_back || (outcome == Outcome::Succeeded && !is_proved) {
            true => Err(Contradiction::Incomplete),
            false if outcome == Outcome::Declined && report.is_fault() => Ok(self.progress.after(Outcome::UnderWay)),
            false => Ok(self.progress.after(outcome)),
        }
    }

    /// The same report without the doubt that a person accepted.
    pub fn excuse(&self, doubt: CaseKind, report: Statement) -> Statement {
        match doubt {
            CaseKind::WrongAmount => report.with_its_sum_accepted(),
            CaseKind::Incomplete => report.completed_by_payout(self.amount),
            _ => report,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            money::Currency,
            orders::order::{Names, NextStep, StatedOperation},
            text::NotALine,
        },
        platform::PaymentStatus,
    };

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

    fn sum() -> Option<StatedSum> {
        Some((1000, "PHP".to_owned()))
    }

    fn told(status: &str) -> StatedOperation {
        StatedOperation { outcome: Some(Outcome::of_status(status)), is_fault: Outcome::is_fault(status), sum: sum() }
    }

    fn paid_out(status: &str) -> Event {
        Event::Payout(told(status), Names::default())
    }

    fn report(status: &str, event: Event) -> Statement {
        Statement {
            payment_id: "p1".to_owned(),
            status: PaymentStatus::new(status),
            at: 0,
            code: None,
            method: None,
            payment_sum: sum(),
            event,
            sum_is_accepted: false,
        }
    }

    #[test]
    fn an_account_has_eleven_digits_and_begins_with_09() {
        assert_eq!(Account::parse("\u{200B}09123456789\u{A0}").unwrap().as_str(), "09123456789");
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
        assert!(FullName::parse(&"e\u{301}".repeat(255)).is_ok());
        assert_eq!(FullName::parse("Jose\u{301}\u{202E}  Doe ").unwrap().as_str(), "José Doe");
        for (bad, why) in
            [("\u{200B} ", NotALine::Empty), ("a;b", NotALine::Forbidden(';')), (&*"é".repeat(256), NotALine::TooLong(255))]
        {
            assert_eq!(FullName::parse(bad), Err(why));
        }
        assert_eq!(Reference::parse("\u{FEFF}salaries 2026-11/7 ").unwrap().as_str(), "salaries 2026-11/7");
        let hidden = Reference::parse("a\u{200B}b").unwrap_err();
        assert_eq!(hidden.to_string(), "the reference holds an invisible character (U+200B) after the 1st character");
        for bad in ["", "a;b", "é", &"x".repeat(256)] {
            assert_eq!(Reference::parse(bad), Err(NotPayable::NoReference));
        }
    }

    #[test]
    fn a_final_word_counts_when_payment_and_operation_agree() {
        let hear = |report: Statement| payout(Progress::Pending).hear(&report);
        let of_payment = || Event::Payment(StatedOperation { sum: sum(), ..StatedOperation::default() }, NextStep::default());
        assert_eq!(hear(report("success", paid_out("success"))), Ok(Progress::Done));
        assert_eq!(hear(report("success", of_payment())), Ok(Progress::Done));
        assert_eq!(hear(report("decline", paid_out("decline"))), Ok(Progress::Declined));
        for (payment, operation) in [("processing", "success"), ("success", "processing"), ("partially paid out", "success")] {
            assert_eq!(hear(report(payment, paid_out(operation))), Ok(Progress::Pending));
        }
        let no_sum = Event::Payout(StatedOperation { sum: None, ..told("success") }, Names::default());
        for odd in [
            report("success", paid_out("decline")),
            report("decline", paid_out("success")),
            report("success", Event::Sale(told("success"), NextStep::default())),
            report("success", Event::Other(told("success"), NextStep::default())),
            report("reversed", of_payment()),
            Statement { payment_sum: None, ..report("success", no_sum) },
        ] {
            assert_eq!(hear(odd.clone()), Err(Contradiction::Incomplete), "{odd:?}");
        }
        for sum in [(999, "PHP".to_owned()), (1000, "EUR".to_owned())] {
            let other = Event::Payout(StatedOperation { sum: Some(sum), ..told("success") }, Names::default());
            assert_eq!(hear(report("success", other)), Err(Contradiction::WrongAmount));
        }
        for fault in ["error", "internal error", "external error"] {
            assert_eq!(hear(report(fault, paid_out(fault))), Ok(Progress::Pending), "{fault}");
        }
        assert_eq!(payout(Progress::Done).hear(&report("decline", paid_out("decline"))), Ok(Progress::Done));
        assert_eq!(payout(Progress::Declined).hear(&report("success", paid_out("success"))), Ok(Progress::Done));
    }
}
