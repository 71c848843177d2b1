//! haproxy in front of several shops, as a merchant runs them.

use super::program::Program;
use anyhow::{Result, ensure};
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// All but the shops themselves.
const SETTINGS: &str = include_str!("../../haproxy.cfg");
const LISTENS_WITHIN: Duration = Duration::from_secs(10);

pub struct Proxy {
    pub port: u16,
    _program: Program,
}

impl Proxy {
    /// `shops`: the ports they listen on.
    pub fn start(folder: &Path, port: u16, shops: impl IntoIterator<Item = u16>) -> Result<Self> {
        let servers = shops.into_iter().map(|shop| format!("    server shop-{shop} 127.0.0.1:{shop}\n"));
        let file = folder.join("haproxy.cfg");
        fs::write(&file, SETTINGS.replace("PORT", &port.to_string()) + &servers.collect::<String>())?;
        let log = File::create(folder.join("haproxy.log"))?;
        // Debian's package is no part of a user's path.
        let program = ["/usr/sbin/haproxy", "haproxy"].into_iter().find(|name| Path::new(name).exists()).unwrap_or("haproxy");
        let mut command = Command::new(program);
        command.arg("-db").arg("-f").arg(&file).stdout(log.try_clone()?).stderr(log);
        let mut program = Program::start(&mut command)?;
        ensure!(program.listens(port, LISTENS_WITHIN)?, "haproxy ended: see {}", folder.join("haproxy.log").display());
        Ok(Self { port, _program: program })
    }
}
