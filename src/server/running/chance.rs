//! The only file that makes random values: names that nobody can guess.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// 128 random bits as 22 characters that may stand in an address or a cookie.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<16>())
}

/// A customer's id at the platform: 26 letters and digits (130 bits). It begins with none of the signs that a spreadsheet takes
/// for a formula, as a token may.
pub fn customer_id() -> String {
    letters::<26>()
}

/// 256 random bits as 43 characters: a program's token, valid until it is revoked.
pub fn api_token() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

/// 160 random bits: what an authenticator's codes are made of.
pub fn secret() -> [u8; 20] {
    random_bytes()
}

/// A short number that people can read out: ten letters and digits (50 bits).
pub fn order_number() -> String {
    letters::<10>()
}

/// A password that people can type: four groups of five letters and digits (100 bits).
pub fn password() -> String {
    [letters::<5>(), letters::<5>(), letters::<5>(), letters::<5>()].join("-")
}

/// Letters and digits that are not mistaken for each other, five bits each.
fn letters<const N: usize>() -> String {
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    random_bytes::<N>().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// A number of seconds that differs from this one by at most a fifth; never less than one.
pub fn about(seconds: i64) -> i64 {
    let spread = seconds / 5;
    let drawn = i64::from(u16::from_le_bytes(random_bytes::<2>()));
    (seconds - spread + drawn * spread * 2 / i64::from(u16::MAX)).max(1)
}

#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn random_bytes<const N: usize>() -> [u8; N] {
    rand::random()
}

/// What is stored of a token, and what it is found by: the database does not reveal the token.
pub fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Whether a text could be one of our tokens; anything else is not looked up.
pub fn is_token(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::formula::guarded;

    #[test]
    fn no_customer_id_looks_like_a_formula() {
        for _ in 0..2_000 {
            let id = customer_id();
            assert_eq!(guarded(&id), id);
        }
    }
}
