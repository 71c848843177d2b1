//! The shop's books: double entry in each currency, and whether they agree with orders, refunds and payouts.
//!
//! | posting | adds to | takes from | posted when |
//! |---|---|---|---|
//! | sale | `platform` | `sales` | an attempt took the customer's money, even if the order was paid before |
//! | refund | `refunds` | `platform` | a refund is done |
//! | payout | `payouts` | `platform` | a payout is done |
//!
//! `platform` is what the platform holds for the shop, before the fees that only its register shows.
//! Only operations are posted. The status "refunded" of a payment posts nothing by itself, because the amount is known only
//! once the refund is. Until then the platform is asked, and the payment is listed as unproved.

use std::{collections::BTreeMap, fmt};

use super::money::{Currency, digits_after_point};
use crate::platform::Standing;

named! {
    /// Why money moved.
    #[derive(PartialOrd, Ord)]
    pub enum MoneyKind {
        Sale = "sale",
        Refund = "refund",
        Payout = "payout",
    }
}

/// The account that is part of every posting.
const PLATFORM: &str = "platform";

/// Money that moved according to the stored attempts, refunds and payouts. Minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub kind: MoneyKind,
    /// The payment's id, or the refund's.
    pub reference: String,
    pub currency: String,
    pub minor: i64,
}

/// A posting as stored in the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    pub kind: MoneyKind,
    pub reference: String,
    pub currency: String,
    /// Account and minor units.
    pub entries: Vec<(String, i64)>,
}

/// The totals of the books in one currency. Minor units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    pub taken: i128,
    pub refunded: i128,
    pub paid_out: i128,
}

/// A difference between the books and the stored attempts, refunds and payouts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookDifference {
    NotPosted(Move),
    /// Posted, but nothing stored says that the money moved.
    NotStored(MoneyKind, String),
    /// The stored amount, then the posted one.
    OtherSum(MoneyKind, String, Sum, Sum),
    /// The posting does not have the two entries of its kind.
    NotInBalance(MoneyKind, String),
    /// More of a payment was refunded than taken: its id, what was taken, what was refunded.
    RefundedTooMuch(String, Sum, Sum),
}

/// The totals of the books, and the differences that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Books {
    /// By currency code.
    pub totals: BTreeMap<String, Totals>,
    pub differences: Vec<BookDifference>,
    /// Payments that the platform calls refunded, but whose refunds are not all known.
    pub unproved: Vec<String>,
}

/// Minor units of a currency; may be negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    pub minor: i128,
    pub currency: String,
}

impl MoneyKind {
    /// The two entries of a posting (minor units): the account that it adds to, then the one that it takes from.
    pub const fn entries(self, minor: i64) -> [(&'static str, i64); 2] {
        match self {
            MoneyKind::Sale => [(PLATFORM, minor), ("sales", -minor)],
            MoneyKind::Refund => [("refunds", minor), (PLATFORM, -minor)],
            MoneyKind::Payout => [("payouts", minor), (PLATFORM, -minor)],
        }
    }
}

impl Posting {
    /// The amount it moves (minor units). `None`: its entries are not those of its kind.
    fn minor(&self) -> Option<i64> {
        let minor = self.entries.iter().map(|(_, minor)| *minor).max()?;
        let mut expected = self.kind.entries(minor).map(|(account, minor)| (account.to_owned(), minor));
        let mut found = self.entries.clone();
        expected.sort_unstable();
        found.sort_unstable();
        (minor > 0 && found == expected).then_some(minor)
    }
}

impl Books {
    /// Adds a posting and compares it with what is stored.
    pub fn enter(&mut self, posting: Posting, stored: Option<Move>) {
        let total = self.totals.entry(posting.currency.clone()).or_default();
        for (account, minor) in &posting.entries {
            match account.as_str() {
                "sales" => total.taken -= i128::from(*minor),
                "refunds" => total.refunded += i128::from(*minor),
                "payouts" => total.paid_out += i128::from(*minor),
                _ => {}
            }
        }
        let (posted, kind, reference) = (posting.minor(), posting.kind, posting.reference);
        self.differences.extend(match (posted, stored) {
            (None, _) => Some(BookDifference::NotInBalance(kind, reference)),
            (Some(_), None) => Some(BookDifference::NotStored(kind, reference)),
            (Some(posted), Some(stored)) => {
                let (stored, posted) = (Sum::of(stored.minor, stored.currency), Sum::of(posted, posting.currency));
                (stored != posted).then_some(BookDifference::OtherSum(kind, reference, stored, posted))
            }
        });
    }

    /// Notes stored money that moved without a posting.
    pub fn lacks(&mut self, stored: Move) {
        self.differences.push(BookDifference::NotPosted(stored));
    }

    /// Notes a payment of which more was refunded than taken (minor units).
    pub fn refunded_too_much(&mut self, payment_id: String, currency: &str, taken: i64, refunded: i64) {
        let sum = |minor| Sum::of(minor, currency.to_owned());
        self.differences.push(BookDifference::RefundedTooMuch(payment_id, sum(taken), sum(refunded)));
    }

    pub fn agree(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Whether the platform calls a payment refunded, but its completed refunds do not account for it (minor units).
pub fn is_unproved(standing: Standing, paid: u64, refunded: u64) -> bool {
    match standing {
        Standing::Refunded => refunded < paid,
        Standing::PartiallyRefunded => refunded == 0,
        _ => false,
    }
}

impl Sum {
    fn of(minor: i64, currency: String) -> Self {
        Self { minor: minor.into(), currency }
    }
}

/// `-12.50 EUR`
impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = Currency::from_code(&self.currency).map_or(0, digits_after_point);
        let text = format!("{:0>width$}", self.minor.unsigned_abs(), width = digits + 1);
        let (whole, fraction) = text.split_at(text.len() - digits);
        let sign = if self.minor < 0 { "-" } else { "" };
        let point = if digits == 0 { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction} {}", self.currency)
    }
}

impl fmt::Display for BookDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BookDifference::NotPosted(Move { kind, reference, currency, minor }) => {
                let sum = Sum::of(*minor, currency.clone());
                write!(f, "{} {reference}: {sum} moved, and the journal does not have it", kind.name())
            }
            BookDifference::NotStored(kind, reference) => {
                write!(f, "{} {reference}: it stands in the journal, and nothing stored says that it moved", kind.name())
            }
            BookDifference::OtherSum(kind, reference, stored, posted) => {
                write!(f, "{} {reference}: {stored} stored, {posted} in the journal", kind.name())
            }
            BookDifference::RefundedTooMuch(payment_id, taken, refunded) => {
                write!(f, "payment {payment_id}: {refunded} was given back of {taken}")
            }
            BookDifference::NotInBalance(kind, reference) => {
                write!(f, "{} {reference}: its entries in the journal do not belong together", kind.name())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(kind: MoneyKind, reference: &str, minor: i64) -> Move {
        Move { kind, reference: reference.to_owned(), currency: "EUR".to_owned(), minor }
    }

    fn posted(one: &Move) -> Posting {
        let entries = one.kind.entries(one.minor).map(|(account, minor)| (account.to_owned(), minor)).to_vec();
        Posting { kind: one.kind, reference: one.reference.clone(), currency: one.currency.clone(), entries }
    }

    fn differences(stored: &[Move], postings: Vec<Posting>) -> Vec<String> {
        let mut books = Books::default();
        let is_of = |posting: &Posting, one: &Move| (posting.kind, &posting.reference) == (one.kind, &one.reference);
        stored.iter().filter(|one| !postings.iter().any(|posting| is_of(posting, one))).for_each(|one| books.lacks(one.clone()));
        for posting in postings {
            let stored = stored.iter().find(|one| is_of(&posting, one)).cloned();
            books.enter(posting, stored);
        }
        books.differences.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_posting_cancels_itself_out_and_the_totals_are_its_accounts() {
        let moves = [moved(MoneyKind::Sale, "a", 1000), moved(MoneyKind::Refund, "r", 300), moved(MoneyKind::Payout, "p", 2000)];
        let mut books = Books::default();
        moves.iter().for_each(|one| books.enter(posted(one), Some(one.clone())));
        assert!(books.agree());
        assert_eq!(books.totals["EUR"], Totals { taken: 1000, refunded: 300, paid_out: 2000 });
        for one in &moves {
            assert_eq!(posted(one).entries.iter().map(|(_, minor)| minor).sum::<i64>(), 0);
        }
    }

    #[test]
    fn each_difference_is_named() {
        let sale = moved(MoneyKind::Sale, "a", 1000);
        assert_eq!(
            differences(std::slice::from_ref(&sale), Vec::new()),
            ["sale a: 10.00 EUR moved, and the journal does not have it"]
        );
        let unknown = "sale a: it stands in the journal, and nothing stored says that it moved";
        assert_eq!(differences(&[], vec![posted(&sale)]), [unknown]);
        let less = moved(MoneyKind::Sale, "a", 999);
        assert_eq!(differences(&[less], vec![posted(&sale)]), ["sale a: 9.99 EUR stored, 10.00 EUR in the journal"]);
        let other = Move { currency: "KRW".to_owned(), ..sale.clone() };
        assert_eq!(differences(&[other], vec![posted(&sale)]), ["sale a: 1000 KRW stored, 10.00 EUR in the journal"]);
        let wrong = "sale a: its entries in the journal do not belong together";
        for entries in [
            vec![],
            vec![("platform", 1000)],
            vec![("platform", 1000), ("sales", -999)],
            vec![("sales", 1000), ("platform", -1000)],
        ] {
            let entries = entries.into_iter().map(|(account, minor)| (account.to_owned(), minor)).collect();
            assert_eq!(differences(std::slice::from_ref(&sale), vec![Posting { entries, ..posted(&sale) }]), [wrong]);
        }
    }

    #[test]
    fn sums_have_their_currencys_digits_and_their_sign() {
        assert_eq!(Sum::of(-1250, "EUR".to_owned()).to_string(), "-12.50 EUR");
        assert_eq!(Sum::of(5, "PHP".to_owned()).to_string(), "0.05 PHP");
        assert_eq!(Sum::of(1250, "KRW".to_owned()).to_string(), "1250 KRW");
    }
}
