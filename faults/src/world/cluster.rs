//! A PostgreSQL server of our own: own folder, own port, writes flushed to disk. It ends with its value.

use super::database::psql;
use super::early_end::Undone;
use super::program::free_port;
use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// PostgreSQL refuses to run as root.
const SERVER_USER: &str = "postgres";
/// The role that owns it, and the one the shops have: limits of connections hold for the latter.
const OWNER: &str = "owner";
const SHOP: &str = "shop";

const ENDS_WITHIN: Duration = Duration::from_secs(20);
const RECOVERS_WITHIN: Duration = Duration::from_secs(60);

pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    pub port: u16,
    _undone: Undone,
}

impl Cluster {
    /// Makes and starts one.
    pub fn start(name: &str) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("storefront-faults-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        if geteuid().is_root() {
            let status = Command::new("chown").arg(SERVER_USER).arg(&folder).status()?;
            ensure!(status.success(), "the user {SERVER_USER} has to own {}", folder.display());
        }
        let undone = Undone::at_an_early_end({
            let folder = folder.clone();
            move || end(&folder)
        });
        let cluster = Self { folder, programs: programs()?, port: free_port()?, _undone: undone };
        let data = cluster.data().display().to_string();
        cluster.run("initdb", &["--pgdata", &data, "--auth=trust", "--username", OWNER, "--encoding=UTF8", "--locale=C"])?;
        let settings = format!(
            "port = {}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{}'\nmax_connections = 300\nshared_buffers = 32MB\n\
             fsync = on\nsynchronous_commit = on\nfull_page_writes = on\n",
            cluster.port,
            cluster.folder.display()
        );
        fs::write(cluster.folder.join("settings"), settings)?;
        let include = format!("include '{}'\n", cluster.folder.join("settings").display());
        let file = cluster.data().join("postgresql.conf");
        let old = fs::read_to_string(&file)?;
        fs::write(&file, old + &include)?;
        cluster.starts()?;
        psql(&cluster.address(OWNER, "postgres"), &format!("CREATE ROLE {SHOP} LOGIN"))?;
        Ok(cluster)
    }

    pub fn starts(&self) -> Result<()> {
        let (data, log) = (self.data().display().to_string(), self.folder.join("log").display().to_string());
        self.run("pg_ctl", &["--pgdata", &data, "--log", &log, "--wait", "start"])
    }

    /// `how`: smart, fast or immediate.
    pub fn stops(&self, how: &str) -> Result<()> {
        self.run("pg_ctl", &["--pgdata", &self.data().display().to_string(), "--mode", how, "--wait", "stop"])
    }

    /// An empty database.
    pub fn database(&self, name: &str) -> Result<super::Database> {
        psql(&self.address(OWNER, "postgres"), &format!("CREATE DATABASE {name} OWNER {SHOP}"))?;
        Ok(super::Database::Server { shop: self.address(SHOP, name), owner: self.address(OWNER, name) })
    }

    /// Waits until it lets connections in; starts it if it is gone.
    pub fn stands(&self) -> Result<()> {
        let began = Instant::now();
        while psql(&self.address(OWNER, "postgres"), "SELECT 1").is_err() {
            if !main_process(&self.folder).is_ok_and(|id| Path::new(&format!("/proc/{id}")).exists()) {
                self.starts()?;
            }
            ensure!(began.elapsed() < RECOVERS_WITHIN, "PostgreSQL does not recover");
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// All its processes: the main one first, from which the others come.
    pub fn processes(&self) -> Result<Vec<u32>> {
        let main = main_process(&self.folder)?;
        let children = fs::read_to_string(format!("/proc/{main}/task/{main}/children"))?;
        Ok(std::iter::once(u32::try_from(main)?).chain(children.split_whitespace().filter_map(|id| id.parse().ok())).collect())
    }

    /// How often one of its processes was killed.
    pub fn crashes(&self) -> Result<usize> {
        Ok(fs::read_to_string(self.folder.join("log"))?.matches("was terminated by signal").count())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn address(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@127.0.0.1:{}/{database}", self.port)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let program = self.programs.join(program);
        let mut command = match geteuid().is_root() {
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", SERVER_USER, "--"]).arg(&program);
                command
            }
            false => Command::new(&program),
        };
        // The server keeps what it is given for output: it must not be a pipe that somebody waits for.
        let log = fs::File::options().create(true).append(true).open(self.folder.join("commands.log"))?;
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let status = command.status().with_context(|| format!("starting {}", program.display()))?;
        let said = || fs::read_to_string(self.folder.join("commands.log")).unwrap_or_default();
        ensure!(status.success(), "{}: {}", program.display(), said());
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        end(&self.folder);
    }
}

/// The server in this folder, if it runs, and all that it kept.
fn end(folder: &Path) {
    if let Ok(process) = main_process(folder) {
        let _ = kill(Pid::from_raw(process), Signal::SIGQUIT);
        let began = Instant::now();
        while Path::new(&format!("/proc/{process}")).exists() && began.elapsed() < ENDS_WITHIN {
            sleep(Duration::from_millis(20));
        }
    }
    let _ = fs::remove_dir_all(folder);
}

fn main_process(folder: &Path) -> Result<i32> {
    let file = fs::read_to_string(folder.join("data/postmaster.pid"))?;
    file.lines().next().and_then(|line| line.parse().ok()).context("no process")
}

/// Debian has the server's programs in a folder for each version.
fn programs() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<_> =
        versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists()).collect();
    folders.sort();
    let on_path = || std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| folder.join("initdb").exists());
    let found = folders.pop().or_else(on_path).context("PostgreSQL's server is not installed: Debian's package is postgresql")?;
    ensure!(Path::new(&found).is_dir());
    Ok(found)
}
