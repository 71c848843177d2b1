//! People on their way into the back office: [`invitations`] for whoever is new, and the [`device`] that somebody came with before.

pub mod device;
pub mod invitations;
