//! Who works here: in and out, and what each may.
//!
//! - [`guard`]: stands in front of each address; [`session`]: who is signed in
//! - [`sign_in`], [`account`]: in and out, one's own password and second factor
//! - [`step_up`]: proves again who it is before money leaves; [`second_factor`]: codes; [`passwords`]: how they are kept
//! - [`operators`]: the list of who works here; [`invitations`]: how somebody new comes in; [`owners`]: those the settings name
//! - [`device`]: one that somebody signed in with before; [`resume`]: what was typed before the session was over
//! - [`tokens`]: which programs may read the register

pub mod account;
pub mod device;
pub mod guard;
pub mod invitations;
pub mod operators;
pub mod owners;
pub mod passwords;
pub mod resume;
pub mod second_factor;
pub mod session;
pub mod sign_in;
pub mod step_up;
pub mod tokens;
