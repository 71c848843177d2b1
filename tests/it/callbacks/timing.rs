//! How long a wrong signature is looked at does not tell how much of it is right.

use std::hint::black_box;

use storefront::protocol::signed::signature::Signature;
use tokio::time::Instant;

use crate::kit::{merchant::key, signed};

const SECRET: &str = "a key that is guessed byte after byte";
const TEXT: &str = "payment:id:1;payment:status:success";
const PAIRS: usize = 20_000;
/// Welch's t of two samples that differ by chance alone is above it once in a hundred thousand times.
const BY_CHANCE: f64 = 4.5;
/// The slowest are what else goes on in this computer.
const COUNTED: f64 = 0.8;

/// 88 characters, of which the first ones are right.
fn right_up_to(place: usize) -> Signature {
    let right = signed(r#"{"payment":{"id":"1","status":"success"}}"#, SECRET);
    let mut signature = right.split("\"signature\":\"").nth(1).expect("a signature")[..88].to_owned();
    let other = if signature.as_bytes()[place] == b'A' { "B" } else { "A" };
    signature.replace_range(place..=place, other);
    Signature::parse(&signature).expect("64 bytes in Base64")
}

/// How far the times of the two differ, in units of what chance does.
fn difference(first: &Signature, last: &Signature) -> f64 {
    let key = key(SECRET);
    let time = |signature: &Signature| {
        let began = Instant::now();
        assert!(!black_box(key.signed_text(black_box(TEXT), black_box(signature))), "it is wrong");
        began.elapsed().as_nanos() as f64
    };
    let (mut firsts, mut lasts) = (Vec::new(), Vec::new());
    for pair in 0..PAIRS {
        // Each is as often looked at after the other as before it.
        if pair % 2 == 0 {
            firsts.push(time(first));
            lasts.push(time(last));
        } else {
            lasts.push(time(last));
            firsts.push(time(first));
        }
    }
    let mut all = [firsts.as_slice(), &lasts].concat();
    all.sort_by(f64::total_cmp);
    let longest = all[(all.len() as f64 * COUNTED) as usize];
    let sample = |times: Vec<f64>| {
        let times: Vec<f64> = times.into_iter().filter(|time| *time <= longest).collect();
        let count = times.len() as f64;
        let mean = times.iter().sum::<f64>() / count;
        (mean, times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0) / count)
    };
    let ((first, of_first), (last, of_last)) = (sample(firsts), sample(lasts));
    (last - first) / (of_first + of_last).sqrt()
}

#[test]
fn a_signature_that_is_nearly_right_takes_no_longer_than_one_that_is_all_wrong() {
    let (first, last) = (right_up_to(0), right_up_to(84));
    // A computer that does much else may err once; what the comparison itself tells, it tells each time.
    let told: Vec<f64> = (0..4).map(|_| difference(&first, &last)).collect();
    assert!(told.iter().any(|t| t.abs() < BY_CHANCE), "time tells how much of a signature is right: t = {told:?}");
}
