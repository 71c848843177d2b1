//! Files of refunds or payouts: as they were uploaded, what each row may do, and how far it is.

pub mod checks;
pub mod files;
pub mod repeats;
pub mod rows;
pub mod running;
pub mod starting;
