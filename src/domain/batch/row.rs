//! One row of a file: the refund or payout it asks for, or everything that is wrong with it.

use super::{Column, Columns, Kind};
use crate::{
    domain::{
        money::{Currency, Money},
        payout::{Account, FullName, NotPayable, PayoutAmount, PayoutOrder, Reference},
        refund::Reason,
    },
    platform::Method,
};

/// What a row asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    Refund(RefundAsked),
    Payout(PayoutAsked),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundAsked {
    pub payment_id: String,
    /// `None`: all that is left.
    pub amount: Option<Money>,
    pub reason: Reason,
    /// `payment.merchant_refund_id`, if the file gives one.
    pub name: Option<Reference>,
    /// Taken where the shop knows none.
    pub ip_address: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutAsked {
    pub order: PayoutOrder,
    /// `general.payment_id`, if the file gives one.
    pub name: Option<Reference>,
    /// Taken where the shop knows none.
    pub ip_address: Option<String>,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    #[error("{} is empty", .0.name())]
    Empty(Column),
    #[error(
        "payment.amount {0:?} is no whole number of minor units: digits alone, without separators, signs, spaces or zeros before them"
    )]
    NotAnAmount(String),
    #[error("payment.amount {0} is too large")]
    TooLarge(String),
    #[error("payment.amount is nothing")]
    Zero,
    #[error("payment.currency {0:?} is no currency: three capital letters, such as EUR")]
    NotACurrency(String),
    #[error("payment.amount and payment.currency belong together; without both, all that is left is refunded")]
    AmountWithoutCurrency,
    #[error("payment.description has 1 to 255 characters, no semicolon and nothing invisible")]
    Description,
    #[error("{} has 1 to 255 letters, digits and signs of ASCII, no semicolon", .0.name())]
    Name(Column),
    #[error("customer.ip_address {0:?} is no address")]
    NotAnAddress(String),
    #[error("{0}")]
    NotPayable(#[from] NotPayable),
}

impl Asked {
    /// Two rows that ask for the same say the same, however they are written.
    pub fn said(&self) -> String {
        let sum = |money: Money| format!("{} {}", money.minor(), money.currency().code());
        let name = self.name().unwrap_or_default().to_ascii_lowercase();
        let parts = match self {
            Asked::Refund(asked) => {
                let amount = asked.amount.map_or_else(String::new, sum);
                [asked.payment_id.to_ascii_lowercase(), amount, asked.reason.as_str().to_owned(), name, String::new()]
            }
            Asked::Payout(PayoutAsked { order, .. }) => {
                let (account, full_name) = (order.account.as_str().to_owned(), order.full_name.as_str().to_owned());
                [order.customer_id.clone(), sum(order.amount.money()), account, full_name, name]
            }
        };
        parts.map(|part| format!("{}:{part}", part.len())).join(",")
    }

    /// The name the file gives it.
    pub fn name(&self) -> Option<&str> {
        let name = match self {
            Asked::Refund(asked) => &asked.name,
            Asked::Payout(asked) => &asked.name,
        };
        name.as_ref().map(Reference::as_str)
    }
}

/// Reads a row, and gathers all that is wrong with it.
pub fn read_row(columns: &Columns, cells: &[String]) -> Result<Asked, Vec<RowError>> {
    let mut row = Row { columns, cells, errors: Vec::new() };
    let asked = match columns.kind {
        Kind::Refund => row.refund().map(Asked::Refund),
        Kind::Payout => row.payout().map(Asked::Payout),
    };
    asked.filter(|_| row.errors.is_empty()).ok_or(row.errors)
}

struct Row<'a> {
    columns: &'a Columns,
    cells: &'a [String],
    errors: Vec<RowError>,
}

impl<'a> Row<'a> {
    fn refund(&mut self) -> Option<RefundAsked> {
        let payment_id = self.filled(Column::PaymentId);
        let amount = self.amount(false);
        let reason = self.filled(Column::Description);
        let reason = reason.and_then(|text| self.noted(Reason::parse(text).map_err(|_| RowError::Description)));
        let name = self.name(Column::RefundName);
        let ip_address = self.ip_address();
        Some(RefundAsked {
            payment_id: payment_id?.to_owned(),
            amount: amount?,
            reason: reason?,
            name: name?,
            ip_address: ip_address?,
        })
    }

    fn payout(&mut self) -> Option<PayoutAsked> {
        let customer_id = self.filled(Column::CustomerId);
        let amount = self.amount(true).flatten();
        let amount =
            amount.and_then(|money| self.noted(PayoutAmount::new(money, method_for(money.currency())).map_err(Into::into)));
        let account = self.filled(Column::Account);
        let account = account.and_then(|text| self.noted(Account::parse(text).map_err(Into::into)));
        let full_name = self.filled(Column::FullName);
        let full_name = full_name.and_then(|text| self.noted(FullName::parse(text).map_err(Into::into)));
        let name = self.name(Column::PaymentId);
        let ip_address = self.ip_address();
        let order = PayoutOrder { customer_id: customer_id?.to_owned(), account: account?, full_name: full_name?, amount: amount? };
        Some(PayoutAsked { order, name: name?, ip_address: ip_address? })
    }

    fn cell(&self, column: Column) -> &'a str {
        self.columns.cell(self.cells, column)
    }

    fn filled(&mut self, column: Column) -> Option<&'a str> {
        match self.cell(column) {
            "" => self.noted(Err(RowError::Empty(column))),
            text => Some(text),
        }
    }

    fn noted<T>(&mut self, read: Result<T, RowError>) -> Option<T> {
        read.map_err(|error| self.errors.push(error)).ok()
    }

    /// The outer `None`: something is wrong with it.
    fn amount(&mut self, required: bool) -> Option<Option<Money>> {
        let currency = match (self.cell(Column::Amount), self.cell(Column::Currency)) {
            ("", "") if !required => return Some(None),
            ("", _) if required => return self.noted(Err(RowError::Empty(Column::Amount))),
            (_, "") if required => return self.noted(Err(RowError::Empty(Column::Currency))),
            ("", _) | (_, "") => return self.noted(Err(RowError::AmountWithoutCurrency)),
            (_, code) => Currency::from_code(code).ok_or_else(|| RowError::NotACurrency(code.chars().take(20).collect())),
        };
        let minor = minor_units(self.cell(Column::Amount));
        let (currency, minor) = (self.noted(currency), self.noted(minor));
        let (currency, minor) = (currency?, minor?);
        self.noted(Money::from_minor(minor, currency).map_err(|_| RowError::TooLarge(minor.to_string()))).map(Some)
    }

    fn name(&mut self, column: Column) -> Option<Option<Reference>> {
        match self.cell(column) {
            "" => Some(None),
            text => self.noted(Reference::parse(text).map_err(|_| RowError::Name(column))).map(Some),
        }
    }

    fn ip_address(&mut self) -> Option<Option<String>> {
        match self.cell(Column::IpAddress) {
            "" => Some(None),
            text if is_address(text) => Some(Some(text.to_owned())),
            text => self.noted(Err(RowError::NotAnAddress(text.chars().take(45).collect()))),
        }
    }
}

/// Digits alone: `1,000`, `10.00`, `1e3`, `+5`, ` 5` and `007` may all have been meant otherwise.
fn minor_units(text: &str) -> Result<u64, RowError> {
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(0) if text == "0" => Err(RowError::Zero),
        _ if !all_digits || text.starts_with('0') => Err(RowError::NotAnAmount(text.chars().take(40).collect())),
        Ok(minor) => Ok(minor),
        Err(_) => Err(RowError::TooLarge(text.chars().take(40).collect())),
    }
}

/// The method that pays out in this currency; without one, whichever pays out at all and says in which.
fn method_for(currency: Currency) -> Method {
    let pays_out = |method: &Method| method.rules().gate.payout.is_some();
    let fitting = Method::for_currency(currency).find(pays_out);
    fitting.or_else(|| Method::ALL.into_iter().find(pays_out)).unwrap_or(Method::PayMaya)
}

/// IPv4 to the number; of IPv6, that it is made of what one is made of.
fn is_address(text: &str) -> bool {
    if !text.contains(':') {
        let parts: Vec<&str> = text.split('.').collect();
        let fits = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        return parts.len() == 4 && parts.iter().all(|part| fits(part) && part.parse::<u8>().is_ok());
    }
    let of_signs = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.');
    of_signs && (2..=45).contains(&text.len()) && text.matches(':').count() <= 7 && text.matches("::").count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Kind, given: &[(Column, &str)]) -> Result<Asked, Vec<RowError>> {
        let columns = Columns::all(kind);
        let cell = |column: &Column| given.iter().find(|(known, _)| known == column).map_or("", |(_, text)| text).to_owned();
        let cells: Vec<String> = columns.order().iter().map(cell).collect();
        read_row(&columns, &cells)
    }

    const REFUND: [(Column, &str); 4] =
        [(Column::Amount, "1000"), (Column::Currency, "EUR"), (Column::PaymentId, "ABC-1"), (Column::Description, "came broken")];
    const PAYOUT: [(Column, &str); 5] = [
        (Column::Amount, "15000"),
        (Column::Currency, "PHP"),
        (Column::CustomerId, "c1"),
        (Column::Account, "09123456789"),
        (Column::FullName, "John Doe"),
    ];

    /// The last word on a column counts.
    fn changed(row: &[(Column, &'static str)], column: Column, text: &'static str) -> Vec<(Column, &'static str)> {
        let kept = row.iter().copied().filter(|(known, _)| *known != column);
        kept.chain([(column, text)]).collect()
    }

    #[test]
    fn a_good_row_is_what_it_says() {
        let Ok(Asked::Refund(refund)) = read(Kind::Refund, &REFUND) else { panic!() };
        assert_eq!((refund.payment_id.as_str(), refund.amount.unwrap().to_string().as_str()), ("ABC-1", "10.00 EUR"));
        let Ok(Asked::Refund(rest)) = read(Kind::Refund, &REFUND[2..]) else { panic!() };
        assert_eq!(rest.amount, None);
        let Ok(Asked::Payout(payout)) = read(Kind::Payout, &PAYOUT) else { panic!() };
        assert_eq!(payout.order.amount.money().to_string(), "150.00 PHP");
    }

    #[test]
    fn an_amount_is_digits_alone() {
        for bad in [
            "1,000",
            "1.000",
            "10.00",
            "10,5",
            "1e3",
            "1E3",
            "+5",
            "-5",
            " 5",
            "5 ",
            "1 000",
            "1\u{a0}000",
            "1_000",
            "0x10",
            "٣",
            "007",
            "00",
            "€5",
            "5%",
            "''",
        ] {
            let errors = read(Kind::Refund, &changed(&REFUND, Column::Amount, bad)).unwrap_err();
            assert_eq!(errors, [RowError::NotAnAmount(bad.to_owned())], "{bad}");
        }
        assert_eq!(read(Kind::Refund, &changed(&REFUND, Column::Amount, "0")), Err(vec![RowError::Zero]));
        for large in ["10000000000001", "99999999999999999999999999"] {
            assert_eq!(
                read(Kind::Refund, &changed(&REFUND, Column::Amount, large)),
                Err(vec![RowError::TooLarge(large.to_owned())])
            );
        }
    }

    #[test]
    fn what_is_wrong_is_named_and_all_of_it() {
        for (kind, row, column, text, said) in [
            (Kind::Refund, &REFUND[..], Column::PaymentId, "", "general.payment_id is empty"),
            (Kind::Refund, &REFUND, Column::Description, "", "payment.description is empty"),
            (Kind::Refund, &REFUND, Column::Description, "a;b", "payment.description has 1 to 255"),
            (Kind::Refund, &REFUND, Column::Description, "two\nlines", "payment.description has 1 to 255"),
            (Kind::Refund, &REFUND, Column::Amount, "", "belong together"),
            (Kind::Refund, &REFUND, Column::Currency, "", "belong together"),
            (Kind::Refund, &REFUND, Column::Currency, "eur", "is no currency"),
            (Kind::Refund, &REFUND, Column::Currency, "€", "is no currency"),
            (Kind::Refund, &REFUND, Column::RefundName, "é", "payment.merchant_refund_id has 1 to 255"),
            (Kind::Refund, &REFUND, Column::IpAddress, "300.1.1.1", "is no address"),
            (Kind::Refund, &REFUND, Column::IpAddress, "home", "is no address"),
            (Kind::Payout, &PAYOUT, Column::CustomerId, "", "customer.id is empty"),
            (Kind::Payout, &PAYOUT, Column::Amount, "", "payment.amount is empty"),
            (Kind::Payout, &PAYOUT, Column::Currency, "", "payment.currency is empty"),
            (Kind::Payout, &PAYOUT, Column::Currency, "EUR", "it pays out in PHP"),
            (Kind::Payout, &PAYOUT, Column::Amount, "99", "a payout is of 1.00 PHP to 20000.00 PHP"),
            (Kind::Payout, &PAYOUT, Column::Account, "9123456789", "11 digits"),
            (Kind::Payout, &PAYOUT, Column::FullName, "John;Doe", "a full name"),
            (Kind::Payout, &PAYOUT, Column::PaymentId, "a;b", "general.payment_id has 1 to 255"),
        ] {
            let errors = read(kind, &changed(row, column, text)).unwrap_err();
            assert!(errors.len() == 1 && errors[0].to_string().contains(said), "{text}: {errors:?}");
        }
        assert_eq!(read(Kind::Payout, &[]).unwrap_err().len(), 4);
        for good in ["192.0.2.1", "2001:db8::1"] {
            assert!(read(Kind::Refund, &changed(&REFUND, Column::IpAddress, good)).is_ok(), "{good}");
        }
    }
}
