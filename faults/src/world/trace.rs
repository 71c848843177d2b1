//! strace: makes calls of the system fail, or kill their program.

use super::program::Program;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// The words before a command that is killed at the so-manieth of these calls that one of its threads makes.
pub fn killing(calls: &str, moment: usize) -> Vec<String> {
    let (traced, kill) = (format!("trace={calls}"), format!("inject={calls}:signal=SIGKILL:when={moment}"));
    ["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", &traced, "-e", &kill].map(str::to_owned).into()
}

/// What happens to running programs as long as the value lives.
pub struct Trace(Program);

impl Trace {
    /// `how`, as strace has it: `fsync:error=EIO:when=3..5`. New threads and processes are included.
    pub fn inject(processes: &[u32], how: &str) -> Result<Self> {
        let calls = how.split(':').next().unwrap_or_default();
        let mut strace = Command::new("strace");
        strace.args(["-f", "-o", "/dev/null", "-e", &format!("trace={calls}"), "-e", &format!("inject={how}")]);
        for process in processes {
            strace.args(["-p", &process.to_string()]);
        }
        let mut program = Program::start(strace.stderr(Stdio::piped()))?;
        let mut said = BufReader::new(program.child().stderr.take().context("its words")?);
        let mut line = String::new();
        for _ in processes {
            line.clear();
            said.read_line(&mut line)?;
            if !line.contains("attached") {
                bail!("strace: {line}");
            }
        }
        // It must not wait for somebody who reads.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Ok(Self(program))
    }

    /// Lets the programs go.
    pub fn ends(mut self) {
        self.0.signal(nix::sys::signal::Signal::SIGINT);
        self.0.ends(std::time::Duration::from_secs(20));
    }
}
