//! Who gets into the back office, how, and what their roles let them do.

mod guesses;
mod invitations;
mod known_devices;
mod roles;
mod sign_in;
