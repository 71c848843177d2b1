//! Operators: sign-in, roles and permissions.
//!
//! - [`guard`]: stands in front of each address; [`session`]: who is signed in
//! - [`sign_in`]: sign-in and sign-out; [`account`]: one's own password and second factor
//! - [`step_up`]: asks for the code or password, again before money leaves; [`second_factor`]: codes; [`passwords`]: how they are kept
//! - [`operators`]: the list of them; [`invitations`]: how a new one sets a password; [`owners`]: those that the settings name
//! - [`device`]: one that somebody signed in with before; [`kept`], [`resume`]: what was typed before the session was over
//! - [`tokens`]: which programs may read the register

pub mod account;
pub mod device;
pub mod guard;
pub mod invitations;
pub mod kept;
pub mod operators;
pub mod owners;
pub mod passwords;
pub mod resume;
pub mod second_factor;
pub mod session;
pub mod sign_in;
pub mod step_up;
pub mod tokens;
