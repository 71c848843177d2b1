//! The shop from outside: over HTTP and by its command line, paid through the real sandbox program.
//!
//! Folders follow the shop's addresses and its commands; [`kit`] is what tests are written with, and its head teaches how.

mod kit;

mod admin;
mod api;
mod callbacks;
mod commands;
mod http;
mod money;
mod questions;
mod running;
mod sandbox;
mod shop;
