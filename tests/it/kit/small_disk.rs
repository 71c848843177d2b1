//! A program whose data lie on a small disk: a file system in memory that only its process sees, and that ends with it.

use std::{
    fs,
    io::Write,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::kit::{Folder, Program, Settings};

/// Mounts the disk where its first argument says, and becomes the command that the others are.
const MOUNT: &str = "mount -t tmpfs -o size=16m,mode=700 small-disk \"$1\" && shift && exec \"$@\"";

pub struct SmallDisk {
    pub program: Program,
    /// As others than the program see it.
    disk: PathBuf,
}

impl SmallDisk {
    /// Where a program finds its disk.
    pub fn place(folder: &Folder) -> PathBuf {
        folder.path("disk")
    }

    /// Starts a program. Where no small disk can be made, this says what is missing.
    pub fn under(name: &str, command: &[&str], folder: &Folder, settings: &Settings) -> Self {
        let place = Self::place(folder);
        fs::create_dir(&place).expect("a folder");
        let mounted = mounted(&place);
        let probe = Command::new("unshare").args(&mounted).arg("true").output().expect("`unshare` of util-linux");
        let said = String::from_utf8_lossy(&probe.stderr);
        assert!(
            probe.status.success(),
            "no small disk can be made here: {said}\
             Run this test as root with the right to mount (CAP_SYS_ADMIN), or allow users name spaces of their own."
        );
        let mounted: Vec<_> = mounted.iter().map(String::as_str).chain(command.iter().copied()).collect();
        let program = Program::start("unshare", name, folder, &mounted, settings);
        let disk = PathBuf::from(format!("/proc/{}/root{}", program.id(), place.display()));
        Self { program, disk }
    }

    /// Nothing more can be written.
    pub fn fill(&self) {
        let mut filler = fs::File::create(self.disk.join("filler")).expect("a file");
        for piece in [64 * 1024, 1] {
            while filler.write_all(&vec![0; piece]).is_ok() {}
        }
    }

    pub fn has_room_again(&self) {
        fs::remove_file(self.disk.join("filler")).expect("the filler");
    }
}

/// The arguments of `unshare` before a command that finds the disk there. Whoever is not root is root in a name space of
/// their own.
fn mounted(place: &Path) -> Vec<String> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let alone = if is_root { "--mount" } else { "--mount --user --map-root-user" };
    let place = place.display().to_string();
    alone.split(' ').chain(["sh", "-c", MOUNT, "sh", &place]).map(str::to_owned).collect()
}
