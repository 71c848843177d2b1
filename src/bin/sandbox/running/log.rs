//! The log. A thread of its own writes it, so that a log that cannot be written stops nothing.

use std::{
    io::{self, IsTerminal},
    panic,
};

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::running::limits::WAITING_LINES;

/// Begins to log. Lines that wait are written when the guard is dropped.
pub fn begin() -> WorkerGuard {
    let (writer, guard) = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING_LINES).finish(io::stderr());
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(io::stderr().is_terminal())
        .log_internal_errors(false)
        .init();
    panic::set_hook(Box::new(|panic| tracing::error!(%panic, "something panicked")));
    guard
}
