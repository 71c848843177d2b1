//! What a stranger may use up: every number of it, each with its reason.
//!
//! Two more stand where they are read: the size of a callback (`protocol::limits`) and, of whoever may not sign in,
//! the failures after which the door closes (`admin::step_up`).

use std::time::Duration;

/// Bytes of a form: the longest one of ours has some hundred.
pub const FORM_BYTES: usize = 32 * 1024;

/// The longest a request's headers may take to arrive, and a connection may rest between two requests. Whoever sends a byte a
/// minute holds a connection no longer.
pub const HEADERS_WITHIN: Duration = Duration::from_secs(10);

/// The longest a request may take to arrive and be answered; streams may go on after that.
pub const ANSWERED_WITHIN: Duration = Duration::from_secs(15);

/// Connections that are open at one time. Each costs some tens of kilobytes while it is busy.
pub const CONNECTIONS: usize = 4_096;

/// Of one address: a browser opens six, an office behind one address some dozens.
pub const CONNECTIONS_OF_ONE_ADDRESS: usize = 256;

/// The share of the files a process may have open that connections may take, in hundredths: the rest is for the database, the
/// platform and the shop's own files.
pub const CONNECTIONS_OF_100_FILES: usize = 60;

/// Event streams that are open at one time. Whoever gets none asks every few seconds instead.
pub const EVENT_STREAMS: usize = 1_000;

/// Of one order: a customer looks at it in one tab, perhaps on a phone as well.
pub const EVENT_STREAMS_OF_ONE_ORDER: usize = 6;

/// Of one address: an office, or the part of a mobile network that shares one.
pub const EVENT_STREAMS_OF_ONE_ADDRESS: usize = 24;

/// The share of all connections that streams may take, in hundredths: pages come first.
pub const EVENT_STREAMS_OF_100_CONNECTIONS: usize = 25;

/// Seconds after which a stream ends; a page that is still looked at opens another one.
pub const EVENT_STREAM_LASTS_S: i64 = 5 * 60;

/// Seconds after which whoever got no stream may ask for one.
pub const EVENT_STREAM_AGAIN_S: u64 = 10;

/// Pages of the back office that follow something live, at one time: each looks twice a second.
pub const LIVE_PAGES: usize = 200;
pub const LIVE_PAGES_OF_ONE_SESSION: usize = 12;

/// How often an address may ask for something that costs the shop a write or a hash: so many times at once, and then once in a
/// while. People share addresses (offices, mobile networks), so the numbers are a crowd's, not a person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    pub at_once: u32,
    pub then_every: Duration,
}

/// Changes of carts: each is a row.
pub const CARTS: Pace = Pace { at_once: 120, then_every: Duration::from_millis(500) };

/// Checkouts: each may be an order that holds stock.
pub const CHECKOUTS: Pace = Pace { at_once: 60, then_every: Duration::from_secs(1) };

/// Further tries to pay: each may be a payment, and renews nothing for free.
pub const PAYMENTS: Pace = Pace { at_once: 60, then_every: Duration::from_secs(1) };

/// Seconds for which a cart is kept that nobody changes, and an order whose payment was never begun: a month.
pub const UNUSED_KEPT_S: i64 = 30 * 24 * 60 * 60;

/// Passwords and codes: each is a hash that is slow on purpose.
pub const SIGN_INS: Pace = Pace { at_once: 40, then_every: Duration::from_secs(3) };

/// Callbacks that do not verify. True ones are not counted and never refused for others.
pub const REFUSED_CALLBACKS: Pace = Pace { at_once: 60, then_every: Duration::from_secs(1) };

/// Questions of programs by one token: 60,000 operations at once, 3,600,000 an hour.
pub const QUESTIONS: Pace = Pace { at_once: 60, then_every: Duration::from_secs(1) };

/// Addresses that are counted before those that kept their pace are forgotten.
pub const ADDRESSES_REMEMBERED: usize = 10_000;

/// Lines of the log that wait to be written. More are dropped, and counted.
pub const LOG_LINES: usize = 1_024;

/// Seconds for which the answer to "could a callback be stored now?" counts. Asking more often costs nothing more.
pub const READY_FOR_S: i64 = 1;

/// Refused callbacks that wait for their record, and how often a record is written at most. What does not fit is counted.
pub const REFUSALS_WAITING: usize = 64;
pub const REFUSALS_WRITTEN_EVERY: Duration = Duration::from_millis(500);
