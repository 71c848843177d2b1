//! The natural order in which PHP sorts paths: bytes, except that runs of digits compare as numbers.
//!
//! The platform's documents name "natural order" and its PHP SDK sorts with it, case-sensitively.
//! Three rules surprise: white space is skipped, zeros at the very start are dropped,
//! and a run of digits that begins with zero compares like a fraction, digit by digit.

use std::cmp::Ordering;

/// `strnatcmp` over bytes, as `SORT_NATURAL` uses it.
pub fn natural_order(a: &[u8], b: &[u8]) -> Ordering {
    if a.is_empty() || b.is_empty() {
        return a.len().cmp(&b.len());
    }
    let (mut a, mut b) = (without_leading_zeros(a), without_leading_zeros(b));
    loop {
        a = skip_white_space(a);
        b = skip_white_space(b);
        let (mut x, mut y) = (first(a), first(b));
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (run_a, run_b) = (digits(a), digits(b));
            let order = if x == b'0' || y == b'0' { run_a.cmp(run_b) } else { by_value(run_a, run_b) };
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (&a[run_a.len()..], &b[run_b.len()..]);
            if a.is_empty() || b.is_empty() {
                return a.len().cmp(&b.len());
            }
            // What follows the digits is compared as it stands, white space included.
            (x, y) = (first(a), first(b));
        }
        if x != y {
            return x.cmp(&y);
        }
        (a, b) = (rest(a), rest(b));
        if a.is_empty() || b.is_empty() {
            return a.len().min(1).cmp(&b.len().min(1));
        }
    }
}

/// The end reads as a zero byte, as in C.
fn first(bytes: &[u8]) -> u8 {
    bytes.first().copied().unwrap_or(0)
}

fn rest(bytes: &[u8]) -> &[u8] {
    bytes.get(1..).unwrap_or_default()
}

fn without_leading_zeros(mut bytes: &[u8]) -> &[u8] {
    while let [b'0', next, ..] = bytes
        && next.is_ascii_digit()
    {
        bytes = &bytes[1..];
    }
    bytes
}

fn skip_white_space(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t'..=b'\r', tail @ ..] = bytes {
        bytes = tail;
    }
    bytes
}

fn digits(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    &bytes[..end]
}

/// Two runs without leading zeros: the longer is greater, else the first different digit decides.
fn by_value(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stand_as_php_puts_them() {
        for chain in [
            &["a002", "a01", "a02", "a1", "a2", "a10"][..],
            &["payment-id", "payment.id", "payment2", "payment:id", "payment_id"],
            &["A", "Z", "a", "z"],
            &["list:2:a", "list:10:a"],
            &["", "a"],
        ] {
            for (i, a) in chain.iter().enumerate() {
                for (j, b) in chain.iter().enumerate() {
                    assert_eq!(natural_order(a.as_bytes(), b.as_bytes()), i.cmp(&j), "{a} {b}");
                }
            }
        }
    }

    #[test]
    fn white_space_and_leading_zeros_may_tie() {
        for (a, b) in [("a b", "a  b"), ("a b", "a\tb"), ("1", "001")] {
            assert_eq!(natural_order(a.as_bytes(), b.as_bytes()), Ordering::Equal, "{a} {b}");
        }
    }
}
