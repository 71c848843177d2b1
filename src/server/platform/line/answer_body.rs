//! What another server answers, read up to a limit: nobody fills this computer's memory from afar.

use reqwest::Response;

/// Why an answer's body was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    #[error("an answer that is too long")]
    TooLong,
    #[error("an answer that broke off: {0}")]
    BrokeOff(#[from] reqwest::Error),
    /// A fault of this program; the log has more.
    #[error("an answer that could not be read to its end")]
    Unfinished,
}

/// The whole body, at most so many bytes.
pub async fn limited(mut response: Response, most: usize) -> Result<Vec<u8>, Unread> {
    // One that says how long it is need not be waited for.
    if response.content_length().is_some_and(|length| length > most as u64) {
        return Err(Unread::TooLong);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > most {
            return Err(Unread::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
