//! What is kept while somebody signs in: where they were going, and what they had typed there. Secrets are not kept.

use serde::{Deserialize, Serialize};
use url::Url;

/// Where somebody was going, and what was typed there (empty: nothing).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Kept {
    pub address: String,
    /// As a form sends it.
    pub typed: String,
}

/// The fields of a form as they were sent, without secrets: these have to be typed again.
pub fn without_secrets(body: &[u8]) -> String {
    let fields = url::form_urlencoded::parse(body).filter(|(name, _)| !(name.contains("password") || name.ends_with("code")));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl Kept {
    /// The address, if it is one of the back office and stays so after a browser resolves `..` in it.
    pub fn address(&self) -> &str {
        let path = self.address.split(['?', '#']).next().unwrap_or_default();
        let is_ours = path == "/admin" || path.starts_with("/admin/");
        let is_plain = self.address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let leads_there = || Url::parse(&format!("http://shop.invalid{}", self.address)).is_ok_and(|url| url.path() == path);
        if is_ours && is_plain && leads_there() { &self.address } else { "/admin" }
    }

    pub fn fields(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(without_secrets(self.typed.as_bytes()).as_bytes()).into_owned().collect()
    }
}
