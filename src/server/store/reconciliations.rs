//! Comparisons with the platform's register: begun, followed, ended, and their differences until they are healed.

use sqlx::{FromRow, Sqlite, Transaction};

use super::{
    Store, StoreError, acts,
    differences::{self, insert},
};
use crate::domain::reconciliation::{Difference, End, Interval, Outcome, Run};

#[derive(FromRow)]
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

/// What came of a comparison: its differences, or why nobody knows.
pub type Compared<'a> = Result<&'a [Difference], String>;

/// What came of comparing an interval, whatever was tried before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
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
    pub async fn begin_reconciliation(&self, by: &str, interval: Interval, now: i64) -> Result<Option<i64>, StoreError> {
        let mut tx = self.begin().await?;
        let under_way: i64 =
            sqlx::query_scalar("SELECT count(*) FROM reconciliations WHERE finished_at IS NULL").fetch_one(&mut *tx).await?;
        if under_way > 0 {
            return Ok(None);
        }
        let id = begin(&mut tx, by, interval, now).await?;
        acts::note(&mut tx, by, "reconcile", &format!("reconciliation {id}"), "", now).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// So far it came in the register.
    pub async fn reconciliation_reads(&self, id: i64, rows: usize, total: usize) -> Result<(), StoreError> {
        sqlx::query("UPDATE reconciliations SET read_rows = ?, total_rows = ? WHERE id = ? AND finished_at IS NULL")
            .bind(i64::try_from(rows).unwrap_or(i64::MAX))
            .bind(i64::try_from(total).unwrap_or(i64::MAX))
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Ends one that is under way; one that was taken for broken off stays so.
    pub async fn end_reconciliation(&self, id: i64, compared: Compared<'_>, now: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        end(&mut tx, id, compared, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Writes one down that is over already: nobody waited for it here.
    pub async fn note_reconciliation(
        &self,
        by: &str,
        interval: Interval,
        started_at: i64,
        compared: Compared<'_>,
        now: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let (outcome, problem) = told(&compared);
        let (id,): (i64,) = sqlx::query_as(
            "INSERT INTO reconciliations (from_at, before_at, started_at, started_by, finished_at, outcome, problem) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        )
        .bind(interval.from)
        .bind(interval.before)
        .bind(started_at)
        .bind(by)
        .bind(now)
        .bind(outcome.name())
        .bind(problem)
        .fetch_one(&mut *tx)
        .await?;
        for difference in compared.unwrap_or_default() {
            insert(&mut tx, id, difference).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// After a start: whatever was under way ended with the last process.
    pub async fn reconciliations_broke_off(&self, now: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE reconciliations SET finished_at = ?, outcome = 'broke off' WHERE finished_at IS NULL")
            .bind(now)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The newest ones first.
    pub async fn reconciliations(&self, most: u32) -> Result<Vec<Run>, StoreError> {
        let query = format!("{RUNS} ORDER BY id DESC LIMIT ?");
        let rows: Vec<RunRow> = sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(most).fetch_all(self.reading()).await?;
        rows.into_iter().map(RunRow::into_run).collect()
    }

    pub async fn reconciliation(&self, id: i64) -> Result<Option<Run>, StoreError> {
        let query = format!("{RUNS} WHERE id = ?");
        let row: Option<RunRow> = sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(id).fetch_optional(self.reading()).await?;
        row.map(RunRow::into_run).transpose()
    }

    /// What came of comparing exactly this interval, as far as somebody began to.
    pub async fn reconciled_by(&self, by: &str, interval: Interval) -> Result<Tried, StoreError> {
        let (answered, under_way, failed_at): (bool, bool, Option<i64>) = sqlx::query_as(
            "SELECT coalesce(max(outcome IN ('agreed', 'differed')), 0), coalesce(max(finished_at IS NULL), 0),
                    max(finished_at) FILTER (WHERE outcome = 'failed')
             FROM reconciliations WHERE started_by = ? AND from_at = ? AND before_at = ?",
        )
        .bind(by)
        .bind(interval.from)
        .bind(interval.before)
        .fetch_one(self.reading())
        .await?;
        Ok(match failed_at {
            _ if answered => Tried::Answered,
            _ if under_way => Tried::UnderWay,
            Some(at) => Tried::Failed { at },
            None => Tried::Never,
        })
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
        let mut tx = self.begin().await?;
        let is_gone = differences::compared_again(&mut tx, by, difference_id, now_differs, now).await?;
        tx.commit().await?;
        Ok(is_gone)
    }
}

async fn begin(tx: &mut Transaction<'static, Sqlite>, by: &str, interval: Interval, now: i64) -> Result<i64, StoreError> {
    let (id,): (i64,) =
        sqlx::query_as("INSERT INTO reconciliations (from_at, before_at, started_at, started_by) VALUES (?, ?, ?, ?) RETURNING id")
            .bind(interval.from)
            .bind(interval.before)
            .bind(now)
            .bind(by)
            .fetch_one(&mut **tx)
            .await?;
    Ok(id)
}

async fn end(tx: &mut Transaction<'static, Sqlite>, id: i64, compared: Compared<'_>, now: i64) -> Result<(), StoreError> {
    let (outcome, problem) = told(&compared);
    let ended =
        sqlx::query("UPDATE reconciliations SET finished_at = ?, outcome = ?, problem = ? WHERE id = ? AND finished_at IS NULL")
            .bind(now)
            .bind(outcome.name())
            .bind(problem)
            .bind(id)
            .execute(&mut **tx)
            .await?;
    if ended.rows_affected() == 1 {
        for difference in compared.unwrap_or_default() {
            insert(tx, id, difference).await?;
        }
    }
    Ok(())
}

fn told(compared: &Compared<'_>) -> (Outcome, Option<String>) {
    match compared {
        Ok([]) => (Outcome::Agreed, None),
        Ok(_) => (Outcome::Differed, None),
        Err(problem) => (Outcome::Failed, Some(problem.clone())),
    }
}

impl RunRow {
    fn into_run(self) -> Result<Run, StoreError> {
        let end = match (self.finished_at, self.outcome) {
            (Some(at), Some(outcome)) => {
                let outcome = Outcome::from_name(&outcome).ok_or(StoreError::Inconsistent("comparison"))?;
                Some(End { at, outcome, problem: self.problem })
            }
            _ => None,
        };
        Ok(Run {
            id: self.id,
            interval: Interval { from: self.from_at, before: self.before_at },
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
