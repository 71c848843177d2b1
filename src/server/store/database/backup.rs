//! A copy of a SQLite shop that may be served meanwhile.
//!
//! `VACUUM INTO` reads the file at one moment, as a look does: decisions go on meanwhile, and none of them makes it begin again.
//! The copy is one file without companions, and nothing of removed rows is in it.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::Place;
use crate::server::store::engine::{
    StoreError,
    sqlite::{Access, connect},
};

/// Added to the name of a copy that is not complete.
const INCOMPLETE: &str = ".incomplete";

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(
        "the shop is on PostgreSQL, whose own program makes the backup:\n    \
         pg_dump --format=custom --file=shop.dump \"$DATABASE_URL\"\n\
         Into a new database it comes back so; `storefront check` then tells whether it is whole:\n    \
         pg_restore --exit-on-error --no-owner --dbname=\"$NEW_DATABASE_URL\" shop.dump"
    )]
    OfAServer,
    #[error("{} is there already; a backup never takes the place of a file", .0.display())]
    Taken(PathBuf),
    #[error("{} is there: another backup is being made, or one was interrupted; if none runs, remove it", .0.display())]
    Incomplete(PathBuf),
    #[error("the name of the backup is not readable text")]
    Name,
    #[error("the backup could not be made: {0}")]
    Store(#[from] StoreError),
    #[error("the backup could not be written: {0}")]
    File(#[from] io::Error),
}

/// Copies the shop of this address into a file that is not there yet. It is there whole, or not at all. It blocks.
pub fn back_up(address: &str, to: &Path) -> Result<(), BackupError> {
    let Place::File(shop) = Place::of(address)? else { return Err(BackupError::OfAServer) };
    if !shop.exists() {
        return Err(StoreError::NotThere(shop.to_owned()).into());
    }
    if to.symlink_metadata().is_ok() {
        return Err(BackupError::Taken(to.to_owned()));
    }
    let mut name: OsString = to.file_name().ok_or(BackupError::Name)?.to_owned();
    name.push(INCOMPLETE);
    let beside = to.with_file_name(name);
    // Readable by nobody else from the first byte on: it holds names, addresses and tokens.
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => BackupError::Incomplete(beside.clone()),
        _ => error.into(),
    })?;
    let done = copy(shop, &beside).and_then(|()| Ok(file.sync_all()?)).and_then(|()| publish(&beside, to));
    if done.is_err() {
        let _ = fs::remove_file(&beside); // whoever reads the error is told what matters more
    }
    done
}

fn copy(shop: &Path, beside: &Path) -> Result<(), BackupError> {
    let text = beside.to_str().ok_or(BackupError::Name)?;
    let connection = connect(shop, Access::Read).map_err(StoreError::from)?;
    connection.execute("VACUUM INTO ?1", [text]).map_err(StoreError::from)?;
    Ok(())
}

/// A link, unlike a new name, never takes the place of a file.
fn publish(beside: &Path, to: &Path) -> Result<(), BackupError> {
    fs::hard_link(beside, to).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => BackupError::Taken(to.to_owned()),
        _ => error.into(),
    })?;
    fs::remove_file(beside)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()?;
    Ok(())
}
