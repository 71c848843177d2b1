//! When a callback that was not confirmed is sent again. Pure: a count of tries and the time they took, nothing else.
//!
//! The platform's rule: 6 tries 10 s apart, then pauses of 70 + 10·1.12^(n−4) seconds, n being the number of tries so far,
//! growing up to 4 hours, then every 4 hours; at most 120 tries within 11 days.

use std::time::Duration;

const QUICK_TRIES: u32 = 6;
const QUICK_PAUSE: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(4 * 60 * 60);
const MOST_TRIES: u32 = 120;
const LONGEST_TIME: Duration = Duration::from_secs(11 * 24 * 60 * 60);

/// The pause before the next try. `None`: the platform gives up.
pub fn pause_after(tries: u32, since_first_try: Duration) -> Option<Duration> {
    let pause = match tries {
        0 => Duration::ZERO,
        1..QUICK_TRIES => QUICK_PAUSE,
        MOST_TRIES.. => return None,
        _ => growing_pause(tries),
    };
    (since_first_try + pause <= LONGEST_TIME).then_some(pause)
}

fn growing_pause(tries: u32) -> Duration {
    let growth = i32::try_from(tries).unwrap_or(i32::MAX).saturating_sub(4);
    let seconds = 70.0 + 10.0 * 1.12_f64.powi(growth);
    Duration::from_secs_f64(seconds).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pauses of a callback that is never confirmed.
    fn pauses() -> Vec<Duration> {
        let mut pauses = Vec::new();
        while let Some(pause) = pause_after(pauses.len() as u32 + 1, pauses.iter().sum()) {
            pauses.push(pause);
        }
        pauses
    }

    #[test]
    fn six_tries_are_ten_seconds_apart_and_the_seventh_comes_later() {
        assert!(pauses()[..5].iter().all(|pause| *pause == QUICK_PAUSE));
        assert_eq!(pauses()[5].as_millis(), 82_544);
    }

    #[test]
    fn pauses_grow_to_four_hours_and_stay_there() {
        let pauses = pauses();
        assert!(pauses.is_sorted());
        assert_eq!(pauses.iter().position(|pause| *pause == LONGEST_PAUSE), Some(68));
        assert_eq!(pauses.last(), Some(&LONGEST_PAUSE));
    }

    #[test]
    fn all_is_over_after_120_tries_within_11_days() {
        assert_eq!(pauses().len() + 1, MOST_TRIES as usize);
        let whole: Duration = pauses().iter().sum();
        assert!(whole > Duration::from_secs(10 * 24 * 60 * 60) && whole <= LONGEST_TIME, "{whole:?}");
    }

    #[test]
    fn no_try_comes_after_eleven_days_however_slow_the_answers_were() {
        assert_eq!(pause_after(7, LONGEST_TIME), None);
        assert_eq!(pause_after(2, LONGEST_TIME - QUICK_PAUSE), Some(QUICK_PAUSE));
    }
}
