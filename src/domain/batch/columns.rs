//! The columns of a batch file, named after Gate's parameters. They tell whether the file holds refunds or payouts.

use super::{BatchKind, FileError};

named! {
    /// A column; its name is the dotted name of Gate's parameter.
    pub enum Column {
        PaymentId = "general.payment_id",
        Amount = "payment.amount",
        Currency = "payment.currency",
        Description = "payment.description",
        RefundName = "payment.merchant_refund_id",
        CustomerId = "customer.id",
        IpAddress = "customer.ip_address",
        Account = "account.number",
        FullName = "account.customer_name",
    }
}

/// The columns of one file, in the file's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    pub kind: BatchKind,
    order: Vec<Column>,
}

/// Whether files of a kind must, may or must not have a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Required,
    Optional,
    Never,
}

impl Column {
    /// What a cell of this column holds, for those who write files of this kind.
    pub const fn meaning(self, kind: BatchKind) -> &'static str {
        match (self, kind) {
            (Column::PaymentId, BatchKind::Refund) => "the payment to refund",
            (Column::PaymentId, BatchKind::Payout) => "the payout's own name; without it the shop gives one",
            (Column::Amount, BatchKind::Refund) => "whole minor units; empty: all that is left",
            (Column::Amount, BatchKind::Payout) => "whole minor units",
            (Column::Currency, _) => "the amount's currency, three letters",
            (Column::Description, _) => "why",
            (Column::RefundName, _) => "the refund's own name; without it the shop gives one",
            (Column::CustomerId, _) => "who is paid: a customer who paid before",
            (Column::IpAddress, _) => "the customer's address; taken where the shop knows none",
            (Column::Account, _) => "11 digits that begin with 09",
            (Column::FullName, _) => "the account owner's name",
        }
    }

    fn in_files_of(self, kind: BatchKind) -> Use {
        match (self, kind) {
            (Column::PaymentId | Column::Description, BatchKind::Refund) => Use::Required,
            (Column::Amount | Column::Currency | Column::RefundName | Column::IpAddress, BatchKind::Refund) => Use::Optional,
            (Column::CustomerId | Column::Account | Column::FullName, BatchKind::Refund) => Use::Never,
            (Column::CustomerId | Column::Amount | Column::Currency | Column::Account | Column::FullName, BatchKind::Payout) => {
                Use::Required
            }
            (Column::PaymentId | Column::IpAddress, BatchKind::Payout) => Use::Optional,
            (Column::Description | Column::RefundName, BatchKind::Payout) => Use::Never,
        }
    }

    pub fn is_required(self, kind: BatchKind) -> bool {
        self.in_files_of(kind) == Use::Required
    }
}

impl Columns {
    /// Reads a header. An unknown or repeated column is an error: ignoring it would lose what the file's author meant.
    pub fn read(header: &[String]) -> Result<Self, FileError> {
        let mut order = Vec::new();
        for name in header {
            let unknown = || FileError::UnknownColumn(name.chars().take(60).collect());
            let column = Column::from_name(name).ok_or_else(unknown)?;
            if order.contains(&column) {
                return Err(FileError::DoubledColumn(column.name()));
            }
            order.push(column);
        }
        let is_payout = [Column::CustomerId, Column::Account, Column::FullName].iter().any(|column| order.contains(column));
        let kind = if is_payout { BatchKind::Payout } else { BatchKind::Refund };
        if let Some(column) = order.iter().find(|column| column.in_files_of(kind) == Use::Never) {
            return Err(FileError::OtherKind(column.name(), kind));
        }
        if let Some(column) = Column::ALL.into_iter().find(|column| column.is_required(kind) && !order.contains(column)) {
            return Err(FileError::MissingColumn(column.name()));
        }
        if order.contains(&Column::Amount) != order.contains(&Column::Currency) {
            return Err(FileError::AmountWithoutCurrency);
        }
        Ok(Self { kind, order })
    }

    /// All columns that files of this kind may have.
    pub fn all(kind: BatchKind) -> Self {
        let order = Column::ALL.into_iter().filter(|column| column.in_files_of(kind) != Use::Never).collect();
        Self { kind, order }
    }

    /// Adds a column at the end unless it is there already.
    pub fn with(mut self, column: Column) -> Self {
        if !self.order.contains(&column) {
            self.order.push(column);
        }
        self
    }

    pub fn order(&self) -> &[Column] {
        &self.order
    }

    pub fn names(&self) -> Vec<&'static str> {
        self.order.iter().map(|column| column.name()).collect()
    }

    /// The row's cell of a column; empty if the file has no such column.
    pub fn cell<'a>(&self, cells: &'a [String], column: Column) -> &'a str {
        let place = self.order.iter().position(|known| *known == column);
        place.and_then(|place| cells.get(place)).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Result<Columns, FileError> {
        Columns::read(&header.split(',').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn the_columns_tell_refunds_from_payouts() {
        assert_eq!(read("general.payment_id,payment.description").unwrap().kind, BatchKind::Refund);
        let payout = "account.customer_name,account.number,payment.currency,payment.amount,customer.id";
        assert_eq!(read(payout).unwrap().kind, BatchKind::Payout);
        for kind in BatchKind::ALL {
            assert_eq!(read(&Columns::all(kind).names().join(",")).unwrap(), Columns::all(kind));
        }
    }

    #[test]
    fn a_header_that_is_not_understood_refuses_the_file() {
        for (header, error) in [
            ("", FileError::UnknownColumn(String::new())),
            ("general.payment_id,payment.description,signature", FileError::UnknownColumn("signature".to_owned())),
            ("general.payment_id, payment.description", FileError::UnknownColumn(" payment.description".to_owned())),
            ("General.Payment_ID,payment.description", FileError::UnknownColumn("General.Payment_ID".to_owned())),
            (
                "general.payment_id;payment.description",
                FileError::UnknownColumn("general.payment_id;payment.description".to_owned()),
            ),
            ("general.payment_id,payment.description,general.payment_id", FileError::DoubledColumn("general.payment_id")),
            ("general.payment_id", FileError::MissingColumn("payment.description")),
            ("payment.description", FileError::MissingColumn("general.payment_id")),
            ("general.payment_id,payment.description,payment.amount", FileError::AmountWithoutCurrency),
            ("general.payment_id,payment.description,payment.currency", FileError::AmountWithoutCurrency),
            ("customer.id,payment.amount,payment.currency,account.number", FileError::MissingColumn("account.customer_name")),
            (
                "customer.id,payment.amount,payment.currency,account.number,account.customer_name,payment.description",
                FileError::OtherKind("payment.description", BatchKind::Payout),
            ),
        ] {
            assert_eq!(read(header), Err(error), "{header}");
        }
    }
}
