//! JSON that carries a signature: read strictly and within limits, signed, checked, and searched for a second meaning.

pub mod ambiguity;
pub mod document;
pub mod json;
pub mod json_error;
pub mod limits;
pub mod members;
mod natural_order;
pub mod signature;
