//! Normal forms of Unicode, by the browser's own tables.

use js_sys::{JsString, RegExp};

/// NFC, as on the server.
pub fn composed(text: &str) -> String {
    JsString::from(text).normalize("NFC").into()
}

/// Nearly the same as on the server; nothing that money depends on is compared in a browser.
pub fn folded(text: &str) -> String {
    JsString::from(text).normalize("NFKC").to_lower_case().normalize("NFKC").into()
}

/// As on the server. Slow, but good enough for the few characters of a form's field.
pub fn is_unseen(letter: char) -> bool {
    RegExp::new(r"[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]", "u").test(letter.encode_utf8(&mut [0; 4]))
}
