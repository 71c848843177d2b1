//! What holds at every address: who asks, how often, with what, and what every answer says to browsers.

mod addresses;
mod connections;
mod headers;
mod hostile;
mod proxies;
mod rates;
mod raw_requests;
mod typed_text;
