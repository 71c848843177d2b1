//! Direct sales: taken to be sent, answered, or lost on the way.

use crate::server::store::About;
use crate::server::store::engine::{Tx, params};

use super::{
    Store, StoreError,
    orders::{self, By},
    registry,
};
use crate::domain::{customer::LastName, order::Order, progress::Progress};

impl Store {
    /// Takes a sale that was never sent, to send it now. Nobody else gets it any more.
    pub async fn claim_sale(&self, payment_id: &str) -> Result<Option<Order>, StoreError> {
        let payment_id = payment_id.to_owned();
        self.decide(About::Payment(payment_id.clone()), move |tx| claim_sale(tx, &payment_id)).await
    }

    /// What the platform's answer made of it. A refusal ends the attempt, unless its end was heard already.
    pub async fn sale_answered(
        &self,
        payment_id: &str,
        progress: Progress,
        code: Option<&str>,
        now: i64,
    ) -> Result<(), StoreError> {
        let payment_id = payment_id.to_owned();
        let code = code.map(str::to_owned);
        self.decide(About::Payment(payment_id.clone()), move |tx| sale_answered(tx, &payment_id, progress, code.as_deref(), now))
            .await
    }

    /// The platform does not know a sale of which nobody knew whether it was taken on: it ends here.
    pub async fn sale_never_arrived(&self, payment_id: &str, now: i64) -> Result<(), StoreError> {
        let payment_id = payment_id.to_owned();
        self.decide(About::Payment(payment_id.clone()), move |tx| sale_never_arrived(tx, &payment_id, now)).await
    }

    /// After a start: sales that were being sent when the last process ended may have arrived.
    pub async fn doubt_sales_being_sent(&self) -> Result<(), StoreError> {
        self.decide(About::Shop, move |tx| doubt_sales_being_sent(tx)).await
    }

    /// The platform has the last name it asked for.
    pub async fn last_name_given(&self, payment_id: &str, last_name: &LastName) -> Result<(), StoreError> {
        let payment_id = payment_id.to_owned();
        let last_name = last_name.clone();
        self.decide(About::Payment(payment_id.clone()), move |tx| last_name_given(tx, &payment_id, &last_name)).await
    }
}

fn sale_never_arrived(tx: &mut Tx<'_>, payment_id: &str, now: i64) -> Result<(), StoreError> {
    let lost: Option<i64> = tx.first("SELECT 1 FROM attempts WHERE payment_id = ?1 AND sale = 'unknown'", params![payment_id])?;
    match lost {
        Some(_) => sale_answered(tx, payment_id, Progress::Declined, None, now),
        None => Ok(()),
    }
}

fn claim_sale(tx: &mut Tx<'_>, payment_id: &str) -> Result<Option<Order>, StoreError> {
    let claimed =
        tx.execute("UPDATE attempts SET sale = 'sending' WHERE payment_id = ?1 AND sale = 'stored'", params![payment_id])?;
    if claimed == 0 {
        return Ok(None);
    }
    let stored = orders::load(tx, By::Payment(payment_id))?;
    Ok(stored.map(|stored| stored.order))
}

fn sale_answered(tx: &mut Tx<'_>, payment_id: &str, progress: Progress, code: Option<&str>, now: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE attempts SET sale = ?1 WHERE payment_id = ?2 AND sale IN ('sending', 'unknown')",
        params![progress.name(), payment_id],
    )?;
    if progress == Progress::Declined {
        tx.execute(
            "UPDATE attempts SET status = 'decline', status_at = ?1, code = ?2 WHERE payment_id = ?3 AND status IS NULL",
            params![now, code, payment_id],
        )?;
        registry::refresh_order_of(tx, payment_id)?;
    }
    Ok(())
}

fn doubt_sales_being_sent(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute("UPDATE attempts SET sale = 'unknown' WHERE sale = 'sending'", params![])?;
    Ok(())
}

fn last_name_given(tx: &mut Tx<'_>, payment_id: &str, last_name: &LastName) -> Result<(), StoreError> {
    tx.execute("UPDATE attempts SET asks_last_name = 0 WHERE payment_id = ?1", params![payment_id])?;
    tx.execute(
        "UPDATE orders SET last_name = ?1 WHERE id = (SELECT order_id FROM attempts WHERE payment_id = ?2)",
        params![last_name.as_str(), payment_id],
    )?;
    Ok(())
}
