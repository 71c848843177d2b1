//! What all addresses share: the frame of pages, their style and scripts, answers to programs, failures, and the guard
//! against pages of other sites.

pub mod answer;
pub mod assets;
pub mod error;
pub mod frame;
pub mod guard;
pub mod home;
pub mod page;
