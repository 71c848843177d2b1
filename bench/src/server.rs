//! A measured program: a process that listens on a port, and what Linux tells about it.

use anyhow::{Context, Result, bail};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub const MEBIBYTE: u64 = 1024 * 1024;

const READY_WITHIN: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The unit of processor time in `/proc`.
const TICK: Duration = Duration::from_millis(10);

/// A running program. It is killed when the value is dropped.
pub struct Server {
    pub port: u16,
    child: Child,
}

impl Server {
    /// Starts a program that is told to listen on `port`, and waits until it does.
    pub fn start(command: &mut Command, port: u16) -> Result<Server> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.stdin(Stdio::null()).spawn().with_context(|| format!("starting {name}"))?;
        let mut server = Server { port, child };
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if let Some(status) = server.child.try_wait()? {
                bail!("{name} ended by itself ({status})");
            }
            if started.elapsed() > READY_WITHIN {
                bail!("{name} does not listen on port {port}");
            }
            sleep(LOOK_AGAIN);
        }
        Ok(server)
    }

    /// Its standard error, if that was piped and not taken yet.
    pub fn log(&mut self) -> Option<ChildStderr> {
        self.child.stderr.take()
    }

    /// Resident bytes now.
    pub fn memory(&self) -> Result<u64> {
        self.told("VmRSS:")
    }

    /// The most bytes that were resident since the start, or since the peak was forgotten.
    pub fn peak_memory(&self) -> Result<u64> {
        self.told("VmHWM:")
    }

    pub fn forget_peak(&self) {
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
    }

    /// Processor time used so far by all its threads.
    pub fn processor_time(&self) -> Result<Duration> {
        processor_time(&self.child.id().to_string())
    }

    fn told(&self, name: &str) -> Result<u64> {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).context("memory can be measured only on Linux")?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such line")?;
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kibibytes * 1024)
    }
}

/// Processor time used so far by a process, which is named by its id or `self`.
pub fn processor_time(process: &str) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).context("processor time can be measured only on Linux")?;
    // The second field is the program's name in brackets, and may hold spaces.
    let fields = stat.rsplit_once(')').context("no name")?.1.split_whitespace();
    let ticks: u32 = fields.skip(11).take(2).map(|ticks| ticks.parse::<u32>().unwrap_or(0)).sum();
    Ok(TICK * ticks)
}

/// A port that nobody listens on.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
