//! Money that moves: requests that get lost, silence, senders that are killed, and what the platform says moved.

mod killed_senders;
mod lost_requests;
mod model;
mod several_shops;
mod silence;
mod told;
