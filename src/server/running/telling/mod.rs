//! What the shop tells those who watch over it.
//!
//! - [`log`]: what happens, line by line; [`request`]: what all lines of a request have in common
//! - [`figures`]: what is counted; [`traces`]: how long each part of a request takes

pub mod figures;
pub mod log;
pub mod request;
pub mod traces;
