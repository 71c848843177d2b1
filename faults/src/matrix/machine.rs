//! The machine around the shop: little memory, and a log that nobody reads.

use super::strangers::hostile;
use crate::end;
use crate::ground::Ground;
use crate::outcome::Outcome;
use crate::story;
use crate::world::World;
use crate::world::http::Request;
use crate::world::shop::Under;
use anyhow::{Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

const MEBIBYTES: usize = 256;
/// Joins the group of processes whose file is named first, and becomes the command.
const JOIN: &str = "echo $$ > \"$1\" && shift && exec \"$@\"";
const SENDERS: usize = 8;

/// Hostile bodies from many sides beside the stories.
pub fn little_memory(ground: &Ground) -> Result<Outcome> {
    let Some(group) = Group::make(MEBIBYTES << 20) else {
        return Ok(Outcome::default().noted("not tried: no limit of memory can be set here (it needs root and control groups)"));
    };
    let world = ground.world()?;
    world.shop.stops()?;
    let join = ["sh", "-c", JOIN, "sh", &group.0.join("cgroup.procs").display().to_string()].map(str::to_owned);
    ensure!(world.shop.starts(&Under { command: join.into(), ..Under::nothing() })?, "the shop does not start");
    let starts = world.shop.starts_so_far();
    story::beside(&world, || {
        thread::scope(|scope| (0..SENDERS).for_each(|_| drop(scope.spawn(|| send_all(&world)))));
        Ok(())
    })?;
    ensure!(world.shop.runs() && world.shop.starts_so_far() == starts, "the shop ended with {MEBIBYTES} MiB");
    Ok(end::check(&world)?.noted(format!("{MEBIBYTES} MiB")))
}

fn send_all(world: &World) {
    for (_, body) in hostile() {
        // Whether they are refused is another fault's question.
        let _ = Request::json("POST", "/callbacks", &body).to(world.shop.port);
    }
}

/// Nobody reads the standard error of a shop that logs much, and the pipe is full.
pub fn unread_log(ground: &Ground) -> Result<Outcome> {
    let world = ground.world()?;
    world.shop.stops()?;
    let under = Under { unread: true, ..Under::settings(&[("RUST_LOG", "trace")]) };
    ensure!(world.shop.starts(&under)?, "the shop does not start");
    let starts = world.shop.starts_so_far();
    for _ in 0..3 {
        story::play(&world)?;
    }
    ensure!(world.shop.starts_so_far() == starts, "the shop ended");
    end::check(&world)
}

/// A control group of Linux; removed at the end.
struct Group(PathBuf);

impl Group {
    fn make(bytes: usize) -> Option<Self> {
        // Where version 2 is, and where version 1 is; each has its own file for the limit.
        let places = [("/sys/fs/cgroup", "memory.max"), ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")];
        places.into_iter().find_map(|(root, limit)| {
            let folder = Path::new(root).join(format!("storefront-faults-{}", std::process::id()));
            fs::create_dir(&folder).ok()?;
            let group = Self(folder);
            fs::write(group.0.join(limit), bytes.to_string()).ok().map(|()| group)
        })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}
