//! How long somebody must wait after wrong passwords or codes.
//! The pauses stay short, because strangers can cause failures for any operator and must not lock anybody out.

/// Failures older than this (seconds) no longer count.
pub const REMEMBERED_S: i64 = 60 * 60;
/// At how many failures pauses begin: of one account from one address, of one account from anywhere, from one address in all.
pub const FREE_OF_ACCOUNT_FROM_ADDRESS: i64 = 10;
pub const FREE_OF_ACCOUNT: i64 = 60;
pub const FREE_FROM_ADDRESS: i64 = 30;
/// The first pause (seconds). Each failure doubles it, up to the longest.
const FIRST_S: i64 = 30;
const LONGEST_S: i64 = 5 * 60;

/// A secret that is tried when the account is known already. Failures are counted for each of these, never for an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TriedSecret {
    /// A code at sign-in, after the password, by the operator's id.
    Code(i64),
    /// A code or password before money leaves, by the operator's id.
    Confirmation(i64),
    /// A password on a device that signed in as this operator before, by the device's digest.
    PasswordOn(String),
    /// A code at sign-in on such a device.
    CodeOn(String),
}

impl TriedSecret {
    /// The name under which its failures are counted. It holds a space, so it is never an e-mail address.
    pub fn counted_as(&self) -> String {
        match self {
            TriedSecret::Code(operator) => format!("code of {operator}"),
            TriedSecret::Confirmation(operator) => format!("confirmation of {operator}"),
            TriedSecret::PasswordOn(device) => format!("password on {device}"),
            TriedSecret::CodeOn(device) => format!("code on {device}"),
        }
    }
}

/// Failures that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    pub count: i64,
    /// Unix seconds; meaningless if `count` is 0.
    pub last_at: i64,
}

impl Failures {
    /// Seconds until the next try is accepted; 0: now. Fewer than `free` failures cause no pause.
    pub fn wait_s(self, free: i64, now: i64) -> i64 {
        if self.count < free {
            return 0;
        }
        let doublings = self.count.saturating_sub(free).min(10);
        let pause = (FIRST_S << doublings).min(LONGEST_S);
        // If the clock was set back, nobody waits longer than one pause.
        self.last_at.saturating_add(pause).saturating_sub(now).clamp(0, pause)
    }
}

/// `30 seconds`, `2 minutes`; rounded up.
pub fn in_words(seconds: i64) -> String {
    let (count, unit) = if seconds < 60 { (seconds, "second") } else { ((seconds + 59) / 60, "minute") };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_minutes_and_no_further() {
        let pauses: Vec<_> = (9..17).map(|count| Failures { count, last_at: 1_000 }.wait_s(10, 1_000)).collect();
        assert_eq!(pauses, [0, 30, 60, 120, 240, 300, 300, 300]);
        assert_eq!(Failures { count: i64::MAX, last_at: 1_000 }.wait_s(10, 1_000), 300);
    }

    #[test]
    fn time_that_passes_counts_and_a_clock_set_back_does_not() {
        let failures = Failures { count: 11, last_at: 1_000 };
        assert_eq!(failures.wait_s(10, 1_059), 1);
        assert_eq!(failures.wait_s(10, 1_060), 0);
        assert_eq!(failures.wait_s(10, -50_000), 60);
    }

    #[test]
    fn a_wait_is_said_in_whole_seconds_or_minutes() {
        for (seconds, words) in [(1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes"), (300, "5 minutes")] {
            assert_eq!(in_words(seconds), words);
        }
    }
}
