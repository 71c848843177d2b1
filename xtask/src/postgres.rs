//! A PostgreSQL of the tests' own, from the programs that are installed: a new data folder, a free port, and nothing left behind,
//! however the tests end.

use crate::step::{line, step, timed};
use crate::{install, programs};
use anyhow::{Context, Result, bail};
#[cfg(unix)]
use nix::unistd::User;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

const USER: &str = "storefront";
const TEMPLATE: &str = "empty_shop";
const READY_WITHIN: Duration = Duration::from_secs(60);
const END_WITHIN: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Each shop takes a dozen connections.
const SETTINGS: [&str; 3] = ["listen_addresses=127.0.0.1", "max_connections=500", "log_min_messages=fatal"];
/// What tests write is thrown away, so nothing has to survive a power cut.
const FLEETING: [&str; 4] = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"];

static RUNNING: Mutex<Option<Server>> = Mutex::new(None);

/// A server as programs see it.
pub struct Beside {
    /// `postgres://…` without a database.
    pub address: String,
    /// Its own programs, such as `psql`, before any other.
    pub path: String,
}

/// Does `work` beside a server that keeps nothing; gives it the variables that its tests need.
pub fn beside<T>(work: impl FnOnce(&[(&str, String)]) -> Result<T>) -> Result<T> {
    started(&FLEETING, |Beside { address, path }| {
        make_template(&address)?;
        work(&[("TEST_DATABASE_SERVER", address), ("TEST_DATABASE_TEMPLATE", TEMPLATE.to_owned()), ("PATH", path)])
    })
}

/// Does `work` beside a server that flushes whatever it commits.
pub fn beside_durable<T>(work: impl FnOnce(Beside) -> Result<T>) -> Result<T> {
    started(&[], work)
}

fn started<T>(settings: &[&str], work: impl FnOnce(Beside) -> Result<T>) -> Result<T> {
    ctrlc::set_handler(|| {
        stop();
        std::process::exit(130)
    })
    .context("listening for Ctrl-C")?;
    let _stopped = StoppedAtLast;
    let beside = {
        // Ctrl-C waits until it is there, and can be stopped.
        let mut running = running();
        let server = timed("starting a PostgreSQL", || Server::start(settings))?;
        running.insert(server).beside()?
    };
    work(beside)
}

/// An empty shop's database. A copy of it is made sooner than its tables.
fn make_template(server: &str) -> Result<()> {
    let mut storefront = Command::new(programs::folder()?.join("storefront"));
    storefront.arg("cases").env_clear().env("DATABASE_URL", format!("{server}/{TEMPLATE}")).stdout(Stdio::null());
    storefront.current_dir(std::env::temp_dir()); // not the folder of a developer's `.env`
    step("making a database to be copied", &mut storefront)
}

struct StoppedAtLast;

impl Drop for StoppedAtLast {
    fn drop(&mut self) {
        stop();
    }
}

fn stop() {
    drop(running().take());
}

fn running() -> MutexGuard<'static, Option<Server>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Server {
    programs: PathBuf,
    /// Its data, its socket and its log.
    folder: PathBuf,
    port: u16,
    /// `None` until it is started.
    child: Option<Child>,
}

impl Server {
    fn start(settings: &[&str]) -> Result<Server> {
        let folder = std::env::temp_dir().join(format!("storefront-postgres-{}", std::process::id()));
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = Server { programs: install::postgres()?, folder, port, child: None };
        fs::create_dir(&server.folder).with_context(|| format!("making {}", server.folder.display()))?;
        hand_over(&server.folder)?;
        let mut initdb = server.program("initdb")?;
        initdb.args(["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync", "--pgdata"]);
        quietly(initdb.arg(server.data()))?;
        let mut postgres = server.program("postgres")?;
        postgres.arg("-D").arg(server.data()).args(["-p", &port.to_string(), "-k"]).arg(&server.folder);
        postgres.args(SETTINGS.iter().chain(settings).flat_map(|setting| ["-c", setting]));
        postgres.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(server.log())?);
        server.child = Some(postgres.spawn().with_context(|| format!("starting `{}`", line(&postgres)))?);
        server.wait_until_ready()?;
        let mut createdb = server.program("createdb")?;
        createdb.args(["--host", "127.0.0.1", "--port", &port.to_string(), "--username", USER, TEMPLATE]);
        quietly(&mut createdb)?;
        Ok(server)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let mut asked = self.program("pg_isready")?;
        asked.args(["--quiet", "--host", "127.0.0.1", "--port", &self.port.to_string()]);
        let started = Instant::now();
        while !asked.status()?.success() {
            let ended = self.child.as_mut().map(Child::try_wait).transpose()?.flatten();
            if ended.is_some() || started.elapsed() > READY_WITHIN {
                bail!("PostgreSQL does not answer: {}", fs::read_to_string(self.log()).unwrap_or_default());
            }
            sleep(LOOK_AGAIN);
        }
        Ok(())
    }

    fn beside(&self) -> Result<Beside> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(self.programs.clone()).chain(std::env::split_paths(&path)))?;
        let path = path.into_string().ok().context("PATH is no text")?;
        Ok(Beside { address: format!("postgres://{USER}@127.0.0.1:{}", self.port), path })
    }

    fn program(&self, name: &str) -> Result<Command> {
        let mut command = Command::new(self.programs.join(name));
        run_as_owner(command.current_dir(&self.folder))?;
        Ok(command)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            ask_to_end(child);
            let asked = Instant::now();
            while let Ok(None) = child.try_wait() {
                if asked.elapsed() > END_WITHIN {
                    let _ = child.kill();
                }
                sleep(LOOK_AGAIN);
            }
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Shows what a program said only if it failed.
fn quietly(command: &mut Command) -> Result<()> {
    let ended = command.output().with_context(|| format!("starting `{}`", line(command)))?;
    if !ended.status.success() {
        bail!("failed ({}) at `{}`: {}", ended.status, line(command), String::from_utf8_lossy(&ended.stderr));
    }
    Ok(())
}

/// Whom the data belong to, where this one is root: PostgreSQL refuses to run as root, and Debian's package makes a user for it.
#[cfg(unix)]
fn owner() -> Result<Option<User>> {
    if !nix::unistd::geteuid().is_root() {
        return Ok(None);
    }
    User::from_name("postgres")?.context("PostgreSQL does not run as root, and there is no user `postgres`").map(Some)
}

#[cfg(unix)]
fn hand_over(folder: &Path) -> Result<()> {
    if let Some(owner) = owner()? {
        std::os::unix::fs::chown(folder, Some(owner.uid.as_raw()), Some(owner.gid.as_raw()))?;
    }
    Ok(())
}

#[cfg(unix)]
fn run_as_owner(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    if let Some(owner) = owner()? {
        command.uid(owner.uid.as_raw()).gid(owner.gid.as_raw());
    }
    Ok(())
}

/// At once, whoever is connected: nothing is to be kept.
#[cfg(unix)]
fn ask_to_end(child: &Child) {
    use nix::{sys::signal, unistd::Pid};
    if let Ok(id) = i32::try_from(child.id()) {
        let _ = signal::kill(Pid::from_raw(id), signal::Signal::SIGQUIT);
    }
}

#[cfg(not(unix))]
fn hand_over(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn run_as_owner(_: &mut Command) -> Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn ask_to_end(child: &mut Child) {
    let _ = child.kill();
}
