//! How long stock is held for an order that is not paid yet.

/// Seconds for which tracked stock is held, from checkout on.
const HOLD_S: i64 = 30 * 60;

/// Seconds that a customer has at least to begin paying on the Payment Page, even if the hold ends earlier.
pub const TIME_TO_BEGIN_S: i64 = 10 * 60;

/// When a hold that begins now ends (Unix seconds).
pub fn ends(now: i64) -> i64 {
    now.saturating_add(HOLD_S)
}
