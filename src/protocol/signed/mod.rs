//! JSON that carries a signature: it is read strictly and within limits, signed, verified, and checked for ambiguity.

pub mod ambiguity;
pub mod document;
pub mod document_limits;
pub mod json;
pub mod json_error;
pub mod members;
mod natural_order;
pub mod signature;
