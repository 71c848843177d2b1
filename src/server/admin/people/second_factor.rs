//! Second factors: codes of an authenticator (RFC 6238, six digits, half a minute), each taken once; and recovery codes for
//! the day it is lost.

use icu_normalizer::ComposingNormalizerBorrowed;
use qrcode::{QrCode, render::svg};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};

use crate::server::{
    running::chance,
    state::AppState,
    store::{Credentials, StoreError},
};

/// Recovery codes an operator is given.
const RECOVERY_CODES: usize = 10;

/// What an authenticator needs to be set up.
pub struct SetUp {
    /// Base32, to be typed.
    pub secret: String,
    /// The same as an SVG to be scanned.
    pub qr: Option<String>,
}

/// A secret of 160 bits, Base32.
pub fn new_secret() -> String {
    Secret::from(chance::secret()).to_base32()
}

pub fn set_up(secret: &str, email: &str) -> SetUp {
    let address = totp(secret, email).and_then(|totp| totp.to_url().ok());
    let code = address.and_then(|address| QrCode::new(address).ok());
    let qr = code.map(|code| code.render::<svg::Color>().min_dimensions(220, 220).quiet_zone(true).build());
    SetUp { secret: secret.to_owned(), qr: qr.map(without_prolog) }
}

/// The time step of a code that fits now, a step early or late. It may be written with spaces or signs between its digits.
pub fn step(secret: &str, code: &str, now: i64) -> Option<i64> {
    let code = plain(code);
    let step = totp(secret, "")?.check(&code, now.try_into().ok()?)?;
    step.try_into().ok()
}

/// Whether a code or a recovery code is the operator's, and was not used before. It is used up by this.
pub async fn accept(state: &AppState, credentials: &Credentials, code: &str) -> Result<bool, StoreError> {
    let Some(secret) = &credentials.totp_secret else { return Ok(false) };
    let (id, now) = (credentials.operator.id, state.now());
    match step(secret, code, now) {
        Some(step) => state.store.use_step(id, step).await,
        None => state.store.use_recovery_code(id, &digest(code), now).await,
    }
}

/// New recovery codes, and what is kept of them.
pub fn recovery_codes() -> (Vec<String>, Vec<[u8; 32]>) {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| chance::order_number()).collect();
    let digests = codes.iter().map(|code| digest(code)).collect();
    (codes, digests)
}

/// The same for every way to type it.
fn digest(code: &str) -> [u8; 32] {
    Sha256::digest(plain(code).to_ascii_uppercase()).into()
}

/// The letters and digits alone: some keyboards write them full-width, and authenticators show signs between them.
fn plain(code: &str) -> String {
    ComposingNormalizerBorrowed::new_nfkc().normalize(code).chars().filter(char::is_ascii_alphanumeric).collect()
}

fn totp(secret: &str, email: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    // A colon would end the name in the address an authenticator reads.
    let name = email.replace(':', " ");
    Builder::new().with_secret(secret).with_issuer(Some("Three Harbours")).with_account_name(name).build().ok()
}

/// The part that may stand inside a page.
fn without_prolog(svg: String) -> String {
    svg.find("<svg").map_or(svg.clone(), |start| svg[start..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: SHA-1, the last six digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = Secret::from(b"12345678901234567890".to_vec()).to_base32();
        for (now, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")] {
            assert_eq!(step(&secret, code, now), Some(now / 30), "{now}");
            assert_eq!(step(&secret, &format!("{} {}", &code[..3], &code[3..]), now), Some(now / 30));
            assert_eq!(step(&secret, &format!("{}-{}", &code[..3], &code[3..]), now), Some(now / 30));
            let wide: String = code.chars().filter_map(|digit| char::from_u32(u32::from(digit) + 0xFEE0)).collect();
            assert_eq!(step(&secret, &wide, now), Some(now / 30), "{wide}");
            assert_eq!(step(&secret, code, now + 30), Some(now / 30), "a step late");
            assert_eq!(step(&secret, code, now + 61), None, "two steps late");
        }
    }

    #[test]
    fn what_is_no_code_fits_nothing() {
        let secret = new_secret();
        for code in ["", "12345", "1234567", "abcdef", "１２３４５６", "000000\n000000"] {
            assert_eq!(step(&secret, code, 1_700_000_000), None, "{code:?}");
        }
        assert!(set_up(&secret, "a@b.example").qr.unwrap().starts_with("<svg"));
    }
}
