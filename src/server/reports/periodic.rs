//! Worker: after each finished day, week or month its report is put into a folder as CSV.
//!
//! A file appears whole, under its name, or not at all; one that is there already is never touched. Periods missed while the
//! shop stood still are caught up: from the last one whose file is there, at most [`CAUGHT_UP`] of them.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::tz::TimeZone;

use crate::{
    config::periodic::{Every, Periodic},
    domain::report::{Day, Part, ReportFilter},
    server::{
        reports::{draw_up, exported},
        running::calendar,
        state::AppState,
        store::{Store, StoreError},
    },
};

/// Periods that are caught up at most.
pub const CAUGHT_UP: usize = 31;

/// How often the shop looks whether a period is over.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Seconds after the end of a period in which something may still be written down as having happened before it.
const SETTLED_AFTER_S: i64 = 60;

/// Seconds after a failure in which nothing is tried again.
const PAUSE_S: i64 = 60;

#[derive(Debug, thiserror::Error)]
pub enum NotWritten {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}: {1}")]
    Folder(PathBuf, io::Error),
    #[error("the merchant's day is not known")]
    NoDay,
}

/// The newest period that was over before this day: its first and last day.
fn last_before(every: Every, today: Day) -> (Day, Day) {
    let first = match every {
        Every::Day => today,
        Every::Week => today.back(calendar::weekday(today).unsigned_abs().saturating_sub(1).into()),
        Every::Month => today.first_of_month(),
    };
    let last = first.previous();
    let first = match every {
        Every::Day => last,
        Every::Week => last.back(6),
        Every::Month => last.first_of_month(),
    };
    (first, last)
}

/// Goes on until the shop stops.
pub async fn run(state: AppState) {
    let Some(periodic) = state.config.reports.clone() else { return };
    let mut look = tokio::time::interval(LOOK_EVERY);
    let (mut done_on, mut not_before) = (None, i64::MIN);
    loop {
        tokio::select! {
            _ = look.tick() => {}
            () = state.stopped() => return,
        }
        let now = state.now();
        let today = calendar::day_of(&state.config.time_zone, now.saturating_sub(SETTLED_AFTER_S));
        if today == done_on || now < not_before {
            continue;
        }
        match write_what_is_missing(&state.store, &state.config.time_zone, &periodic, now).await {
            Ok(()) => done_on = today,
            Err(error) => {
                tracing::error!(%error, "a periodic report could not be written; it is tried again");
                not_before = now.saturating_add(PAUSE_S);
            }
        }
    }
}

/// Oldest first.
async fn write_what_is_missing(store: &Store, zone: &TimeZone, periodic: &Periodic, now: i64) -> Result<(), NotWritten> {
    let folder = |error| NotWritten::Folder(periodic.folder.clone(), error);
    fs::create_dir_all(&periodic.folder).map_err(folder)?;
    let today = calendar::day_of(zone, now.saturating_sub(SETTLED_AFTER_S)).ok_or(NotWritten::NoDay)?;
    for filter in missing(periodic, today) {
        let report = draw_up(store, zone, filter, now).await?;
        let csv = exported::figures_export(filter, zone).csv(&exported::figures(&report));
        let path = periodic.folder.join(file_name(periodic.every, filter));
        put(&path, &csv).map_err(|error| NotWritten::Folder(path.clone(), error))?;
        tracing::info!(path = %path.display(), "a periodic report is written");
    }
    Ok(())
}

/// Periods that are over and have no file, back to the newest that has one. With none at all, the last period alone.
fn missing(periodic: &Periodic, today: Day) -> Vec<ReportFilter> {
    let mut filters = Vec::new();
    let mut before = today;
    for _ in 0..CAUGHT_UP {
        let (from, to) = last_before(periodic.every, before);
        let filter = ReportFilter { from, to, part: Part::default() };
        if periodic.folder.join(file_name(periodic.every, filter)).exists() {
            filters.reverse();
            return filters;
        }
        filters.push(filter);
        before = from;
    }
    let is_first = !has_any(periodic);
    filters.truncate(if is_first { 1 } else { CAUGHT_UP });
    filters.reverse();
    filters
}

/// Whether a report of this kind was ever put there.
fn has_any(periodic: &Periodic) -> bool {
    let begins = format!("report-{}-", periodic.every.name());
    let files = fs::read_dir(&periodic.folder).into_iter().flatten().flatten();
    files.map(|file| file.file_name()).any(|name| name.to_str().is_some_and(|name| name.starts_with(&begins)))
}

/// `report-week-2026-11-02-2026-11-08.csv`
fn file_name(every: Every, filter: ReportFilter) -> String {
    match every {
        Every::Day => format!("report-day-{}.csv", filter.from),
        every => format!("report-{}-{}-{}.csv", every.name(), filter.from, filter.to),
    }
}

/// Writes the file under another name first, and links it to its own: a link, unlike a renaming, replaces no file. File systems
/// without links rename.
fn put(path: &Path, text: &str) -> io::Result<()> {
    let unfinished = path.with_extension("csv.part");
    let file = fs::File::create(&unfinished)?;
    io::Write::write_all(&mut &file, text.as_bytes())?;
    file.sync_all()?;
    let put = match fs::hard_link(&unfinished, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(_) if !path.exists() => return fs::rename(&unfinished, path),
        put => put,
    };
    fs::remove_file(&unfinished)?;
    put
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_over_when_its_last_day_is() {
        for (every, today, from, to) in [
            (Every::Day, "2026-11-01", "2026-10-31", "2026-10-31"),
            (Every::Week, "2026-11-01", "2026-10-19", "2026-10-25"), // a Sunday
            (Every::Week, "2026-11-02", "2026-10-26", "2026-11-01"),
            (Every::Month, "2026-11-30", "2026-10-01", "2026-10-31"),
            (Every::Month, "2026-12-01", "2026-11-01", "2026-11-30"),
        ] {
            assert_eq!(last_before(every, day(today)), (day(from), day(to)), "{every:?} {today}");
        }
    }
}
