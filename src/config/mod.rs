//! What the merchant sets, in the environment or a `.env` file.
//!
//! - [`settings`]: all of it, each with its name; [`reader`]: how one is read
//! - [`figures_addr`], [`periodic`]: values of single settings
//! - [`password`]: which passwords are good enough, here and everywhere else

pub mod figures_addr;
pub mod password;
pub mod periodic;
mod reader;
pub mod settings;
