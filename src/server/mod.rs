//! Everything that does I/O. Begin with [`router`]: it lists every address and the act behind it.
//!
//! - [`config`] (read by [`settings`]), [`catalog`]: what the merchant sets
//! - [`store`]: what the shop remembers; all SQL
//! - [`visitor`], [`input`], [`customer_address`], [`respond`], [`policy`], [`failures`]: a browser's request in, a page out
//! - [`shop`], [`cart`], [`checkout`], [`orders`], [`callbacks`]: the acts
//! - [`verifying`]: whose callbacks are; [`refusals`]: those that were refused, on their way into their record
//! - [`checkout_form`]: the form that two of them share; [`opening`]: how the Payment Page is opened from it
//! - [`ordering_browser`]: whom an order tells what it knows of its customer
//! - [`payment_page`]: an order in the platform's words
//! - [`gate`]: the client of the platform's other door; [`inquiries`]: asking there what no callback told
//! - [`limited_body`]: how much of another server's answer is read
//! - [`sales`], [`handover`]: direct sales, and the page on which their customers wait
//! - [`data_api`]: the client of the platform's register; [`reconciliation`]: beside the shop's own books
//! - [`cases`]: what waits for a person
//! - [`till`]: where money leaves from: sales, refunds and payouts; [`books`]: whether the journal of money agrees
//! - [`reports`]: what happened, in figures
//! - [`batches`]: files of refunds or payouts, row by row into the till
//! - [`admin`]: the back office; [`passwords`]; [`export`]: rows as a file to download
//! - [`api`]: the shop's register for programs, as JSON
//! - [`commands`]: what the program does besides serving
//! - [`limits`]: what a stranger may use up; [`http`]: who keeps to it
//! - [`workers`]: what goes on by itself is kept running; [`log`], [`figures`]: what it tells of itself
//! - [`health`], [`dev_reload`], [`clock`], [`calendar`], [`chance`], [`start`]

pub mod admin;
pub mod api;
pub mod batches;
pub mod books;
pub mod calendar;
pub mod callbacks;
pub mod cart;
pub mod cases;
pub mod catalog;
pub mod chance;
pub mod checkout;
pub mod checkout_form;
pub mod clock;
pub mod commands;
pub mod config;
pub mod customer_address;
pub mod data_api;
pub mod dev_reload;
pub mod expiry;
pub mod export;
mod failures;
pub mod figures;
pub mod gate;
pub mod handover;
pub mod health;
pub mod http;
pub mod input;
pub mod inquiries;
mod limited_body;
pub mod limits;
pub mod log;
pub mod opening;
pub mod ordering_browser;
pub mod orders;
pub mod passwords;
pub mod payment_page;
pub mod policy;
pub mod reconciliation;
pub mod refusals;
pub mod reports;
pub mod respond;
pub mod router;
pub mod sales;
mod settings;
pub mod shop;
pub mod start;
pub mod state;
pub mod store;
pub mod till;
pub mod verifying;
pub mod visitor;
pub mod workers;
