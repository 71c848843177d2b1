//! How a page writes moments: in the merchant's time zone, which the server knows.

use std::{fmt, sync::Arc};

/// Writes Unix seconds for people.
#[derive(Clone)]
pub struct Moments(Arc<dyn Fn(i64) -> String + Send + Sync>);

impl Moments {
    pub fn written_by(write: impl Fn(i64) -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }

    pub fn written(&self, at: i64) -> String {
        (self.0)(at)
    }
}

impl fmt::Debug for Moments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Moments")
    }
}
