//! The sandbox by itself: Gate, Data API and control panel, as merchants' programs meet them.

mod clients;
mod control;
mod gate;
mod guard;
mod outages;
