//! How people come into the back office, who let them in, and what keeps strangers from guessing their way.

pub(super) mod admissions;
mod attempts;
pub(super) mod devices;
mod invitations;
mod second_factors;

pub use admissions::By;
pub use attempts::{Attempt, TooSoon};
pub use devices::REMEMBERED_S as DEVICE_REMEMBERED_S;
pub use invitations::{Colleague, Invitation};
