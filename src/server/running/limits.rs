//! Limits: how much somebody outside may send, hold open or repeat, and for how long, each with its reason.

use std::time::Duration;

use crate::protocol::signed::document_limits::Limits;

/// Bytes of a callback. Those of the platform have some 2,000; a receipt of many lines has more.
pub const CALLBACK_BYTES: usize = Limits::DOCUMENT.bytes;

/// Bytes of a form: the longest one of ours has some hundred.
pub const FORM_BYTES: usize = 32 * 1024;

/// Bytes of a question that a program asks: some hundred are enough.
pub const QUESTION_BYTES: usize = 16 * 1024;

/// Bytes of a file of refunds or payouts, with what surrounds it in the request: more than a hundred thousand rows.
pub const FILE_BYTES: usize = 64 * 1024 * 1024;

/// The longest such a file may take as a whole, and the longest without a byte.
pub const FILE_ARRIVES_WITHIN: Duration = Duration::from_secs(15 * 60);
pub const FILE_GOES_ON_WITHIN: Duration = Duration::from_secs(15);

/// The longest a request's headers may take to arrive, and a connection may rest between two requests. It ends
/// the connections of a client that sends one byte a minute.
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

/// Event streams that are open at one time. A page that gets none asks every few seconds instead.
pub const EVENT_STREAMS: usize = 1_000;

/// Of one order: a customer looks at it in one tab, perhaps on a phone as well.
pub const EVENT_STREAMS_OF_ONE_ORDER: usize = 6;

/// Of one address: an office, or the part of a mobile network that shares one.
pub const EVENT_STREAMS_OF_ONE_ADDRESS: usize = 24;

/// The share of all connections that streams may take, in hundredths: pages come first.
pub const EVENT_STREAMS_OF_100_CONNECTIONS: usize = 25;

/// Seconds after which a stream ends; a page that is still looked at opens another one.
pub const EVENT_STREAM_LASTS_S: i64 = 5 * 60;

/// Seconds after which a page that got no stream may ask for one again.
pub const EVENT_STREAM_AGAIN_S: u64 = 10;

/// Seconds without a request after which an operator's session is over, and seconds after which every one is.
pub const SESSION_RESTS_S: i64 = 30 * 60;
pub const SESSION_LASTS_S: i64 = 12 * 60 * 60;

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

/// Checkouts: each may become an order that holds stock.
pub const CHECKOUTS: Pace = Pace { at_once: 60, then_every: Duration::from_secs(1) };

/// Further tries to pay: each may become a payment.
pub const PAYMENTS: Pace = Pace { at_once: 60, then_every: Duration::from_secs(1) };

/// Seconds for which a cart is kept that nobody changes, and an order whose payment was never begun: a month.
pub const UNUSED_KEPT_S: i64 = 30 * 24 * 60 * 60;

/// Passwords and codes: each is a hash that is slow on purpose.
pub const SIGN_INS: Pace = Pace { at_once: 40, then_every: Duration::from_secs(3) };

/// Callbacks that do not verify. Those that do are not counted.
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
