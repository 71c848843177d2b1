//! The log: one JSON object per line on standard error, written by its own thread. Nothing waits for it: lines that find no room,
//! or cannot be written, are dropped and counted (`log_lines_lost_total`).
//!
//! No line tells a key, or anything of a person: requests are named by route and id, payments by id.

use std::{
    borrow::Cow,
    io::{self, Write},
    panic::PanicHookInfo,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use metrics::counter;
use tracing::{Level, Metadata};
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{EnvFilter, Layer, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt};

use url::Url;

use crate::server::running::{limits, telling::traces::Traces};

/// The log and the traces, that last as long as this.
pub struct Told {
    _traces: Option<Traces>,
    _log: WorkerGuard,
}

/// Begins the log and, for a collector, the traces. A panic is a line of the log like any other.
pub fn begin(collector: Option<&Url>) -> Told {
    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let waiting = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(limits::LOG_LINES).thread_name("log");
    let (waiting, guard) = waiting.finish(Device(io::stderr()));
    let log = Log { waiting, lost: Arc::default() };
    // Told once, in the list of all: each telling reads and writes what is known of a request anew.
    let lines = tracing_subscriber::fmt::layer().json().with_current_span(false).with_writer(move || log.clone());
    let (traces, failed) = collector.map(Traces::to).transpose().map_or_else(|error| (None, Some(error)), |traces| (traces, None));
    let spans = traces.as_ref().map(Traces::layer);
    tracing_subscriber::registry().with(lines.with_filter(wanted)).with(spans).with(filter_fn(is_harmless)).init();
    std::panic::set_hook(Box::new(tell_panic));
    if let Some(error) = failed {
        tracing::warn!(%error, "there are no traces");
    }
    Told { _traces: traces, _log: guard }
}

/// What libraries tell beyond `info` may be whatever passes through them: the driver of PostgreSQL tells all values.
fn is_harmless(line: &Metadata<'_>) -> bool {
    *line.level() <= Level::INFO || OF_OURS.iter().any(|module| line.target().starts_with(module))
}

/// Whose lines are known to be harmless.
const OF_OURS: [&str; 2] = [env!("CARGO_CRATE_NAME"), "tower_http::trace"];

/// A message that was put together may hold what somebody typed. The place says enough.
fn tell_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let why = panic.payload().downcast_ref::<&'static str>().copied();
    tracing::error!(place, why, "something ended in a panic");
}

/// Prints a message on standard output, which may be full, closed, or read by nobody.
pub fn announce(lines: String) {
    let say = move || {
        let mut out = io::stdout().lock();
        let _ = out.write_all(lines.as_bytes()).and_then(|()| out.flush());
    };
    if let Err(error) = std::thread::Builder::new().name("announcement".to_owned()).spawn(say) {
        tracing::warn!(%error, "standard output could not be told that the shop listens");
    }
}

fn count_lost(lines: usize) {
    counter!("log_lines_lost_total").increment(u64::try_from(lines).unwrap_or(u64::MAX));
}

/// Where lines are handed over.
#[derive(Clone)]
struct Log {
    waiting: NonBlocking,
    /// How many of the lines that found no room were counted.
    lost: Arc<AtomicUsize>,
}

/// A line of JSON in which what would end it for some readers, or move their terminal, is written as an escape. JSON itself demands
/// that of the oldest such letters alone.
fn spelled_out(line: &[u8]) -> Cow<'_, [u8]> {
    let text = String::from_utf8_lossy(line);
    if !text.trim_end_matches('\n').contains(is_obeyed) {
        return Cow::Borrowed(line);
    }
    let spelled = |letter: char| {
        let is_end = letter == '\n';
        if is_obeyed(letter) && !is_end { format!("\\u{:04x}", u32::from(letter)) } else { letter.to_string() }
    };
    Cow::Owned(text.chars().map(spelled).collect::<String>().into_bytes())
}

/// Controls, ends of lines and of paragraphs, and marks that turn the direction of what follows.
fn is_obeyed(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let written = self.waiting.write(&spelled_out(line)).map(|_| line.len());
        let lost = self.waiting.error_counter().dropped_lines();
        let counted = self.lost.fetch_max(lost, Ordering::Relaxed);
        if lost > counted {
            count_lost(lost - counted);
        }
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where lines are written. A line that cannot be written is lost, and is no error: there is nowhere to report it.
struct Device<W>(W);

impl<W: Write> Write for Device<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.0.write_all(line).is_err() {
            count_lost(1);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = self.0.flush();
        Ok(())
    }
}
