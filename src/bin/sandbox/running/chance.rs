//! Everything random in the sandbox, in one place.

#![expect(clippy::disallowed_methods, reason = "this is the one place")]

use rand::seq::SliceRandom;

/// An unguessable key for addresses: 128 bits in hexadecimal.
pub fn address_key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// A `request_id` as the platform's samples have it: hexadecimal, a dash, a count.
pub fn request_id() -> String {
    format!("{:032x}{:08x}-00000001", rand::random::<u128>(), rand::random::<u32>())
}

/// A provider's own id of a payment: eight letters and digits, such as `RF6XIZSW`.
pub fn provider_payment_id() -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    rand::random::<[u8; 8]>().iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// Whether an event of this probability (0 to 1) happens now.
pub fn happens(probability: f64) -> bool {
    rand::random_bool(probability.clamp(0.0, 1.0))
}

/// Puts items in random order.
pub fn shuffle<T>(items: &mut [T]) {
    items.shuffle(&mut rand::rng());
}
