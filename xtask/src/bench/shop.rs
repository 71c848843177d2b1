//! The shop that is measured: a process of its own, on one core, with an owner who may sign in.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub const EMAIL: &str = "bench@shop.example";
pub const PASSWORD: &str = "quiet lantern over harbour stones";

const READY_WITHIN: Duration = Duration::from_secs(60);

pub struct Shop {
    pub port: u16,
    child: Child,
}

impl Shop {
    pub fn start(program: &Path, database: &str) -> Result<Shop> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let mut command = on_one_core(program);
        command
            .env("SHOP_ADDR", &address)
            .env("PUBLIC_URL", format!("http://{address}"))
            .env("METRICS_ADDR", "off")
            .env("DATABASE_URL", database)
            .env("OPERATOR_EMAIL", EMAIL)
            .env("OPERATOR_PASSWORD", PASSWORD)
            .env("SHOP_TIME_ZONE", "Asia/Seoul")
            .env("RUST_LOG", "error,storefront::server::books=info")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut shop = Shop { port, child: command.spawn().context("starting the shop")? };
        let started = Instant::now();
        while TcpStream::connect(&address).is_err() {
            if let Some(status) = shop.child.try_wait()? {
                bail!("the shop ended by itself ({status})");
            }
            if started.elapsed() > READY_WITHIN {
                bail!("the shop does not listen on {address}");
            }
            sleep(Duration::from_millis(50));
        }
        shop.wait_for_the_books()?;
        Ok(shop)
    }

    /// At each start the shop compares its books, which takes a while with many orders: what is measured comes after that.
    fn wait_for_the_books(&mut self) -> Result<()> {
        let mut log = BufReader::new(self.child.stderr.take().context("the shop's log")?);
        let mut line = String::new();
        while !line.contains("the books") {
            line.clear();
            if log.read_line(&mut line)? == 0 {
                bail!("the shop ended by itself");
            }
        }
        // Whoever writes a log must be read.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::stderr()));
        Ok(())
    }

    /// Resident bytes now.
    pub fn memory(&self) -> Result<u64> {
        self.told("VmRSS:")
    }

    /// The most it was resident since the peak was forgotten.
    pub fn peak_memory(&self) -> Result<u64> {
        self.told("VmHWM:")
    }

    pub fn forget_peak(&self) {
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
    }

    fn told(&self, name: &str) -> Result<u64> {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).context("memory is told by Linux alone")?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such line")?;
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kibibytes * 1024)
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn on_one_core(program: &Path) -> Command {
    let has_taskset = Command::new("taskset").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !has_taskset {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "0"]).arg(program);
    command
}
