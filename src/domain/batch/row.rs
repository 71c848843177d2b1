//! One row of a file: the refund or payout it asks for, or everything that is wrong with it.

use std::net::IpAddr;

use super::{BatchKind, Column, Columns};
use crate::{
    domain::{
        money::{Currency, Money},
        text::{self, Hidden, NotALine},
        transfers::{
            payout::{Account, FullName, NotPayable, PayoutAmount, PayoutOrder, Reference},
            refund::Reason,
        },
    },
    platform::Method,
};

/// What a row asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowRequest {
    Refund(RefundAsked),
    Payout(PayoutAsked),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundAsked {
    pub payment_id: String,
    /// `None`: all that is left of the payment.
    pub amount: Option<Money>,
    pub reason: Reason,
    /// `payment.merchant_refund_id`, if the file gives one.
    pub name: Option<Reference>,
    /// The customer's IP address; used only if the shop knows none.
    pub ip_address: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutAsked {
    pub order: PayoutOrder,
    /// `general.payment_id`, if the file gives one.
    pub name: Option<Reference>,
    /// The customer's IP address; used only if the shop knows none.
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
    #[error("{} {}", .0.name(), .1)]
    Text(Column, NotALine),
    #[error("{} {}", .0.name(), .1)]
    Hidden(Column, Hidden),
    #[error("{} has 1 to 255 letters, digits and signs of ASCII, no semicolon", .0.name())]
    Name(Column),
    #[error("customer.ip_address {0:?} is no address")]
    NotAnAddress(String),
    #[error("{0}")]
    NotPayable(#[from] NotPayable),
}

impl RowRequest {
    /// The money that the row would move: a payout's customer, account and amount; a refund's payment and amount. Two rows with the
    /// same meaning would move the same money twice, however they are spelled.
    pub fn meaning(&self) -> String {
        let sum = |money: Money| format!("{} {}", money.minor(), money.currency().code());
        match self {
            RowRequest::Refund(asked) => told([
                BatchKind::Refund.name(),
                &asked.payment_id.to_ascii_lowercase(),
                &asked.amount.map_or_else(|| "all that is left".to_owned(), sum),
            ]),
            RowRequest::Payout(PayoutAsked { order, .. }) => {
                told([BatchKind::Payout.name(), &order.customer_id, order.account.as_str(), &sum(order.amount.money())])
            }
        }
    }

    /// The meaning, and the name that the file gives. Rows that are repeated on purpose have different names.
    pub fn said(&self) -> String {
        told([self.meaning().as_str(), &self.name().unwrap_or_default().to_ascii_lowercase()])
    }

    /// The name that the file gives the refund or payout.
    pub fn name(&self) -> Option<&str> {
        let name = match self {
            RowRequest::Refund(asked) => &asked.name,
            RowRequest::Payout(asked) => &asked.name,
        };
        name.as_ref().map(Reference::as_str)
    }
}

/// Joins texts so that no other texts give the same result.
fn told<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().map(|part| format!("{}:{part}", part.len())).collect::<Vec<_>>().join(",")
}

/// [`RowRequest::said`] of a row, independent of spelling and the order of columns; for an unreadable row, its cells.
pub fn said(columns: &Columns, cells: &[String]) -> String {
    match read_row(columns, cells) {
        Ok(asked) => asked.said(),
        Err(_) => told(Column::ALL.map(|column| text::folded(columns.cell(cells, column))).iter().map(String::as_str)),
    }
}

/// Reads a row. Error: everything that is wrong with it.
pub fn read_row(columns: &Columns, cells: &[String]) -> Result<RowRequest, Vec<RowError>> {
    let mut row = Row { columns, cells, errors: Vec::new() };
    let asked = match columns.kind {
        BatchKind::Refund => row.refund().map(RowRequest::Refund),
        BatchKind::Payout => row.payout().map(RowRequest::Payout),
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
        let payment_id = self.filled_id(Column::PaymentId);
        let amount = self.amount(false);
        let reason = self.line(Column::Description, Reason::parse);
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
        let customer_id = self.filled_id(Column::CustomerId);
        let amount = self.amount(true).flatten();
        let amount =
            amount.and_then(|money| self.noted(PayoutAmount::new(money, method_for(money.currency())).map_err(Into::into)));
        let account = self.filled_id(Column::Account);
        let account = account.and_then(|text| self.noted(Account::parse(text).map_err(Into::into)));
        let full_name = self.line(Column::FullName, FullName::parse);
        let name = self.name(Column::PaymentId);
        let ip_address = self.ip_address();
        let order = PayoutOrder { customer_id: customer_id?.to_owned(), account: account?, full_name: full_name?, amount: amount? };
        Some(PayoutAsked { order, name: name?, ip_address: ip_address? })
    }

    fn cell(&self, column: Column) -> &'a str {
        self.columns.cell(self.cells, column)
    }

    fn id(&mut self, column: Column) -> Option<&'a str> {
        self.noted(text::id(self.cell(column)).map_err(|hidden| RowError::Hidden(column, hidden)))
    }

    fn filled_id(&mut self, column: Column) -> Option<&'a str> {
        match self.id(column)? {
            "" => self.noted(Err(RowError::Empty(column))),
            id => Some(id),
        }
    }

    fn line<T>(&mut self, column: Column, parse: impl Fn(&str) -> Result<T, NotALine>) -> Option<T> {
        self.noted(parse(self.cell(column)).map_err(|error| RowError::Text(column, error)))
    }

    fn noted<T>(&mut self, read: Result<T, RowError>) -> Option<T> {
        read.map_err(|error| self.errors.push(error)).ok()
    }

    /// Outer `None`: it is wrong, and the error is noted. Inner `None`: the row has no amount.
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
        match self.id(column)? {
            "" => Some(None),
            text => self.noted(Reference::parse(text).map_err(|_| RowError::Name(column))).map(Some),
        }
    }

    fn ip_address(&mut self) -> Option<Option<String>> {
        match self.id(Column::IpAddress)? {
            "" => Some(None),
            text => {
                let address = text.parse().map_err(|_| RowError::NotAnAddress(text.chars().take(45).collect()));
                self.noted(address).map(|address: IpAddr| Some(address.to_string()))
            }
        }
    }
}

/// The sum of two cells, if both can be read.
pub fn sum_of(amount: &str, currency: &str) -> Option<Money> {
    Money::from_minor(minor_units(amount).ok()?, Currency::from_code(currency)?).ok()
}

/// Takes digits only: `1,000`, `10.00`, `1e3`, `+5`, ` 5` and `007` could mean something else.
fn minor_units(text: &str) -> Result<u64, RowError> {
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(0) if text == "0" => Err(RowError::Zero),
        _ if !all_digits || text.starts_with('0') => Err(RowError::NotAnAmount(text.chars().take(40).collect())),
        Ok(minor) => Ok(minor),
        Err(_) => Err(RowError::TooLarge(text.chars().take(40).collect())),
    }
}

/// The method that pays out in this currency. If there is none, another one: its error names the currency that it pays out in.
fn method_for(currency: Currency) -> Method {
    let pays_out = |method: &Method| method.rules().gate.payout.is_some();
    let fitting = Method::for_currency(currency).find(pays_out);
    fitting.or_else(|| Method::ALL.into_iter().find(pays_out)).unwrap_or(Method::PayMaya)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: BatchKind, given: &[(Column, &str)]) -> Result<RowRequest, Vec<RowError>> {
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

    /// The row with the text of one column replaced.
    fn changed(row: &[(Column, &'static str)], column: Column, text: &'static str) -> Vec<(Column, &'static str)> {
        let kept = row.iter().copied().filter(|(known, _)| *known != column);
        kept.chain([(column, text)]).collect()
    }

    #[test]
    fn a_good_row_is_what_it_says() {
        let Ok(RowRequest::Refund(refund)) = read(BatchKind::Refund, &REFUND) else { panic!() };
        assert_eq!((refund.payment_id.as_str(), refund.amount.unwrap().to_string().as_str()), ("ABC-1", "10.00 EUR"));
        let Ok(RowRequest::Refund(rest)) = read(BatchKind::Refund, &REFUND[2..]) else { panic!() };
        assert_eq!(rest.amount, None);
        let Ok(RowRequest::Payout(payout)) = read(BatchKind::Payout, &PAYOUT) else { panic!() };
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
            let errors = read(BatchKind::Refund, &changed(&REFUND, Column::Amount, bad)).unwrap_err();
            assert_eq!(errors, [RowError::NotAnAmount(bad.to_owned())], "{bad}");
        }
        assert_eq!(read(BatchKind::Refund, &changed(&REFUND, Column::Amount, "0")), Err(vec![RowError::Zero]));
        assert_eq!(sum_of("100", "EUR").map(|sum| sum.to_string()).as_deref(), Some("1.00 EUR"));
        assert_eq!([sum_of("1.00", "EUR"), sum_of("100", "euro"), sum_of("0", "EUR"), sum_of("", "EUR")], [None; 4]);
        for large in ["10000000000001", "99999999999999999999999999"] {
            assert_eq!(
                read(BatchKind::Refund, &changed(&REFUND, Column::Amount, large)),
                Err(vec![RowError::TooLarge(large.to_owned())])
            );
        }
    }

    #[test]
    fn what_is_wrong_is_named_and_all_of_it() {
        for (kind, row, column, text, said) in [
            (BatchKind::Refund, &REFUND[..], Column::PaymentId, "", "general.payment_id is empty"),
            (BatchKind::Refund, &REFUND, Column::Description, "", "payment.description is empty"),
            (BatchKind::Refund, &REFUND, Column::Description, "\u{200B}", "payment.description is empty"),
            (BatchKind::Refund, &REFUND, Column::Description, "a;b", "payment.description holds a sign that cannot be sent: ;"),
            (BatchKind::Refund, &REFUND, Column::PaymentId, " \u{A0}", "general.payment_id is empty"),
            (
                BatchKind::Refund,
                &REFUND,
                Column::PaymentId,
                "ABC\u{200B}-1",
                "general.payment_id holds an invisible character (U+200B) after the 3rd character",
            ),
            (BatchKind::Refund, &REFUND, Column::Amount, "", "belong together"),
            (BatchKind::Refund, &REFUND, Column::Currency, "", "belong together"),
            (BatchKind::Refund, &REFUND, Column::Currency, "eur", "is no currency"),
            (BatchKind::Refund, &REFUND, Column::Currency, "€", "is no currency"),
            (BatchKind::Refund, &REFUND, Column::RefundName, "é", "payment.merchant_refund_id has 1 to 255"),
            (BatchKind::Refund, &REFUND, Column::IpAddress, "300.1.1.1", "is no address"),
            (BatchKind::Refund, &REFUND, Column::IpAddress, "home", "is no address"),
            (BatchKind::Refund, &REFUND, Column::IpAddress, "abcd:1", "is no address"),
            (BatchKind::Refund, &REFUND, Column::IpAddress, "192.0.2.01", "is no address"),
            (BatchKind::Payout, &PAYOUT, Column::CustomerId, "", "customer.id is empty"),
            (BatchKind::Payout, &PAYOUT, Column::Amount, "", "payment.amount is empty"),
            (BatchKind::Payout, &PAYOUT, Column::Currency, "", "payment.currency is empty"),
            (BatchKind::Payout, &PAYOUT, Column::Currency, "EUR", "it pays out in PHP"),
            (BatchKind::Payout, &PAYOUT, Column::Amount, "99", "a payout is of 1.00 PHP to 20000.00 PHP"),
            (BatchKind::Payout, &PAYOUT, Column::Account, "9123456789", "11 digits"),
            (BatchKind::Payout, &PAYOUT, Column::FullName, "John;Doe", "account.customer_name holds a sign that cannot be sent: ;"),
            (BatchKind::Payout, &PAYOUT, Column::PaymentId, "a;b", "general.payment_id has 1 to 255"),
        ] {
            let errors = read(kind, &changed(row, column, text)).unwrap_err();
            assert!(errors.len() == 1 && errors[0].to_string().contains(said), "{text}: {errors:?}");
        }
        assert_eq!(read(BatchKind::Payout, &[]).unwrap_err().len(), 4);
        for good in ["192.0.2.1", "2001:db8::1"] {
            assert!(read(BatchKind::Refund, &changed(&REFUND, Column::IpAddress, good)).is_ok(), "{good}");
        }
    }

    #[test]
    fn rows_mean_what_they_move() {
        for (kind, row, column, text) in [
            (BatchKind::Refund, &REFUND[..], Column::PaymentId, "abc-1\u{A0}"),
            (BatchKind::Refund, &REFUND, Column::Description, "another reason"),
            (BatchKind::Refund, &REFUND, Column::IpAddress, "192.0.2.1"),
            (BatchKind::Payout, &PAYOUT, Column::FullName, "JOHN  DOE"),
            (BatchKind::Payout, &PAYOUT, Column::FullName, "Somebody Else"),
            (BatchKind::Payout, &PAYOUT, Column::Account, "09123456789\u{200B}"),
            (BatchKind::Payout, &PAYOUT, Column::IpAddress, "192.0.2.1"),
        ] {
            let (one, other) = (read(kind, row).unwrap(), read(kind, &changed(row, column, text)).unwrap());
            assert_eq!((one.meaning(), one.said()), (other.meaning(), other.said()), "{text}");
        }
        for (kind, row, column, text) in [
            (BatchKind::Refund, &REFUND[..], Column::PaymentId, "ABC-2"),
            (BatchKind::Refund, &REFUND, Column::Amount, "1001"),
            (BatchKind::Refund, &REFUND, Column::Currency, "PHP"),
            (BatchKind::Payout, &PAYOUT, Column::CustomerId, "c2"),
            (BatchKind::Payout, &PAYOUT, Column::Account, "09123456780"),
            (BatchKind::Payout, &PAYOUT, Column::Amount, "15001"),
        ] {
            let (one, other) = (read(kind, row).unwrap(), read(kind, &changed(row, column, text)).unwrap());
            assert_ne!(one.meaning(), other.meaning(), "{text}");
            assert_ne!(one.said(), other.said(), "{text}");
        }
        for (kind, row, column) in
            [(BatchKind::Refund, &REFUND[..], Column::RefundName), (BatchKind::Payout, &PAYOUT, Column::PaymentId)]
        {
            let [unnamed, named, same] = ["", "a", "A "].map(|name| read(kind, &changed(row, column, name)).unwrap());
            assert_eq!(unnamed.meaning(), named.meaning());
            assert_ne!(unnamed.said(), named.said());
            assert_eq!(named.said(), same.said());
        }
    }

    fn header(names: &str) -> Columns {
        Columns::read(&names.split(',').map(str::to_owned).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn what_a_row_says_does_not_depend_on_the_order_of_columns_or_on_spelling() {
        let cells = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let (one, other) = (header("general.payment_id,payment.description"), header("payment.description,general.payment_id"));
        assert_eq!(said(&one, &cells(&["a", "b"])), said(&other, &cells(&["c", "A "])));
        assert_ne!(said(&one, &cells(&["a", "b"])), said(&one, &cells(&["b", "b"])));
        // The same holds for rows that cannot be read.
        assert_eq!(said(&one, &cells(&["a", "b;C"])), said(&other, &cells(&["B;c", "A"])));
        assert_ne!(said(&one, &cells(&["a", "b;"])), said(&one, &cells(&["a,1:b;", ""])));
    }
}
