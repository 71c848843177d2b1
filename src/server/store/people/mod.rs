//! How people come into the back office, who let them in, what they did, and what keeps strangers from guessing their way.

pub mod acts;
pub mod admissions;
pub mod api_tokens;
pub mod devices;
pub mod invitations;
pub mod operators;
pub mod second_factors;
pub mod sessions;
pub mod sign_in_attempts;
