//! ACT: a file is uploaded. It is read in pieces as it arrives, and each row is checked, so little of it is in memory. An upload
//! that breaks off, or is no such file, leaves nothing that could be run.

use axum::{
    extract::{
        Multipart, State,
        multipart::{Field, MultipartError, MultipartRejection},
    },
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    domain::{
        batch::{Columns, FileError, Record, TextReader},
        people::operator::Operator,
        text::seen,
    },
    error::AppError,
    server::{
        admin::{batches::show::show_list, office::sentence},
        running::{chance, limits::FILE_GOES_ON_WITHIN},
        state::AppState,
        store::{FileDigest, RowsOf, StoreError, UploadError},
    },
};

/// Rows that are checked and stored at a time. Other writes get their turn in between.
const ROWS_AT_ONCE: usize = 500;

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
enum NotTaken {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Upload(#[from] UploadError),
    #[error("the upload broke off; nothing of it is kept")]
    BrokenOff(#[from] MultipartError),
    #[error("the upload stood still; nothing of it is kept")]
    StoodStill,
}

impl From<StoreError> for NotTaken {
    fn from(error: StoreError) -> Self {
        Self::Upload(error.into())
    }
}

pub async fn upload(
    State(state): State<AppState>,
    operator: Operator,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Response, AppError> {
    let mut multipart = multipart.map_err(|_| AppError::BadRequest)?;
    loop {
        let field = match multipart.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return show_list(&state, &operator, None, Some("Choose a file".to_owned())).await,
            Err(error) => return refuse(&state, &operator, error.into()).await,
        };
        if field.name() == Some("file") {
            return take(&state, &operator, field).await;
        }
    }
}

async fn take(state: &AppState, operator: &Operator, mut field: Field<'_>) -> Result<Response, AppError> {
    let file_name = plain(field.file_name().unwrap_or_default());
    if file_name.is_empty() {
        return show_list(state, operator, None, Some("Choose a file".to_owned())).await;
    }
    let mut intake = Intake { state, operator, file_name, rows: Vec::new(), of: None, digest: FileDigest::default() };
    match intake.read(&mut field).await {
        Ok(batch) => Ok(Redirect::to(&format!("/admin/batches/{batch}")).into_response()),
        Err(error) => {
            if let Some(of) = &intake.of {
                state.store.drop_upload(of.batch).await?;
            }
            // Browsers show the answer only after the whole file was received.
            while let Ok(Some(_)) = next_piece(&mut field).await {}
            refuse(state, operator, error).await
        }
    }
}

async fn refuse(state: &AppState, operator: &Operator, error: NotTaken) -> Result<Response, AppError> {
    match error {
        NotTaken::Upload(UploadError::Store(error)) => Err(error.into()),
        NotTaken::BrokenOff(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(AppError::TooLarge),
        error => show_list(state, operator, None, Some(sentence(&error))).await,
    }
}

/// A file that is arriving.
struct Intake<'a> {
    state: &'a AppState,
    operator: &'a Operator,
    file_name: String,
    /// Read, and not stored yet.
    rows: Vec<Record>,
    /// Known once the header was read.
    of: Option<RowsOf>,
    digest: FileDigest,
}

impl Intake<'_> {
    /// Returns the batch's id.
    async fn read(&mut self, field: &mut Field<'_>) -> Result<i64, NotTaken> {
        let mut reader = TextReader::default();
        let mut read = Vec::new();
        while let Some(piece) = next_piece(field).await? {
            reader.feed(&piece, &mut read)?;
            self.add(&mut read).await?;
        }
        reader.finish(&mut read)?;
        self.add(&mut read).await?;
        self.store().await?;
        let of = self.of.as_ref().ok_or(FileError::Empty)?;
        let digest = std::mem::take(&mut self.digest);
        self.state.store.batch_was_read(of, Some(digest), &self.operator.email, self.state.now()).await?;
        Ok(of.batch)
    }

    async fn add(&mut self, read: &mut Vec<Record>) -> Result<(), NotTaken> {
        for record in read.drain(..) {
            let Some(of) = &self.of else {
                let columns = Columns::read(&record.cells)?;
                let begun = self
                    .state
                    .store
                    .begin_batch(chance::token(), self.operator.id, columns, &self.file_name, None, self.state.now())
                    .await?;
                self.of = Some(begun);
                continue;
            };
            self.digest.add(&of.columns, &record.cells);
            self.rows.push(record);
            if self.rows.len() >= ROWS_AT_ONCE {
                self.store().await?;
            }
        }
        Ok(())
    }

    async fn store(&mut self) -> Result<(), NotTaken> {
        let rows = std::mem::take(&mut self.rows);
        if let Some(of) = self.of.as_ref().filter(|_| !rows.is_empty()) {
            self.state.store.add_batch_rows(of, rows, &[], self.state.now()).await?;
        }
        Ok(())
    }
}

async fn next_piece(field: &mut Field<'_>) -> Result<Option<axum::body::Bytes>, NotTaken> {
    let piece = tokio::time::timeout(FILE_GOES_ON_WITHIN, field.chunk()).await.map_err(|_| NotTaken::StoodStill)?;
    Ok(piece?)
}

/// The file's name without folders and without what cannot be shown.
fn plain(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    seen(name).chars().take(100).collect()
}
