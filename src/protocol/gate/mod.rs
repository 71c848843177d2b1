//! Gate: direct sales, refunds, payouts and questions about them, as signed JSON over POST.
//!
//! An answer says only whether a request was accepted. Its result comes by callback or in a status answer.
//! - [`request`]: the requests
//! - [`answer`]: whether a request was accepted, refused, or neither is known
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
