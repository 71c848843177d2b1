//! Where a direct sale sends its customer: the page of the wallet or bank, and the form fields it expects.

use serde::{Deserialize, Serialize};

/// The platform's redirect, checked: an absolute http or https address, and flat fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// The fields are posted as a form; otherwise the address holds them already.
    pub by_post: bool,
    pub url: String,
    /// In the order received. Empty unless they are posted.
    pub fields: Vec<(String, String)>,
}
