//! Programs as processes: the sandbox, the shop where a test kills it, and `storefront`'s commands.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::kit::{Sandbox, Settings, eventually, postgres, settings_for};

/// A folder of a test's own, and its database; removed at its end.
pub struct Folder {
    path: PathBuf,
    /// Made when a shop first asks for it. `None`: it is a file of the folder.
    database: OnceLock<Option<postgres::Database>>,
}

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("storefront-it-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder");
        Self { path, database: OnceLock::new() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The address of its database on a server. `None`: it is a file.
    pub fn database_on_server(&self) -> Option<String> {
        self.on_server().map(postgres::Database::address)
    }

    pub fn server_is_gone(&self) {
        self.on_server().expect("TEST_DATABASE_SERVER names a server").is_gone();
    }

    pub fn server_is_back(&self) {
        self.on_server().expect("TEST_DATABASE_SERVER names a server").is_back();
    }

    fn on_server(&self) -> Option<&postgres::Database> {
        self.database.get_or_init(|| postgres::Database::made_for(self)).as_ref()
    }

    /// What `DATABASE_URL` says.
    pub fn database(&self) -> String {
        self.database_on_server().unwrap_or_else(|| format!("sqlite://{}", self.path("shop.db").display()))
    }

    pub fn holds(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).expect("a file");
        self.path(name).display().to_string()
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// A running program; it ends with the test, however the test ends. What it logs is in `NAME.log`.
pub struct Program {
    child: Child,
    /// From its first line: `listening on http://…`.
    pub address: String,
}

impl Program {
    /// Knows nothing of the developer's own environment.
    pub fn start(path: &str, name: &str, folder: &Folder, arguments: &[&str], settings: &Settings) -> Self {
        let log = File::options().create(true).append(true).open(folder.path(&format!("{name}.log"))).expect("a log");
        Self::start_logging_to(log.into(), path, name, folder, arguments, settings)
    }

    pub fn start_logging_to(log: Stdio, path: &str, name: &str, folder: &Folder, arguments: &[&str], settings: &Settings) -> Self {
        let mut command = Command::new(path);
        command.args(arguments).current_dir(&folder.path).env_clear().envs(settings).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().expect("a built program");
        let mut first = String::new();
        let mut lines = BufReader::new(child.stdout.take().expect("its output"));
        lines.read_line(&mut first).expect("a first line");
        let address = first.trim().strip_prefix("listening on ").map(str::to_owned);
        Self { child, address: address.unwrap_or_else(|| panic!("{name} did not start: {}", folder.read(&format!("{name}.log")))) }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The most memory it ever held, in MiB (`VmHWM`).
    pub fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a running program");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("kB") / 1024
    }

    /// How many files it may have open, and how many it might allow itself.
    pub fn open_files(&self) -> (String, String) {
        let limits = fs::read_to_string(format!("/proc/{}/limits", self.child.id())).expect("Linux tells");
        let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).expect("its line");
        let mut words = line.split_whitespace().map(str::to_owned);
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }

    /// Asked politely to stop; its exit code. It has ten seconds for what is under way.
    pub fn is_asked_to_stop(&mut self) -> Option<i32> {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().expect("the request");
        assert!(asked.success());
        self.child.wait().ok()?.code()
    }

    /// kill −9
    pub fn is_killed(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.is_killed();
    }
}

/// The shop as a process of its own.
pub fn shop_program(port: u16, sandbox: &Sandbox, folder: &Folder, changed: &[(&str, &str)]) -> Program {
    let settings = settings_for(port, sandbox, folder, changed);
    Program::start(env!("CARGO_BIN_EXE_storefront"), "storefront", folder, &[], &settings)
}

/// The same, where a process may have only so many files open: `150`, or `-S 150` where it may allow itself more.
pub fn shop_program_with_open_files(
    most: &str,
    changed: &[(&str, &str)],
    port: u16,
    sandbox: &Sandbox,
    folder: &Folder,
) -> Program {
    shop_program_with_open_files_and(most, folder, &settings_for(port, sandbox, folder, changed))
}

/// The same with these settings.
pub fn shop_program_with_open_files_and(most: &str, folder: &Folder, settings: &Settings) -> Program {
    let limited = format!("ulimit -n {most}; exec \"$0\"");
    let log = File::create(folder.path("storefront.log")).expect("a log");
    Program::start_logging_to(
        log.into(),
        "/bin/sh",
        "storefront",
        folder,
        &["-c", &limited, env!("CARGO_BIN_EXE_storefront")],
        settings,
    )
}

/// The same, with a log that is not kept in the folder.
pub fn shop_program_logging_to(log: Stdio, folder: &Folder, settings: &Settings) -> Program {
    Program::start_logging_to(log, env!("CARGO_BIN_EXE_storefront"), "storefront", folder, &[], settings)
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs `storefront …` to its end.
pub fn storefront(folder: &Folder, settings: &Settings, arguments: &[&str], input: impl AsRef<[u8]>) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_storefront"));
    command.args(arguments).current_dir(&folder.path).env_clear().envs(settings);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("a built program");
    // A command that reads nothing closes its input first.
    let _ = child.stdin.take().expect("its input").write_all(input.as_ref());
    let output = child.wait_with_output().expect("its end");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Said { code: output.status.code().expect("an exit code"), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// kill −9 for `storefront …` as soon as something is so.
pub async fn kill_storefront_when(folder: &Folder, settings: &Settings, arguments: &[&str], mut is_so: impl AsyncFnMut() -> bool) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_storefront"));
    command.args(arguments).current_dir(&folder.path).env_clear().envs(settings);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a built program");
    eventually("the moment to kill it", async || is_so().await.then_some(())).await;
    assert!(child.try_wait().expect("its state").is_none(), "it still ran");
    child.kill().expect("the kill");
    child.wait().expect("its end");
}

/// Runs `storefront …` to its end, where nobody reads what it says; gives back its exit code.
pub fn storefront_unheard(folder: &Folder, settings: &Settings, arguments: &[&str]) -> Option<i32> {
    let unread = || std::io::pipe().map(|(_, writer)| Stdio::from(writer)).expect("a pipe");
    let mut command = Command::new(env!("CARGO_BIN_EXE_storefront"));
    command.args(arguments).current_dir(&folder.path).env_clear().envs(settings).stdin(Stdio::null());
    command.stdout(unread()).stderr(unread()).status().expect("its end").code()
}
