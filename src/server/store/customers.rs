//! What is known of one customer.

use super::{Store, StoreError, payouts, refunds};
use crate::domain::history::CustomerHistory;

impl Store {
    /// `None`: nobody of this id ever bought or was paid.
    pub async fn customer_history(&self, customer_id: &str) -> Result<Option<CustomerHistory>, StoreError> {
        let mut reading = self.reading().begin().await?;
        let orders = payouts::of_customer(&mut reading, customer_id).await?;
        let mut all_refunds = Vec::new();
        for attempt in orders.iter().flat_map(|order| &order.attempts) {
            all_refunds.extend(refunds::of_payment(&mut reading, &attempt.payment_id).await?);
        }
        let payouts = payouts::to_customer(&mut reading, customer_id).await?;
        let known = !orders.is_empty() || !payouts.is_empty();
        Ok(known.then(|| CustomerHistory { customer_id: customer_id.to_owned(), orders, refunds: all_refunds, payouts }))
    }

    /// What changes on the customer's page by itself, in short.
    pub async fn customer_news(&self, customer_id: &str) -> Result<Option<String>, StoreError> {
        let mut reading = self.reading().begin().await?;
        let payouts = payouts::to_customer(&mut reading, customer_id).await?;
        Ok((!payouts.is_empty()).then(|| CustomerHistory::news_of(&payouts)))
    }
}
