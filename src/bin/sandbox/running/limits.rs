//! Every limit of the sandbox: bytes, counts and times. The retry rule of callbacks is in
//! `bin/sandbox/callbacks/schedule.rs`, the limits of a payment method in the method table of `platform`, shared with the shop.

use std::time::Duration;

use jiff::SignedDuration;

/// Bytes of a request's body.
pub const LARGEST_BODY: usize = 256 * 1024;
/// Bytes of an answer of Gate, far above any that is made.
pub const LARGEST_GATE_ANSWER: usize = 1024 * 1024;
/// The platform's published upper bound of `payment_amount`, in minor units.
pub const LARGEST_AMOUNT: u64 = 10_000_000_000_000;
/// Characters of an id, an email address or another text.
pub const LONGEST_TEXT: usize = 255;
/// Characters of a last name.
pub const LONGEST_LAST_NAME: usize = 100;
/// Shorter last names are taken; Bancontact recommends more.
pub const RECOMMENDED_LAST_NAME: usize = 3;
/// Positions of `receipt_data`.
pub const MOST_POSITIONS: usize = 300;
/// How far ahead `best_before` may be.
pub const LONGEST_BEST_BEFORE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Operations on one page of the register.
pub const LARGEST_PAGE: usize = 1000;
/// Status requests that are kept; older ones are forgotten.
pub const MOST_QUESTIONS: i64 = 10_000;
/// Payments on the control panel; `/control/payments` lists all.
pub const SHOWN_PAYMENTS: usize = 50;

/// How often a payment may be tried, and for how long after its first decline: the platform's usual agreement.
pub const MOST_TRIES: usize = 5;
pub const TRIES_WITHIN: Duration = Duration::from_secs(10 * 60);
/// How long the platform waits for what it asked the shop for.
pub const CLARIFIED_WITHIN: Duration = Duration::from_secs(30 * 60);
/// How long after a decline its late success comes, when that fault is set.
pub const LATE_SUCCESS_AFTER: Duration = Duration::from_secs(5);
/// When a refund or payout is decided: long enough to be seen pending, short enough to wait for.
pub const DECIDED_AFTER: Duration = Duration::from_millis(200);
/// Seconds that the customer sees the result before the automatic redirect.
pub const REDIRECT_AFTER_S: u32 = 2;
/// Seconds by which the clock may be moved at once: 100 days.
pub const LONGEST_ADVANCE_S: u64 = 100 * 24 * 60 * 60;
/// How long Gate is silent with the fault `timeout`: longer than any sensible client waits.
pub const SILENCE: Duration = Duration::from_secs(60);

/// How long a shop may take to answer a callback.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Callbacks that are sent at the same time.
pub const SENT_AT_ONCE: usize = 16;
/// The worker looks for what is due at least this often, should a wake-up ever be missed.
pub const LONGEST_NAP: Duration = Duration::from_secs(60);
/// After a failure, so that one that comes at once does not come all the time.
pub const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// How long another program may hold the data file.
pub const FILE_LOCKED_FOR: Duration = Duration::from_secs(5);
/// Prepared statements of the data file.
pub const KEPT_STATEMENTS: usize = 64;
/// Lines of the log that wait to be written; later ones are lost.
pub const WAITING_LINES: usize = 10_000;
/// How long open connections may take to end once the sandbox is asked to stop.
pub const STOP_WITHIN: Duration = Duration::from_secs(3);
