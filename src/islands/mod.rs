//! Where pages act by themselves. Each island improves HTML that works without it. It reads what it needs from the document,
//! so that nothing is sent twice and the browser half stays small.

pub mod checkout_guide;
pub mod countdown;
mod dom;
pub mod error_text;
mod order_events;
pub mod order_watch;
pub mod payment_page;
pub mod send_on;
pub mod stay_current;
pub mod way_out;
