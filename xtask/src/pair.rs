//! The shop and the sandbox as running processes. Neither is ever left running: a program is
//! stopped when its value is dropped.

use crate::programs;
use anyhow::{Context, Result, bail};
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub const SHOP: &str = "http://127.0.0.1:3000";
pub const SANDBOX: &str = "http://localhost:3001";

const LOOK_AGAIN: Duration = Duration::from_millis(50);
const READY_WITHIN: Duration = Duration::from_secs(30);
const END_WITHIN: Duration = Duration::from_secs(5);

static STOP: AtomicBool = AtomicBool::new(false);

/// From here on, Ctrl-C only sets what [`told_to_stop`] says, so that the programs can be stopped first.
pub fn catch_stop() -> Result<()> {
    ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed)).context("listening for Ctrl-C")
}

pub fn told_to_stop() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Fails if a port is taken. Called before the build, which may take minutes.
pub fn expect_free_ports() -> Result<()> {
    for address in ["127.0.0.1:3000", "127.0.0.1:3001", "[::1]:3001"] {
        if let Err(error) = TcpListener::bind(address)
            && error.kind() == ErrorKind::AddrInUse
        {
            bail!("{address} is taken: does the shop run in another terminal? Stop what listens there, then try again");
        }
    }
    Ok(())
}

/// The two programs. When both are stopped, the shop is stopped first.
pub struct Pair {
    shop: Program,
    sandbox: Program,
}

impl Pair {
    /// Starts both and waits until they answer; `None` if told to stop meanwhile.
    pub fn start(environment: &[(&str, &str)]) -> Result<Option<Pair>> {
        let sandbox = Program::sandbox()?;
        let shop = Program::shop(environment)?;
        let mut pair = Pair { shop, sandbox };
        Ok(pair.ready()?.then_some(pair))
    }

    /// Starts the shop again, and the sandbox, too, if it changed.
    pub fn restart(&mut self, environment: &[(&str, &str)], sandbox: bool) -> Result<()> {
        self.shop.stop();
        if sandbox {
            self.sandbox.stop();
            self.sandbox = Program::sandbox()?;
        }
        self.shop = Program::shop(environment)?;
        self.ready()?;
        Ok(())
    }

    /// Fails with the name and the exit code of a program that ended by itself.
    pub fn still_running(&mut self) -> Result<()> {
        for program in [&mut self.shop, &mut self.sandbox] {
            if let Some(status) = program.child.try_wait()? {
                bail!("the {} ended by itself ({status})", program.name);
            }
        }
        Ok(())
    }

    fn ready(&mut self) -> Result<bool> {
        let started = Instant::now();
        while !told_to_stop() {
            self.still_running()?;
            match (answers("127.0.0.1:3000", "/healthz"), answers("localhost:3001", "/control")) {
                (true, true) => return Ok(true),
                _ if started.elapsed() < READY_WITHIN => sleep(LOOK_AGAIN),
                (false, _) => bail!("the shop does not answer on {SHOP}/healthz"),
                _ => bail!("the sandbox does not answer on {SANDBOX}/control"),
            }
        }
        Ok(false)
    }
}

struct Program {
    name: &'static str,
    child: Child,
}

impl Program {
    fn sandbox() -> Result<Program> {
        Program::start("sandbox", Command::new(programs::folder()?.join("sandbox")).args(["--port", "3001"]))
    }

    /// Starts the shop at a fixed address, even if a `.env` names another one.
    fn shop(environment: &[(&str, &str)]) -> Result<Program> {
        let mut command = Command::new(programs::folder()?.join("storefront"));
        // With few messages the addresses stay visible; `RUST_LOG` shows more.
        if std::env::var_os("RUST_LOG").is_none() {
            command.env("RUST_LOG", "warn");
        }
        Program::start("shop", command.env("SHOP_ADDR", "127.0.0.1:3000").envs(environment.iter().copied()))
    }

    fn start(name: &'static str, command: &mut Command) -> Result<Program> {
        let child = command.stdin(Stdio::null()).spawn().with_context(|| format!("starting the {name}"))?;
        Ok(Program { name, child })
    }

    /// Asks the program to end, and kills it if it does not.
    fn stop(&mut self) {
        ask_to_end(&mut self.child);
        let asked = Instant::now();
        while let Ok(None) = self.child.try_wait() {
            if asked.elapsed() > END_WITHIN {
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            sleep(LOOK_AGAIN);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(unix)]
fn ask_to_end(child: &mut Child) {
    use nix::{sys::signal, unistd::Pid};
    if let (Ok(None), Ok(id)) = (child.try_wait(), i32::try_from(child.id())) {
        let _ = signal::kill(Pid::from_raw(id), signal::Signal::SIGTERM);
    }
}

#[cfg(not(unix))]
fn ask_to_end(child: &mut Child) {
    let _ = child.kill();
}

/// Whether `GET path` is answered with 200.
fn answers(host: &str, path: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(host)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        Ok(String::from_utf8_lossy(&start).into_owned())
    };
    ask().is_ok_and(|start| start == "HTTP/1.1 200")
}
