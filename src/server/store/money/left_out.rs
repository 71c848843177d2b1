//! Transfers that the platform leaves out of its answers: after enough such answers it is certain that they never arrived.

use crate::{
    domain::{
        books::MoneyKind,
        transfers::silence::{Elapsed, LeftOut},
    },
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{Tx, params, row},
        money::transfers,
    },
};

row! {
    struct LeftOutRow {
        id: i64,
        kind: MoneyKind,
        name: String,
        left_out: u32,
        left_out_run: Option<String>,
        left_out_s: Option<i64>,
    }
}

impl Store {
    /// The platform, asked and understood in every part, left out whatever of these kinds it was not heard of.
    pub async fn transfers_left_out(
        &self,
        payment_id: &str,
        kinds: &[MoneyKind],
        elapsed: Elapsed,
        now: i64,
    ) -> Result<(), StoreError> {
        let (payment_id, kinds) = (payment_id.to_owned(), kinds.to_vec());
        let about = About::Payment(payment_id.clone());
        self.decide(about, move |tx| left_out(tx, &payment_id, &kinds, &elapsed, now)).await
    }
}

pub fn left_out(tx: &mut Tx<'_>, payment_id: &str, kinds: &[MoneyKind], elapsed: &Elapsed, now: i64) -> Result<(), StoreError> {
    let unknown: Vec<LeftOutRow> = tx.all(
        "SELECT id, kind, name, left_out, left_out_run, left_out_s FROM transfers WHERE payment_id = ?1 AND progress = 'unknown'",
        params![payment_id],
    )?;
    for row in unknown {
        let kind = row.kind;
        if !kinds.contains(&kind) {
            continue;
        }
        let last = row.left_out_run.zip(row.left_out_s).map(|(run, seconds)| Elapsed { run, seconds });
        let left_out = LeftOut { times: row.left_out, last }.once_more(kind, elapsed.clone());
        if left_out.is_certain(kind) {
            // Should the platform ever tell of it after all, that counts.
            tx.execute("UPDATE transfers SET progress = 'declined', ended_at = ?1 WHERE id = ?2", params![now, row.id])?;
            if kind == MoneyKind::Sale {
                transfers::end_sale(tx, &row.name, None, now)?;
            }
            continue;
        }
        let (run, seconds) = left_out.last.map_or((None, None), |last| (Some(last.run), Some(last.seconds)));
        tx.execute(
            "UPDATE transfers SET left_out = ?1, left_out_run = ?2, left_out_s = ?3 WHERE id = ?4",
            params![left_out.times, run, seconds, row.id],
        )?;
    }
    Ok(())
}
