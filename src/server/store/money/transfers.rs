//! Transfers as rows: what the shop asks the platform to move, one way for sales, refunds and payouts.
//!
//! stored → sending → pending → done or declined. From sending one may become unknown: then the platform is asked, and nothing is
//! sent again.

use crate::{
    domain::{books::MoneyKind, money::Money, shop::customer::Contact, transfers::progress::Progress},
    platform::Standing,
    server::store::{
        database::StoreError,
        engine::{Tx, Value, params, row},
        shop::glance,
    },
};

row! {
    /// What the platform is told of the person who pays.
    #[derive(Debug, Clone)]
    pub struct Payer {
        pub ip_address: Option<String>,
        pub email: Option<String>,
        pub last_name: Option<String>,
    }
}

impl Payer {
    pub fn of(contact: &Contact, ip_address: Option<&str>) -> Self {
        Self {
            ip_address: ip_address.map(str::to_owned),
            email: contact.email.as_ref().map(|email| email.as_str().to_owned()),
            last_name: contact.last_name.as_ref().map(|name| name.as_str().to_owned()),
        }
    }

    pub fn columns(&self) -> [(&'static str, Value<'_>); 3] {
        [
            ("ip_address", self.ip_address.as_deref().into()),
            ("email", self.email.as_deref().into()),
            ("last_name", self.last_name.as_deref().into()),
        ]
    }
}

/// Writes down what is to be moved. `more`: the columns of its kind, and their values.
pub struct New<'a> {
    pub kind: MoneyKind,
    pub name: &'a str,
    pub payment_id: &'a str,
    pub amount: Money,
    pub progress: Progress,
    pub asked_at: i64,
    pub more: &'a [(&'static str, Value<'a>)],
}

pub fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), StoreError> {
    let columns: String = new.more.iter().map(|(column, _)| format!(", {column}")).collect();
    let numbers: String = (0..new.more.len()).map(|place| format!(", ?{}", place + 8)).collect();
    let mut values =
        params![new.kind, new.name, new.payment_id, new.amount, new.amount.currency(), new.progress, new.asked_at].to_vec();
    values.extend(new.more.iter().map(|(_, value)| value.clone()));
    tx.run(
        &format!(
            "INSERT INTO transfers (kind, name, payment_id, amount_minor, currency, progress, asked_at{columns})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7{numbers})"
        ),
        &values,
    )
}

/// A sale that was refused or never arrived ends its attempt, unless its end was heard already.
pub fn end_sale(tx: &mut Tx<'_>, payment_id: &str, code: Option<&str>, now: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE attempts SET status = 'decline', status_at = ?1, code = ?2 WHERE payment_id = ?3 AND status IS NULL",
        params![now, code, payment_id],
    )?;
    glance::refresh_order_of(tx, payment_id)
}

/// The platform spoke of a payment whose sale the shop sent itself.
pub fn sale_heard(tx: &mut Tx<'_>, payment_id: &str, standing: Standing, now: i64) -> Result<(), StoreError> {
    let progress = match standing {
        Standing::Open => Progress::Pending,
        Standing::Declined => Progress::Declined,
        Standing::Succeeded | Standing::PartiallyRefunded | Standing::Refunded => Progress::Done,
    };
    tx.run(
        "UPDATE transfers SET progress = ?2, ended_at = CASE WHEN ?2 = 'pending' THEN NULL ELSE ?3 END
         WHERE kind = 'sale' AND name = ?1 AND progress <> ?2 AND progress <> 'done'",
        params![payment_id, progress, now],
    )
}

/// The time is over in which the platform tells an end, and it was asked since: what it called faulty has ended so.
pub fn faults_are_final(tx: &mut Tx<'_>, payment_id: &str, now: i64) -> Result<(), StoreError> {
    tx.run(
        "UPDATE transfers SET progress = 'declined', ended_at = ?2
         WHERE payment_id = ?1 AND kind IN ('refund', 'payout') AND progress = 'pending' AND is_fault = 1",
        params![payment_id, now],
    )
}
