//! A shop that is operated: its settings, health, log, figures and alerts, disk and workers, and what is left after a kill.

mod alerts;
mod canaries;
mod figures;
mod full_disk;
mod health;
mod killed;
mod log;
mod log_lines;
mod secrets;
mod server_gone;
mod settings;
mod shops;
mod traces;
mod untrusted;
mod versions;
mod workers;
