//! Payouts: written down, taken to be sent, answered. One name is one payout, whoever asks, however often.

use crate::{
    domain::{
        batch::needs_approval,
        books::MoneyKind,
        money::Currency,
        orders::order::Order,
        people::operator::{Operator, SumLimits},
        transfers::{
            payout::{Account, FullName, NotPayable, Payout, PayoutOrder},
            progress::Progress,
        },
    },
    platform::Method,
    server::store::{
        about::About,
        columns::money,
        database::{Store, StoreError},
        engine::{Tx, params, row},
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
    /// Together with what its operator paid out alone in the last day.
    #[error("this is above what one person pays out alone")]
    NeedsSecondPerson,
}

row! {
    pub struct PayoutRow {
        payment_id: String,
        method: String,
        customer_id: String,
        ip_address: String,
        account: String,
        full_name: String,
        amount_minor: i64,
        currency: String,
        progress: String,
        code: Option<String>,
        asked_at: i64,
    }
}

impl Store {
    /// Writes down that money is to be paid out. The same name again is the same payout, never a second one.
    pub async fn ask_payout(&self, payment_id: &str, order: &PayoutOrder, now: i64) -> Result<Payout, PayoutError> {
        let payment_id = payment_id.to_owned();
        let order = order.clone();
        self.decide(About::Payment(payment_id.clone()), move |tx| ask_payout(tx, &payment_id, &order, now)).await
    }

    /// The same for an operator, whose act it is, as far as one person pays out alone.
    pub async fn ask_payout_for(
        &self,
        operator: &Operator,
        payment_id: &str,
        order: &PayoutOrder,
        limits: &SumLimits,
        now: i64,
    ) -> Result<Payout, PayoutError> {
        let operator = operator.clone();
        let payment_id = payment_id.to_owned();
        let order = order.clone();
        let limits = limits.clone();
        self.decide(About::Payment(payment_id.clone()), move |tx| ask_payout_for(tx, &operator, &payment_id, &order, &limits, now))
            .await
    }

    pub async fn payout(&self, payment_id: &str) -> Result<Option<Payout>, StoreError> {
        let payment_id = payment_id.to_owned();
        self.look(move |tx| payout(tx, &payment_id)).await
    }
}

fn ask_payout(tx: &mut Tx<'_>, payment_id: &str, order: &PayoutOrder, now: i64) -> Result<Payout, PayoutError> {
    let (payout, _) = ask(tx, payment_id, order, None, now)?;
    Ok(payout)
}

fn ask_payout_for(
    tx: &mut Tx<'_>,
    operator: &Operator,
    payment_id: &str,
    order: &PayoutOrder,
    limits: &SumLimits,
    now: i64,
) -> Result<Payout, PayoutError> {
    let alone = allowance::started_alone(tx, operator.id, now)?;
    let (payout, new) = ask(tx, payment_id, order, None, now)?;
    if new {
        if needs_approval(&[payout.amount], &alone, limits) {
            return Err(PayoutError::NeedsSecondPerson);
        }
        tx.execute(
            "UPDATE transfers SET asked_by = ?1 WHERE kind = 'payout' AND payment_id = ?2",
            params![operator.id, payment_id],
        )?;
        let detail = format!("{} to customer {}", payout.amount, payout.customer_id);
        acts::note(tx, &operator.email, "pay out", &format!("payment {payment_id}"), &detail, now)?;
    }
    Ok(payout)
}

fn payout(tx: &mut Tx<'_>, payment_id: &str) -> Result<Option<Payout>, StoreError> {
    by_payment(tx, payment_id)
}

/// Writes a payout down in somebody's transaction, unless its name already has; tells whether it is new. After an error nothing
/// is written. `address` is the customer's, taken where the shop knows none.
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

/// The customer's orders, as if the newest had this address in case none has one.
pub fn with_address(mut orders: Vec<Order>, address: Option<&str>) -> Vec<Order> {
    let unknown = orders.iter().all(|order| order.ip_address.is_none());
    if let Some(newest) = orders.first_mut().filter(|_| unknown) {
        newest.ip_address = address.map(str::to_owned);
    }
    orders
}

pub fn by_payment(tx: &mut Tx<'_>, payment_id: &str) -> Result<Option<Payout>, StoreError> {
    let row: Option<PayoutRow> = tx.first("SELECT * FROM payouts WHERE payment_id = ?1", params![payment_id])?;
    row.map(|row| row.into_payout().ok_or(StoreError::Inconsistent("payout"))).transpose()
}

/// Payments of orders are called by one name and a count: those names are kept for them.
pub fn names_a_purchase(tx: &mut Tx<'_>, payment_id: &str) -> Result<bool, StoreError> {
    let name = payment_id.rsplit_once('-').map_or(payment_id, |(name, _)| name);
    tx.one(
        "SELECT EXISTS (SELECT 1 FROM attempts WHERE payment_id IN (?1, ?2)) OR EXISTS (SELECT 1 FROM orders WHERE number = upper(?3))",
        params![payment_id, format!("{name}-1"), name],
    )
}

/// Newest first.
pub fn to_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<Payout>, StoreError> {
    let rows: Vec<PayoutRow> =
        tx.all("SELECT * FROM payouts WHERE customer_id = ?1 ORDER BY asked_at DESC, payment_id DESC", params![customer_id])?;
    of_rows(rows)
}

pub fn of_rows(rows: Vec<PayoutRow>) -> Result<Vec<Payout>, StoreError> {
    rows.into_iter().map(|row| row.into_payout().ok_or(StoreError::Inconsistent("payout"))).collect()
}

fn insert(tx: &mut Tx<'_>, payout: &Payout) -> Result<(), StoreError> {
    let Payout { payment_id, amount, progress, asked_at, .. } = payout;
    let more = [
        ("method", payout.method.rules().code.into()),
        ("customer_id", payout.customer_id.as_str().into()),
        ("ip_address", payout.ip_address.as_str().into()),
        ("account", payout.account.as_str().into()),
        ("full_name", payout.full_name.as_str().into()),
    ];
    let (kind, name) = (MoneyKind::Payout, payment_id.as_str());
    transfers::insert(tx, &New { kind, name, payment_id, amount: *amount, progress: *progress, asked_at: *asked_at, more: &more })
}

impl PayoutRow {
    fn into_payout(self) -> Option<Payout> {
        Some(Payout {
            payment_id: self.payment_id,
            method: Method::from_code(&self.method)?,
            customer_id: self.customer_id,
            ip_address: self.ip_address,
            account: Account::parse(&self.account).ok()?,
            full_name: FullName::parse(&self.full_name).ok()?,
            amount: money(self.amount_minor, Currency::from_code(&self.currency)?)?,
            progress: Progress::from_name(&self.progress)?,
            code: self.code,
            asked_at: self.asked_at,
        })
    }
}
