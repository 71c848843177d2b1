//! Who works in the back office, what each may do, and which programs may read.

pub mod api_token;
pub mod operator;
pub mod pauses;
