//! Where a direct sale sends its customer: the page of the wallet or bank, and what it wants to be sent.

use serde::{Deserialize, Serialize};

/// As the platform told it, checked: an absolute http or https address, and flat fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// The fields go as a form; otherwise the address holds them already.
    pub by_post: bool,
    pub url: String,
    /// In the order they came. Empty unless they go as a form.
    pub fields: Vec<(String, String)>,
}
