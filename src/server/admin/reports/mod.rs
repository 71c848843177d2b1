//! Reports: the page of [`figures`], the [`rows`] behind them, and all of it as [`files`]; each by a [`filter`] in the address.

pub mod figures;
pub mod files;
mod filter;
pub mod rows;
