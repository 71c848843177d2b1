//! What the sandbox stands on while it runs: settings, time, chance, the log, who may ask, and work that goes on by itself.

pub mod chance;
pub mod clock;
pub mod guard;
pub mod log;
pub mod settings;
pub mod worker;
