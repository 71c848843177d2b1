//! What the sandbox needs to run: settings, limits, time, chance, the log, the sender of callbacks, work in the background.

pub mod chance;
pub mod clock;
pub mod limits;
pub mod log;
pub mod sender;
pub mod settings;
pub mod worker;
