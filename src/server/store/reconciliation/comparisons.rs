//! Comparisons with the platform's register: begun, followed, ended, and their differences until they are healed.

use crate::{
    domain::reconciliation::{ComparedInterval, Comparison, ComparisonOutcome, Difference, End},
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{Tx, params, row},
        people::acts,
        reconciliation::differences::{self, insert},
    },
};

row! {
    struct RunRow {
        id: i64,
        from_at: i64,
        before_at: i64,
        started_at: i64,
        started_by: String,
        read_rows: i64,
        total_rows: i64,
        finished_at: Option<i64>,
        outcome: Option<String>,
        problem: Option<String>,
        found: i64,
        healed: i64,
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
    /// Begins a comparison, unless one is under way. Gives back its number.
    pub async fn begin_reconciliation(&self, by: &str, interval: ComparedInterval, now: i64) -> Result<Option<i64>, StoreError> {
        let by = by.to_owned();
        self.decide(About::Shop, move |tx| begin_reconciliation(tx, &by, interval, now)).await
    }

    /// So far it came in the register.
    pub async fn reconciliation_reads(&self, id: i64, rows: usize, total: usize) -> Result<(), StoreError> {
        self.decide(About::Shop, move |tx| reconciliation_reads(tx, id, rows, total)).await
    }

    /// Ends one that is under way; one that was taken for broken off stays so.
    pub async fn end_reconciliation(&self, id: i64, compared: Compared<'_>, now: i64) -> Result<(), StoreError> {
        let compared = compared.map(<[Difference]>::to_vec);
        self.decide(About::Shop, move |tx| end_reconciliation(tx, id, as_told(&compared), now)).await
    }

    /// Writes one down that is over already: nobody waited for it here.
    pub async fn note_reconciliation(
        &self,
        by: &str,
        interval: ComparedInterval,
        started_at: i64,
        compared: Compared<'_>,
        now: i64,
    ) -> Result<(), StoreError> {
        let by = by.to_owned();
        let compared = compared.map(<[Difference]>::to_vec);
        self.decide(About::Shop, move |tx| note_reconciliation(tx, &by, interval, started_at, as_told(&compared), now)).await
    }

    /// After a start: whatever was under way ended with the last process.
    pub async fn reconciliations_broke_off(&self, now: i64) -> Result<(), StoreError> {
        self.decide(About::Shop, move |tx| reconciliations_broke_off(tx, now)).await
    }

    /// The newest ones first.
    pub async fn reconciliations(&self, most: u32) -> Result<Vec<Comparison>, StoreError> {
        self.look(move |tx| reconciliations(tx, most)).await
    }

    pub async fn reconciliation(&self, id: i64) -> Result<Option<Comparison>, StoreError> {
        self.look(move |tx| reconciliation(tx, id)).await
    }

    /// What came of comparing exactly this interval, as far as somebody began to.
    pub async fn reconciled_by(&self, by: &str, interval: ComparedInterval) -> Result<LastComparison, StoreError> {
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
        self.decide(About::Shop, move |tx| compared_again(tx, &by, difference_id, now_differs.clone(), now)).await
    }
}

fn begin_reconciliation(tx: &mut Tx<'_>, by: &str, interval: ComparedInterval, now: i64) -> Result<Option<i64>, StoreError> {
    let under_way: i64 = tx.one("SELECT count(*) FROM reconciliations WHERE finished_at IS NULL", params![])?;
    if under_way > 0 {
        return Ok(None);
    }
    let id = begin(tx, by, interval, now)?;
    acts::note(tx, by, "reconcile", &format!("reconciliation {id}"), "", now)?;
    Ok(Some(id))
}

fn reconciliation_reads(tx: &mut Tx<'_>, id: i64, rows: usize, total: usize) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE reconciliations SET read_rows = ?1, total_rows = ?2 WHERE id = ?3 AND finished_at IS NULL",
        params![i64::try_from(rows).unwrap_or(i64::MAX), i64::try_from(total).unwrap_or(i64::MAX), id],
    )?;
    Ok(())
}

fn as_told(compared: &Result<Vec<Difference>, String>) -> Compared<'_> {
    compared.as_deref().map_err(Clone::clone)
}

fn end_reconciliation(tx: &mut Tx<'_>, id: i64, compared: Compared<'_>, now: i64) -> Result<(), StoreError> {
    end(tx, id, compared, now)?;
    Ok(())
}

fn note_reconciliation(
    tx: &mut Tx<'_>,
    by: &str,
    interval: ComparedInterval,
    started_at: i64,
    compared: Compared<'_>,
    now: i64,
) -> Result<(), StoreError> {
    let (outcome, problem) = told(&compared);
    let (id,): (i64,) = tx.one("INSERT INTO reconciliations (from_at, before_at, started_at, started_by, finished_at, outcome, problem) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id", params![interval.from, interval.before, started_at, by, now, outcome.name(), problem])?;
    for difference in compared.unwrap_or_default() {
        insert(tx, id, difference)?;
    }
    Ok(())
}

fn reconciliations_broke_off(tx: &mut Tx<'_>, now: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE reconciliations SET finished_at = ?1, outcome = 'broke off' WHERE finished_at IS NULL", params![now])?;
    Ok(())
}

fn reconciliations(tx: &mut Tx<'_>, most: u32) -> Result<Vec<Comparison>, StoreError> {
    let query = format!("{RUNS} ORDER BY id DESC LIMIT ?1");
    let rows: Vec<RunRow> = tx.all(&query, params![most])?;
    rows.into_iter().map(RunRow::into_comparison).collect()
}

fn reconciliation(tx: &mut Tx<'_>, id: i64) -> Result<Option<Comparison>, StoreError> {
    let query = format!("{RUNS} WHERE id = ?1");
    let row: Option<RunRow> = tx.first(&query, params![id])?;
    row.map(RunRow::into_comparison).transpose()
}

fn reconciled_by(tx: &mut Tx<'_>, by: &str, interval: ComparedInterval) -> Result<LastComparison, StoreError> {
    let (answered, under_way, failed_at): (bool, bool, Option<i64>) = tx.one(
        "SELECT coalesce(max(outcome IN ('agreed', 'differed')), 0), coalesce(max(finished_at IS NULL), 0),
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

fn compared_again(
    tx: &mut Tx<'_>,
    by: &str,
    difference_id: i64,
    now_differs: Vec<Difference>,
    now: i64,
) -> Result<bool, StoreError> {
    let is_gone = differences::compared_again(tx, by, difference_id, now_differs, now)?;
    Ok(is_gone)
}

fn begin(tx: &mut Tx<'_>, by: &str, interval: ComparedInterval, now: i64) -> Result<i64, StoreError> {
    let (id,): (i64,) = tx.one(
        "INSERT INTO reconciliations (from_at, before_at, started_at, started_by) VALUES (?1, ?2, ?3, ?4) RETURNING id",
        params![interval.from, interval.before, now, by],
    )?;
    Ok(id)
}

fn end(tx: &mut Tx<'_>, id: i64, compared: Compared<'_>, now: i64) -> Result<(), StoreError> {
    let (outcome, problem) = told(&compared);
    let ended = tx.execute(
        "UPDATE reconciliations SET finished_at = ?1, outcome = ?2, problem = ?3 WHERE id = ?4 AND finished_at IS NULL",
        params![now, outcome.name(), problem, id],
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

impl RunRow {
    fn into_comparison(self) -> Result<Comparison, StoreError> {
        let end = match (self.finished_at, self.outcome) {
            (Some(at), Some(outcome)) => {
                let outcome = ComparisonOutcome::from_name(&outcome).ok_or(StoreError::Inconsistent("comparison"))?;
                Some(End { at, outcome, problem: self.problem })
            }
            _ => None,
        };
        Ok(Comparison {
            id: self.id,
            interval: ComparedInterval { from: self.from_at, before: self.before_at },
            started_at: self.started_at,
            started_by: self.started_by,
            read: self.read_rows.unsigned_abs(),
            total: self.total_rows.unsigned_abs(),
            end,
            found: self.found.unsigned_abs(),
            healed: self.healed.unsigned_abs(),
        })
    }
}
