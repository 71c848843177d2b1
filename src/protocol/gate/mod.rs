//! Gate: direct sales, refunds, payouts and questions about them, as signed JSON over POST.
//!
//! An answer says only that a request was taken on. What became of it comes by callback, or by asking for the status.
//! - [`request`]: what is asked
//! - [`answer`]: whether a request was taken on, refused, or nobody knows
//! - [`redirect`]: where the customer of a sale is sent
//! - [`status`]: what the platform knows of a payment

pub mod answer;
pub mod redirect;
pub mod request;
pub mod status;

pub use answer::{Answer, Unclear};
pub use redirect::Redirection;
pub use request::GateRequest;
pub use status::Status;
