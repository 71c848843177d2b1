//! What is known of one customer.

use crate::{
    domain::orders::history::CustomerHistory,
    server::store::{
        database::{Store, StoreError},
        engine::Tx,
        money::{payouts, refunds},
        shop::orders,
    },
};

impl Store {
    /// `None`: nobody of this id ever bought or was paid.
    pub async fn customer_history(&self, customer_id: &str) -> Result<Option<CustomerHistory>, StoreError> {
        let customer_id = customer_id.to_owned();
        self.look(move |tx| customer_history(tx, &customer_id)).await
    }

    /// What changes on the customer's page by itself, in short.
    pub async fn customer_news(&self, customer_id: &str) -> Result<Option<String>, StoreError> {
        let customer_id = customer_id.to_owned();
        self.look(move |tx| {
            let payouts = payouts::to_customer(tx, &customer_id)?;
            Ok((!payouts.is_empty()).then(|| CustomerHistory::news_of(&payouts)))
        })
        .await
    }
}

fn customer_history(tx: &mut Tx<'_>, customer_id: &str) -> Result<Option<CustomerHistory>, StoreError> {
    let orders = orders::of_customer(tx, customer_id)?;
    let mut all_refunds = Vec::new();
    for attempt in orders.iter().flat_map(|order| &order.attempts) {
        all_refunds.extend(refunds::of_payment(tx, &attempt.payment_id)?);
    }
    let payouts = payouts::to_customer(tx, customer_id)?;
    let known = !orders.is_empty() || !payouts.is_empty();
    Ok(known.then(|| CustomerHistory { customer_id: customer_id.to_owned(), orders, refunds: all_refunds, payouts }))
}
