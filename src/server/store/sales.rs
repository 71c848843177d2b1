//! Direct sales: taken to be sent, answered, or lost on the way.

use super::{
    Store, StoreError,
    orders::{self, By},
    registry,
};
use crate::domain::{customer::LastName, order::Order, progress::Progress};

impl Store {
    /// Takes a sale that was never sent, to send it now. Nobody else gets it any more.
    pub async fn claim_sale(&self, payment_id: &str) -> Result<Option<Order>, StoreError> {
        let mut tx = self.begin().await?;
        let claimed = sqlx::query("UPDATE attempts SET sale = 'sending' WHERE payment_id = ? AND sale = 'stored'")
            .bind(payment_id)
            .execute(&mut *tx)
            .await?;
        if claimed.rows_affected() == 0 {
            return Ok(None);
        }
        let stored = orders::load(&mut tx, By::Payment(payment_id)).await?;
        tx.commit().await?;
        Ok(stored.map(|stored| stored.order))
    }

    /// What the platform's answer made of it. A refusal ends the attempt, unless its end was heard already.
    pub async fn sale_answered(
        &self,
        payment_id: &str,
        progress: Progress,
        code: Option<&str>,
        now: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE attempts SET sale = ? WHERE payment_id = ? AND sale IN ('sending', 'unknown')")
            .bind(progress.name())
            .bind(payment_id)
            .execute(&mut *tx)
            .await?;
        if progress == Progress::Declined {
            sqlx::query("UPDATE attempts SET status = 'decline', status_at = ?, code = ? WHERE payment_id = ? AND status IS NULL")
                .bind(now)
                .bind(code)
                .bind(payment_id)
                .execute(&mut *tx)
                .await?;
            registry::refresh_order_of(&mut tx, payment_id).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The platform does not know a sale of which nobody knew whether it was taken on: it ends here.
    pub async fn sale_never_arrived(&self, payment_id: &str, now: i64) -> Result<(), StoreError> {
        let lost: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM attempts WHERE payment_id = ? AND sale = 'unknown'")
            .bind(payment_id)
            .fetch_optional(self.reading())
            .await?;
        match lost {
            Some(_) => self.sale_answered(payment_id, Progress::Declined, None, now).await,
            None => Ok(()),
        }
    }

    /// After a start: sales that were being sent when the last process ended may have arrived.
    pub async fn doubt_sales_being_sent(&self) -> Result<(), StoreError> {
        sqlx::query("UPDATE attempts SET sale = 'unknown' WHERE sale = 'sending'").execute(&self.writer).await?;
        Ok(())
    }

    /// The platform has the last name it asked for. `None`: somebody gave it who is not the order's customer; it is not kept.
    pub async fn last_name_given(&self, payment_id: &str, last_name: Option<&LastName>) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE attempts SET asks_last_name = 0 WHERE payment_id = ?").bind(payment_id).execute(&mut *tx).await?;
        sqlx::query(
            "UPDATE orders SET last_name = coalesce(?, last_name) WHERE id = (SELECT order_id FROM attempts WHERE payment_id = ?)",
        )
        .bind(last_name.map(LastName::as_str))
        .bind(payment_id)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }
}
