//! A browser's request in, a page out.
//!
//! - [`visitor`]: who asks, in which language and market; [`customer_address`]: from where; [`input`]: what was typed
//! - [`cookies`]: what a browser is given to keep
//! - [`respond`]: the page that is answered; [`content_security`]: what a browser may load for it
//! - [`event_streams`]: news of an order, pushed to its page; [`pace`]: how often one address may ask
//! - [`health`], [`figures`] with [`standing`]: for those who watch over the shop; [`dev_reload`]: for those who change it

pub mod content_security;
pub mod cookies;
pub mod customer_address;
pub mod dev_reload;
pub mod event_streams;
pub mod figures;
pub mod health;
pub mod input;
pub mod pace;
pub mod respond;
pub mod standing;
pub mod visitor;
