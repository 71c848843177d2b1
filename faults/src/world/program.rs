//! A program as a process, with all that it starts. None is left running.

use super::early_end::Undone;
use anyhow::{Context, Result};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const LOOK_AGAIN: Duration = Duration::from_millis(5);

pub struct Program {
    child: Child,
    _undone: Undone,
}

impl Program {
    /// In a group of processes of its own, so that whatever it starts ends with it.
    pub fn start(command: &mut Command) -> Result<Self> {
        let child = command.stdin(Stdio::null()).process_group(0).spawn();
        let child = child.with_context(|| format!("starting {}", command.get_program().display()))?;
        let group = Pid::from_raw(i32::try_from(child.id())?);
        let undone = Undone::at_an_early_end(move || {
            let _ = killpg(group, Signal::SIGKILL);
        });
        Ok(Self { child, _undone: undone })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until somebody listens on the port. False: it ended before.
    pub fn listens(&mut self, port: u16, within: Duration) -> Result<bool> {
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if self.has_ended() {
                return Ok(false);
            }
            anyhow::ensure!(started.elapsed() < within, "nobody listens on port {port}");
            sleep(LOOK_AGAIN);
        }
        Ok(true)
    }

    /// False: it still runs.
    pub fn ends(&mut self, within: Duration) -> bool {
        let started = Instant::now();
        while !self.has_ended() {
            if started.elapsed() > within {
                return false;
            }
            sleep(LOOK_AGAIN);
        }
        true
    }

    pub fn signal(&self, signal: Signal) {
        if let Ok(id) = i32::try_from(self.child.id()) {
            let _ = killpg(Pid::from_raw(id), signal);
        }
    }

    pub fn is_killed(&mut self) {
        self.signal(Signal::SIGKILL);
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.is_killed();
    }
}

/// A port that nobody listens on.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
