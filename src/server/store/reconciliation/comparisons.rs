//! Comparisons with the platform's register: begun, followed, ended, and their differences until they are healed.

use crate::{
    domain::{
        day::TimeSpan,
        reconciliation::{Comparison, ComparisonOutcome, Difference, End},
    },
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{FromRow, Row, Tx, params, read},
        people::acts,
        reconciliation::differences::{self, insert},
    },
};

impl FromRow for Comparison {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let end: (Option<i64>, Option<ComparisonOutcome>) = (row.named("finished_at")?, row.named("outcome")?);
        let end = match end {
            (Some(at), Some(outcome)) => Some(End { at, outcome, problem: row.named("problem")? }),
            _ => None,
        };
        read!(row => {
            id, started_at, started_by, found, healed,
        } and {
            interval: TimeSpan { from: row.named("from_at")?, before: row.named("before_at")? },
            read: row.named("read_rows")?,
            total: row.named("total_rows")?,
            end: end,
        })
    }
}

/// What came of a comparison: its differences, or why nobody knows.
pub type Compared<'a> = Result<&'a [Difference], String>;

/// What came of comparing an interval, whatever was tried before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastComparison {
    /// Or it broke off, with the shop.
    Never,
    UnderWay,
    /// The register could not be read, the last time at this moment (Unix seconds).
    Failed {
        at: i64,
    },
    /// Both sides agreed or differed.
    Answered,
}

const RUNS: &str = "
    SELECT *, (SELECT count(*) FROM differences WHERE reconciliation_id = reconciliations.id) AS found,
           (SELECT count(*) FROM differences WHERE reconciliation_id = reconciliations.id AND healed_at IS NOT NULL) AS healed
    FROM reconciliations";

impl Store {
    /// Begins a comparison, unless one is under way. Gives back its number. `run`: of the shop that does it.
    pub async fn begin_reconciliation(&self, by: &str, run: &str, interval: TimeSpan, now: i64) -> Result<Option<i64>, StoreError> {
        let (by, run) = (by.to_owned(), run.to_owned());
        self.decide(About::Itself, move |tx| {
            let under_way: i64 = tx.one("SELECT count(*) FROM reconciliations WHERE finished_at IS NULL", params![])?;
            if under_way > 0 {
                return Ok(None);
            }
            let id = begin(tx, &by, &run, interval, now)?;
            acts::note(tx, &by, "reconcile", &format!("reconciliation {id}"), "", now)?;
            Ok(Some(id))
        })
        .await
    }

    /// So far it came in the register.
    pub async fn reconciliation_reads(&self, id: i64, rows: usize, total: usize) -> Result<(), StoreError> {
        self.decide(About::Itself, move |tx| {
            tx.run(
                "UPDATE reconciliations SET read_rows = ?1, total_rows = ?2 WHERE id = ?3 AND finished_at IS NULL",
                params![i64::try_from(rows).unwrap_or(i64::MAX), i64::try_from(total).unwrap_or(i64::MAX), id],
            )
        })
        .await
    }

    /// Ends one that is under way; one that was taken for broken off stays so.
    pub async fn end_reconciliation(&self, id: i64, compared: Compared<'_>, now: i64) -> Result<(), StoreError> {
        let compared = compared.map(<[Difference]>::to_vec);
        self.decide(About::Itself, move |tx| end(tx, id, as_told(&compared), now)).await
    }

    /// Writes one down that is over already: nobody waited for it here.
    pub async fn note_reconciliation(
        &self,
        by: &str,
        interval: TimeSpan,
        started_at: i64,
        compared: Compared<'_>,
        now: i64,
    ) -> Result<(), StoreError> {
        let by = by.to_owned();
        let compared = compared.map(<[Difference]>::to_vec);
        self.decide(About::Itself, move |tx| note_reconciliation(tx, &by, interval, started_at, as_told(&compared), now)).await
    }

    /// After a start: whatever was under way ended with the last process.
    pub async fn reconciliations_broke_off(&self, now: i64) -> Result<(), StoreError> {
        self.decide(About::Itself, move |tx| {
            tx.run("UPDATE reconciliations SET finished_at = ?1, outcome = 'broke off' WHERE finished_at IS NULL", params![now])
        })
        .await
    }

    /// The newest ones first.
    pub async fn reconciliations(&self, most: u32) -> Result<Vec<Comparison>, StoreError> {
        self.look(move |tx| {
            let query = format!("{RUNS} ORDER BY id DESC LIMIT ?1");
            tx.all(&query, params![most])
        })
        .await
    }

    pub async fn reconciliation(&self, id: i64) -> Result<Option<Comparison>, StoreError> {
        self.look(move |tx| {
            let query = format!("{RUNS} WHERE id = ?1");
            tx.first(&query, params![id])
        })
        .await
    }

    /// What came of comparing exactly this interval, as far as somebody began to.
    pub async fn reconciled_by(&self, by: &str, interval: TimeSpan) -> Result<LastComparison, StoreError> {
        let by = by.to_owned();
        self.look(move |tx| reconciled_by(tx, &by, interval)).await
    }

    /// What a second comparison of one payment shows: what is gone is healed, what is new is written down.
    /// Gives back whether nothing about this difference is left.
    pub async fn compared_again(
        &self,
        by: &str,
        difference_id: i64,
        now_differs: Vec<Difference>,
        now: i64,
    ) -> Result<bool, StoreError> {
        let by = by.to_owned();
        self.decide(About::Itself, move |tx| differences::compared_again(tx, &by, difference_id, now_differs.clone(), now)).await
    }
}

fn as_told(compared: &Result<Vec<Difference>, String>) -> Compared<'_> {
    compared.as_deref().map_err(Clone::clone)
}

fn note_reconciliation(
    tx: &mut Tx<'_>,
    by: &str,
    interval: TimeSpan,
    started_at: i64,
    compared: Compared<'_>,
    now: i64,
) -> Result<(), StoreError> {
    let (outcome, problem) = told(&compared);
    let id: i64 = tx.one(
        "INSERT INTO reconciliations (from_at, before_at, started_at, started_by, finished_at, outcome, problem)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
        params![interval.from, interval.before, started_at, by, now, outcome, problem],
    )?;
    for difference in compared.unwrap_or_default() {
        insert(tx, id, difference)?;
    }
    Ok(())
}

fn reconciled_by(tx: &mut Tx<'_>, by: &str, interval: TimeSpan) -> Result<LastComparison, StoreError> {
    let (answered, under_way, failed_at): (bool, bool, Option<i64>) = tx.one(
        "SELECT count(*) FILTER (WHERE outcome IN ('agreed', 'differed')) > 0, count(*) FILTER (WHERE finished_at IS NULL) > 0,
                max(finished_at) FILTER (WHERE outcome = 'failed')
         FROM reconciliations WHERE started_by = ?1 AND from_at = ?2 AND before_at = ?3",
        params![by, interval.from, interval.before],
    )?;
    Ok(match failed_at {
        _ if answered => LastComparison::Answered,
        _ if under_way => LastComparison::UnderWay,
        Some(at) => LastComparison::Failed { at },
        None => LastComparison::Never,
    })
}

fn begin(tx: &mut Tx<'_>, by: &str, run: &str, interval: TimeSpan, now: i64) -> Result<i64, StoreError> {
    tx.one(
        "INSERT INTO reconciliations (from_at, before_at, started_at, started_by, run) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
        params![interval.from, interval.before, now, by, run],
    )
}

fn end(tx: &mut Tx<'_>, id: i64, compared: Compared<'_>, now: i64) -> Result<(), StoreError> {
    let (outcome, problem) = told(&compared);
    let ended = tx.execute(
        "UPDATE reconciliations SET finished_at = ?1, outcome = ?2, problem = ?3 WHERE id = ?4 AND finished_at IS NULL",
        params![now, outcome, problem, id],
    )?;
    if ended == 1 {
        for difference in compared.unwrap_or_default() {
            insert(tx, id, difference)?;
        }
    }
    Ok(())
}

fn told(compared: &Compared<'_>) -> (ComparisonOutcome, Option<String>) {
    match compared {
        Ok([]) => (ComparisonOutcome::Agreed, None),
        Ok(_) => (ComparisonOutcome::Differed, None),
        Err(problem) => (ComparisonOutcome::Failed, Some(problem.clone())),
    }
}
