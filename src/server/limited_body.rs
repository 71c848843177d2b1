//! What another server answers, read up to a limit: nobody fills this computer's memory from afar.

use reqwest::Response;

/// Why an answer's body was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    #[error("an answer that is too long")]
    TooLong,
    #[error("an answer that broke off: {0}")]
    BrokeOff(#[from] reqwest::Error),
}

/// The whole body, at most so many bytes.
pub async fn limited(mut response: Response, most: usize) -> Result<Vec<u8>, Unread> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > most {
            return Err(Unread::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
