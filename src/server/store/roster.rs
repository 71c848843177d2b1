//! The shops that run on one database, and which of them does what is done once. A shop that beats no more is gone, as the others
//! see it by clocks that never step; what it held is free again.

use crate::server::store::{
    about::About,
    database::{Store, StoreError, migrations::version},
    engine::{Tx, params, row},
};

row! {
    /// A shop as it stands in the database.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Beat {
        /// The name of one run of a shop; another start is another run.
        pub run: String,
        /// How often it said that it is there.
        pub beat: i64,
    }
}

impl Store {
    /// Whether other shops may run on this database: a file belongs to one.
    pub fn is_shared(&self) -> bool {
        self.is_server()
    }

    /// A shop begins.
    pub async fn join(&self, run: &str, now: i64) -> Result<(), StoreError> {
        let run = run.to_owned();
        self.decide(About::Itself, move |tx| {
            tx.run(
                "INSERT INTO shops (run, version, beat, joined_at) VALUES (?1, ?2, 0, ?3) ON CONFLICT (run) DO NOTHING",
                params![&run, version(), now],
            )
        })
        .await
    }

    /// It is still there. `false`: the others took it for gone, and it holds nothing any more.
    pub async fn beat(&self, run: &str) -> Result<bool, StoreError> {
        let run = run.to_owned();
        self.decide(About::Itself, move |tx| Ok(tx.execute("UPDATE shops SET beat = beat + 1 WHERE run = ?1", params![&run])? == 1))
            .await
    }

    pub async fn beats(&self) -> Result<Vec<Beat>, StoreError> {
        self.look(|tx| tx.all("SELECT run, beat FROM shops", params![])).await
    }

    /// A shop ends, or did not beat for too long since `beat`. `None`: whatever its beat.
    pub async fn leave(&self, run: &str, beat: Option<i64>, now: i64) -> Result<(), StoreError> {
        let run = run.to_owned();
        self.decide(About::Itself, move |tx| leave(tx, &run, beat, now)).await
    }

    /// Whether this run may do the work of this name: nobody else does.
    pub async fn take_work(&self, name: &'static str, run: &str) -> Result<bool, StoreError> {
        let run = run.to_owned();
        self.decide(About::Itself, move |tx| {
            tx.execute(
                "INSERT INTO work (name, run) SELECT ?1, run FROM shops WHERE run = ?2 ON CONFLICT (name) DO NOTHING",
                params![name, &run],
            )?;
            tx.one("SELECT count(*) > 0 FROM work WHERE name = ?1 AND run = ?2", params![name, &run])
        })
        .await
    }

    /// This run does it no more: another one may.
    pub async fn free_work(&self, name: &'static str, run: &str) -> Result<(), StoreError> {
        let run = run.to_owned();
        self.decide(About::Itself, move |tx| tx.run("DELETE FROM work WHERE name = ?1 AND run = ?2", params![name, &run])).await
    }
}

fn leave(tx: &mut Tx<'_>, run: &str, beat: Option<i64>, now: i64) -> Result<(), StoreError> {
    let gone = tx.execute("DELETE FROM shops WHERE run = ?1 AND beat = coalesce(CAST(?2 AS BIGINT), beat)", params![run, beat])?;
    if gone == 1 {
        tx.execute(
            "UPDATE reconciliations SET finished_at = ?1, outcome = 'broke off' WHERE finished_at IS NULL AND run = ?2",
            params![now, run],
        )?;
    }
    Ok(())
}
