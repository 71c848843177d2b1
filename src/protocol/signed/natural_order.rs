//! The natural order in which PHP sorts paths: bytes, except that runs of digits compare as numbers.
//!
//! The platform's documents name "natural order" and its PHP SDK sorts with it, case-sensitively.
//! Three rules surprise: white space is skipped, zeros at the very start are dropped,
//! and a run of digits that begins with zero compares like a fraction, digit by digit.
//!
//! Here each path is turned once into a key whose byte order is the natural order of the paths, so that sorting long paths
//! costs no more than sorting texts. A key can be extended name by name, like its path.

/// Extends a key by the start of a path, or by what follows a colon. The byte order of keys is the order in which PHP's
/// `strnatcmp` puts their paths; equal keys are a tie. A key is at most twice as long as its path, plus a few bytes.
pub fn extend_key(key: &mut Vec<u8>, more: &[u8]) {
    let mut rest = if key.is_empty() { without_leading_zeros(more) } else { more };
    while !rest.is_empty() {
        rest = skip_white_space(rest);
        if let Some(b'0'..=b'9') = rest.first() {
            let run;
            (run, rest) = rest.split_at(digits(rest));
            push_run(key, run);
            if rest.is_empty() {
                return;
            }
            // What follows the digits is compared as it stands, white space included.
        }
        // The end, met only after white space, reads as a zero byte, as in C.
        key.push(rest.first().copied().unwrap_or(0));
        rest = rest.get(1..).unwrap_or_default();
    }
}

/// Adds a run of digits. One that begins with zero is less than any other and compares digit by digit; its end is less than
/// a digit. Of two other runs the longer is greater; between equally long ones the first different digit decides.
/// Both kinds keep their place among other characters, since their first byte is a digit.
fn push_run(key: &mut Vec<u8>, run: &[u8]) {
    if run.first() == Some(&b'0') {
        key.extend_from_slice(run);
        key.push(0);
        return;
    }
    key.push(b'1');
    match u8::try_from(run.len()) {
        Ok(length) if length < u8::MAX => key.push(length),
        _ => {
            key.push(u8::MAX);
            key.extend_from_slice(&(run.len() as u64).to_be_bytes());
        }
    }
    key.extend_from_slice(run);
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

/// How many digits stand at the start.
fn digits(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;

    use super::*;

    fn natural_key(path: &[u8]) -> Vec<u8> {
        let mut key = Vec::new();
        extend_key(&mut key, path);
        key
    }

    fn natural_order(a: &str, b: &str) -> Ordering {
        natural_key(a.as_bytes()).cmp(&natural_key(b.as_bytes()))
    }

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
                    assert_eq!(natural_order(a, b), i.cmp(&j), "{a} {b}");
                }
            }
        }
    }

    #[test]
    fn white_space_and_leading_zeros_may_tie() {
        for (a, b) in [("a b", "a  b"), ("a b", "a\tb"), ("1", "001")] {
            assert_eq!(natural_order(a, b), Ordering::Equal, "{a} {b}");
        }
    }

    /// C's `strnatcmp`, which compares two texts step by step.
    fn strnatcmp(a: &[u8], b: &[u8]) -> Ordering {
        if a.is_empty() || b.is_empty() {
            return a.len().cmp(&b.len());
        }
        let at = |text: &[u8]| text.first().copied().unwrap_or(0);
        let (mut a, mut b) = (without_leading_zeros(a), without_leading_zeros(b));
        loop {
            (a, b) = (skip_white_space(a), skip_white_space(b));
            if at(a).is_ascii_digit() && at(b).is_ascii_digit() {
                let ((left, after_a), (right, after_b)) = (a.split_at(digits(a)), b.split_at(digits(b)));
                let fraction = left[0] == b'0' || right[0] == b'0';
                let order = if fraction { left.cmp(right) } else { left.len().cmp(&right.len()).then(left.cmp(right)) };
                if order != Ordering::Equal {
                    return order;
                }
                (a, b) = (after_a, after_b);
                if a.is_empty() || b.is_empty() {
                    return a.len().cmp(&b.len());
                }
            }
            if at(a) != at(b) {
                return at(a).cmp(&at(b));
            }
            (a, b) = (a.get(1..).unwrap_or_default(), b.get(1..).unwrap_or_default());
            if a.is_empty() || b.is_empty() {
                return a.len().min(1).cmp(&b.len().min(1));
            }
        }
    }

    /// Texts with many of the characters that the rules treat specially.
    fn text() -> impl Strategy<Value = String> {
        let long = prop_oneof![Just("7".repeat(254)), Just("7".repeat(255)), Just("7".repeat(300))];
        let piece = prop_oneof![8 => "[0-2 \t\0a:_]{0,4}", 1 => "0{0,3}[0-9]{0,4}", 1 => long];
        prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn keys_stand_as_their_paths_compare(start in text(), a in text(), b in text()) {
            let (a, b) = (format!("{start}{a}"), format!("{start}{b}"));
            prop_assert_eq!(natural_order(&a, &b), strnatcmp(a.as_bytes(), b.as_bytes()), "{:?} {:?}", a, b);
            prop_assert!(natural_key(a.as_bytes()).len() <= 2 * a.len() + 16, "{:?}", a);
        }

        #[test]
        fn a_key_may_be_made_name_by_name(names in prop::collection::vec(text(), 1..4)) {
            let mut key = Vec::new();
            for (place, name) in names.iter().enumerate() {
                let joint = if place + 1 < names.len() { ":" } else { "" };
                extend_key(&mut key, format!("{name}{joint}").as_bytes());
            }
            prop_assert_eq!(key, natural_key(names.join(":").as_bytes()), "{:?}", names);
        }
    }
}
