//! What all pages of the sandbox share: their frame, styles and scripts, the forms that come back, and pages of failure.

pub mod assets;
pub mod error;
pub mod form;
pub mod frame;
pub mod home;
pub mod page;
