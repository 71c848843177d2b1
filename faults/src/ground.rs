//! Where faults are tried: the built programs, a folder, and one of the two engines.

use crate::world::World;
use crate::world::cluster::Cluster;
use crate::world::database::Database;
use crate::world::program::free_port;
use crate::world::proxy::Proxy;
use crate::world::record::Record;
use crate::world::sandbox::Sandbox;
use crate::world::shop::{Shop, Under};
use anyhow::{Context, Result, ensure};
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineName {
    Sqlite,
    Postgres,
}

/// How much is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What takes minutes is left out, and of many moments some are tried.
    Short,
    Whole,
}

pub struct Ground {
    pub engine: EngineName,
    pub depth: Depth,
    cluster: Option<Cluster>,
    folder: PathBuf,
    worlds: AtomicU32,
}

impl Ground {
    pub fn new(engine: EngineName, depth: Depth) -> Result<Self> {
        let own = std::env::current_exe()?;
        let target = own.ancestors().nth(2).context("this program does not lie in a target folder")?;
        let folder = target.join("faults").join(engine.to_string());
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let cluster = (engine == EngineName::Postgres).then(|| Cluster::start("all")).transpose()?;
        Ok(Self { engine, depth, cluster, folder, worlds: AtomicU32::new(0) })
    }

    /// A shop that runs, with an empty database.
    pub fn world(&self) -> Result<World> {
        let world = self.unopened_world(self.cluster.as_ref())?;
        ensure!(world.shop.starts(&Under::nothing())?, "the shop does not start");
        Ok(world)
    }

    /// Three shops that run, behind a proxy.
    pub fn shops(&self) -> Result<World> {
        self.shops_at(free_port()?, free_port()?)
    }

    /// `door`, `sandbox`: the ports of the proxy and of the sandbox.
    pub fn shops_at(&self, door: u16, sandbox: u16) -> Result<World> {
        let world = self.world_at(self.cluster.as_ref(), sandbox)?;
        let known = |shop: Shop| shop.with("PUBLIC_URL", &format!("http://127.0.0.1:{door}")).with("TRUSTED_PROXIES", "127.0.0.1");
        let others = [known(world.shop.beside()?), known(world.shop.beside()?)];
        let shop = known(world.shop);
        let ports = std::iter::once(&shop).chain(&others).map(|shop| shop.port);
        let proxy = Proxy::start(&world.folder, door, ports)?;
        let world = World { shop, behind: Some((proxy, others.into())), ..world };
        for shop in world.shops() {
            ensure!(shop.starts(&Under::nothing())?, "a shop does not start");
        }
        Ok(world)
    }

    /// A shop that was never started.
    pub fn unopened_world(&self, cluster: Option<&Cluster>) -> Result<World> {
        self.world_at(cluster, free_port()?)
    }

    fn world_at(&self, cluster: Option<&Cluster>, sandbox: u16) -> Result<World> {
        let number = self.worlds.fetch_add(1, Ordering::Relaxed);
        let folder = self.folder.join(number.to_string());
        fs::create_dir_all(&folder)?;
        let database = match cluster {
            Some(cluster) => cluster.database(&format!("shop_{number}"))?,
            None => Database::File(folder.join("shop.db")),
        };
        let sandbox = Sandbox::start(&program("sandbox")?, &folder, sandbox)?;
        let shop = Shop::new(program("storefront")?, folder.clone(), &database.address(), sandbox.port)?;
        Ok(World { folder, database, sandbox, shop, behind: None, record: Record::default() })
    }

    pub fn cluster(&self) -> Option<&Cluster> {
        self.cluster.as_ref()
    }

    /// A server for a fault that would disturb other shops on it.
    pub fn own_cluster(&self) -> Result<Cluster> {
        Cluster::start(&format!("own-{}", self.worlds.fetch_add(1, Ordering::Relaxed)))
    }

    pub fn is_short(&self) -> bool {
        self.depth == Depth::Short
    }
}

/// A program in the same folder as this one.
fn program(name: &str) -> Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name(name))
}

impl fmt::Display for EngineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(if *self == EngineName::Sqlite { "sqlite" } else { "postgres" })
    }
}
