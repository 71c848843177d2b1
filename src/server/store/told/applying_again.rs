//! A stored callback goes through the rules once more, as an operator's act.

use std::sync::Arc;

use crate::{
    domain::{orders::history::Callback, shop::product::Catalog},
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::Tx,
        people::acts,
        told::{
            incoming::{self, Reading},
            journal::{self, Recorded},
            readings,
        },
    },
};

impl Store {
    /// Applies a stored callback once more, as an operator's act.
    pub async fn apply_again(
        &self,
        operator: &str,
        callback: &Callback,
        readings: &[Reading],
        catalog: &Arc<Catalog>,
        next_order_key: &str,
        now: i64,
    ) -> Result<Recorded, StoreError> {
        let apply = |readings: Vec<Reading>| {
            let (operator, callback, catalog) = (operator.to_owned(), callback.clone(), catalog.clone());
            let next_order_key = next_order_key.to_owned();
            let about = About::Payment(callback.payment_id.clone());
            self.decide(about, move |tx| apply_again(tx, &operator, &callback, &readings, &catalog, &next_order_key, now))
        };
        match apply(readings.to_vec()).await {
            Err(StoreError::Inconsistent(_)) => apply(incoming::of_what_cannot_be_read(readings)).await,
            recorded => recorded,
        }
    }
}

fn apply_again(
    tx: &mut Tx<'_>,
    operator: &str,
    callback: &Callback,
    said: &[Reading],
    catalog: &Catalog,
    next_order_key: &str,
    now: i64,
) -> Result<Recorded, StoreError> {
    let cases = readings::take(tx, said, catalog, next_order_key, now)?;
    readings::open_cases(tx, &cases, &callback.payment_id, (callback.id, incoming::about(said)), now)?;
    let recorded = Recorded::of(said, &cases);
    journal::note_verdict(tx, callback.id, recorded)?;
    let subject = format!("payment {}", callback.payment_id);
    acts::note(tx, operator, "apply callback again", &subject, &format!("callback {}", callback.id), now)?;
    Ok(recorded)
}
