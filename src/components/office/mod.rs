//! What the pages of the back office share.
//!
//! - around a page: [`frame`], [`sections`], [`notices`]
//! - lists: [`filters`], [`tables`], [`paging`]
//! - names and values: [`facts`]; what is typed: [`fields`]

pub mod facts;
pub mod fields;
pub mod filters;
mod frame;
pub mod notices;
pub mod paging;
pub mod sections;
pub mod tables;

pub use frame::{OfficeFrame, Tab};
