//! What the payment platform calls things: plain tables that the shop, the browser and the sandbox share.
//!
//! Nothing here signs, sends or stores. A merchant adds a fourth payment method in [`method`].

pub mod code;
pub mod method;
pub mod opening;
pub mod payment_path;
pub mod status;

pub use method::Method;
pub use opening::Opening;
pub use payment_path::PaymentPath;
pub use status::{PaymentStatus, Standing};
