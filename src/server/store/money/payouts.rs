//! Payouts: which are allowed, and how they are written down. One name is one payout, however often it is asked for.

use crate::{
    domain::{
        batch::needs_approval,
        books::MoneyKind,
        orders::order::Order,
        people::operator::{Operator, SumLimits},
        transfers::payout::{NotPayable, Payout, PayoutOrder},
    },
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, read},
        money::{
            allowance,
            transfers::{self, New},
        },
        people::acts,
        shop::orders,
    },
};

/// Why a payout was not written down.
#[derive(Debug, thiserror::Error)]
pub enum PayoutError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NotPayable(#[from] NotPayable),
    /// The same name with another customer, account, owner or sum; or it is that of a purchase.
    #[error("another payment has this reference already")]
    NameTaken,
    /// Counted with what its operator paid out alone in the last day.
    #[error("this is above what one person pays out alone")]
    NeedsSecondPerson,
}

impl FromRow for Payout {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        read!(row => {
            payment_id, method, customer_id, ip_address, account, full_name, progress, code, asked_at,
        } and {
            amount: row.money("amount_minor")?,
        })
    }
}

impl Store {
    /// Writes down that money is to be paid out. The same name again is the same payout.
    pub async fn ask_payout(&self, payment_id: &str, order: &PayoutOrder, now: i64) -> Result<Payout, PayoutError> {
        let (payment_id, order) = (payment_id.to_owned(), order.clone());
        let about = [About::Customer(order.customer_id.clone()), About::Payment(payment_id.clone())];
        self.decide(about, move |tx| Ok(ask(tx, &payment_id, &order, None, now)?.0)).await
    }

    /// The same as an operator's act, up to what one person may pay out alone.
    pub async fn ask_payout_for(
        &self,
        operator: &Operator,
        payment_id: &str,
        order: &PayoutOrder,
        limits: &SumLimits,
        now: i64,
    ) -> Result<Payout, PayoutError> {
        let (operator, payment_id, order, limits) = (operator.clone(), payment_id.to_owned(), order.clone(), limits.clone());
        let about = [About::Operator(operator.id), About::Customer(order.customer_id.clone()), About::Payment(payment_id.clone())];
        self.decide(about, move |tx| {
            let alone = allowance::started_alone(tx, operator.id, now)?;
            let (payout, new) = ask(tx, &payment_id, &order, None, now)?;
            if new {
                if needs_approval(&[payout.amount], &alone, &limits) {
                    return Err(PayoutError::NeedsSecondPerson);
                }
                tx.execute(
                    "UPDATE transfers SET asked_by = ?1 WHERE kind = 'payout' AND payment_id = ?2",
                    params![operator.id, &payment_id],
                )?;
                let detail = format!("{} to customer {}", payout.amount, payout.customer_id);
                acts::note(tx, &operator.email, "pay out", &format!("payment {payment_id}"), &detail, now)?;
            }
            Ok(payout)
        })
        .await
    }

    pub async fn payout(&self, payment_id: &str) -> Result<Option<Payout>, StoreError> {
        let payment_id = payment_id.to_owned();
        self.look(move |tx| by_payment(tx, &payment_id)).await
    }
}

/// Writes a payout down, unless there is one of this name; tells whether it is new. After an error nothing is written. `address`:
/// the customer's IP address, used where the shop knows none.
pub fn ask(
    tx: &mut Tx<'_>,
    payment_id: &str,
    order: &PayoutOrder,
    address: Option<&str>,
    now: i64,
) -> Result<(Payout, bool), PayoutError> {
    if let Some(known) = by_payment(tx, payment_id)? {
        return if known.is(order) { Ok((known, false)) } else { Err(PayoutError::NameTaken) };
    }
    if names_a_purchase(tx, payment_id)? {
        return Err(PayoutError::NameTaken);
    }
    let orders = with_address(orders::of_customer(tx, &order.customer_id)?, address);
    let payout = Payout::begin(payment_id.to_owned(), order, &orders, now)?;
    insert(tx, &payout)?;
    Ok((payout, true))
}

/// The customer's orders. If none has an IP address, the newest gets this one.
pub fn with_address(mut orders: Vec<Order>, address: Option<&str>) -> Vec<Order> {
    let unknown = orders.iter().all(|order| order.ip_address.is_none());
    if let Some(newest) = orders.first_mut().filter(|_| unknown) {
        newest.ip_address = address.map(str::to_owned);
    }
    orders
}

pub fn by_payment(tx: &mut Tx<'_>, payment_id: &str) -> Result<Option<Payout>, StoreError> {
    tx.first("SELECT * FROM payouts WHERE lower(payment_id) = ?1", params![payment_id.to_ascii_lowercase()])
}

/// Whether a payment of an order has this id, or may get it: their ids are the order's number and a count.
pub fn names_a_purchase(tx: &mut Tx<'_>, payment_id: &str) -> Result<bool, StoreError> {
    let name = payment_id.rsplit_once('-').map_or(payment_id, |(name, _)| name);
    tx.one(
        "SELECT EXISTS (SELECT 1 FROM attempts WHERE lower(payment_id) IN (?1, ?2)) OR EXISTS (SELECT 1 FROM orders WHERE number = ?3)",
        params![payment_id.to_ascii_lowercase(), format!("{name}-1").to_ascii_lowercase(), name.to_ascii_uppercase()],
    )
}

/// Newest first.
pub fn to_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<Payout>, StoreError> {
    tx.all("SELECT * FROM payouts WHERE customer_id = ?1 ORDER BY asked_at DESC, payment_id DESC", params![customer_id])
}

fn insert(tx: &mut Tx<'_>, payout: &Payout) -> Result<(), StoreError> {
    let Payout { payment_id, amount, progress, asked_at, .. } = payout;
    let more = [
        ("method", payout.method.into()),
        ("customer_id", payout.customer_id.as_str().into()),
        ("ip_address", payout.ip_address.as_str().into()),
        ("account", (&payout.account).into()),
        ("full_name", (&payout.full_name).into()),
    ];
    let (kind, name) = (MoneyKind::Payout, payment_id.as_str());
    transfers::insert(tx, &New { kind, name, payment_id, amount: *amount, progress: *progress, asked_at: *asked_at, more: &more })
}
