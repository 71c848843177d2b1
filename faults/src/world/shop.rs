//! The shop's program: started, killed, and started again.

use super::operator;
use super::program::{Program, free_port};
use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// An unoptimised program below strace is slow.
const LISTENS_WITHIN: Duration = Duration::from_secs(60);
/// How often a shop may end while it starts before something else is wrong than the fault.
const STARTS: usize = 5;

pub struct Shop {
    pub port: u16,
    program: PathBuf,
    folder: PathBuf,
    settings: Vec<(String, String)>,
    running: Mutex<Option<Program>>,
    starts: AtomicUsize,
    /// Of the newest start, and 0 before there is one.
    process: Arc<AtomicI32>,
}

/// What a program is started below: another command, and settings of its own.
#[derive(Default)]
pub struct Under {
    pub command: Vec<String>,
    pub settings: Vec<(String, String)>,
    /// Nobody reads its standard error: a pipe that is full after a while.
    pub unread: bool,
}

impl Under {
    pub fn nothing() -> Self {
        Self::default()
    }

    pub fn settings(settings: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self { settings: settings.iter().map(owned).collect(), ..Self::default() }
    }
}

impl Shop {
    /// Not running yet.
    pub fn new(program: PathBuf, folder: PathBuf, database: &str, sandbox: u16) -> Result<Self> {
        let port = free_port()?;
        let sandbox = format!("http://localhost:{sandbox}");
        let settings = [
            ("SHOP_ADDR", format!("127.0.0.1:{port}")),
            ("PUBLIC_URL", format!("http://127.0.0.1:{port}")),
            ("METRICS_ADDR", "off".to_owned()),
            ("DATABASE_URL", database.to_owned()),
            ("PAYMENT_PAGE_URL", sandbox.clone()),
            ("GATE_URL", sandbox.clone()),
            ("DATA_API_URL", sandbox),
            ("STATUS_AFTER_S", "2".to_owned()),
            ("OPERATOR_EMAIL", operator::EMAIL.to_owned()),
            ("OPERATOR_PASSWORD", operator::PASSWORD.to_owned()),
            // What the log may tell is a part of the question.
            ("RUST_LOG", "debug".to_owned()),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value)).into();
        Ok(Self {
            port,
            program,
            folder,
            settings,
            running: Mutex::default(),
            starts: AtomicUsize::new(0),
            process: Arc::default(),
        })
    }

    /// Another shop on the same database.
    pub fn beside(&self) -> Result<Self> {
        let port = free_port()?;
        let other = Self {
            port,
            program: self.program.clone(),
            folder: self.folder.clone(),
            settings: self.settings.clone(),
            running: Mutex::default(),
            starts: AtomicUsize::new(0),
            process: Arc::default(),
        };
        Ok(other.with("SHOP_ADDR", &format!("127.0.0.1:{port}")))
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Its program with its settings, and nothing of the developer's own.
    pub fn command(&self, under: &Under) -> Command {
        let mut words = under.command.clone();
        words.push(self.program.display().to_string());
        let mut command = Command::new(&words[0]);
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.args(&words[1..]).current_dir(&self.folder).env_clear().env("PATH", path);
        command.envs(self.settings.iter().cloned()).envs(under.settings.iter().cloned());
        command
    }

    /// Starts it. False: it ended before it listened.
    pub fn starts(&self, under: &Under) -> Result<bool> {
        self.starts.fetch_add(1, Ordering::Relaxed);
        let mut command = self.command(under);
        let log = File::options().create(true).append(true).open(self.folder.join("shop.log"))?;
        command.stdout(log.try_clone()?);
        // The reading end stays open in here, and nobody reads.
        command.stderr(if under.unread { Stdio::piped() } else { log.into() });
        let mut program = Program::start(&mut command)?;
        self.process.store(i32::try_from(program.id())?, Ordering::SeqCst);
        let listens = program.listens(self.port, LISTENS_WITHIN)?;
        *self.running() = listens.then_some(program);
        Ok(listens)
    }

    /// Starts it again if it ended.
    pub fn stands(&self, under: &Under) -> Result<()> {
        for _ in 0..STARTS {
            if self.running().as_mut().is_some_and(|program| !program.has_ended()) || self.starts(under)? {
                return Ok(());
            }
        }
        bail!("the shop does not start; see {}", self.folder.join("shop.log").display())
    }

    /// How often it was started.
    pub fn starts_so_far(&self) -> usize {
        self.starts.load(Ordering::Relaxed)
    }

    /// Whether it still runs.
    pub fn runs(&self) -> bool {
        self.running().as_mut().is_some_and(|program| !program.has_ended())
    }

    /// Kills it from anywhere.
    pub fn killer(&self) -> impl Fn() + Send + 'static {
        let process = self.process.clone();
        move || {
            let _ = killpg(Pid::from_raw(process.load(Ordering::SeqCst)), Signal::SIGKILL);
        }
    }

    /// Kills it and starts it again.
    pub fn is_killed_and_stands(&self) -> Result<()> {
        self.is_killed();
        self.stands(&Under::nothing())
    }

    pub fn is_killed(&self) {
        drop(self.running().take());
    }

    /// Asks it to end, and waits.
    pub fn stops(&self) -> Result<()> {
        if let Some(mut program) = self.running().take() {
            program.signal(Signal::SIGTERM);
            anyhow::ensure!(program.ends(LISTENS_WITHIN), "the shop does not stop");
        }
        Ok(())
    }

    /// Its process.
    pub fn id(&self) -> Result<u32> {
        self.running().as_ref().map(Program::id).context("the shop does not run")
    }

    fn running(&self) -> MutexGuard<'_, Option<Program>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
