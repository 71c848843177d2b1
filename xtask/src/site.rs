//! `target/site`: the files the shop serves as they are. `pkg/` holds the browser half, the rest
//! is a copy of `public/`.
//!
//! The three files of `pkg/` carry one hash of their sources in their names, so that browsers may
//! keep them for ever and never mix two builds. A new `pkg/` is made aside and moved into place
//! when everything else was built: a shop that runs meanwhile keeps its files.

use crate::{browser, step::timed};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

const SITE: &str = "target/site";

/// A `pkg/` that may still have to be moved into place.
pub enum Pkg {
    Unchanged,
    Aside(PathBuf),
}

/// Makes `pkg/` from the compiled library and the styles, unless it is there already.
pub fn stage(wasm: &Path, css: &str) -> Result<Pkg> {
    let bytes = fs::read(wasm).with_context(|| format!("{} was not built", wasm.display()))?;
    let name = format!("storefront-{}", hash(&[&[browser::RECIPE], &bytes, css.as_bytes()]));
    if Path::new(SITE).join("pkg").join(format!("{name}.css")).exists() {
        return Ok(Pkg::Unchanged);
    }
    timed("writing the browser's files", || {
        let aside = Path::new(SITE).join("pkg.new");
        remove(&aside)?;
        fs::create_dir_all(&aside)?;
        browser::bind(wasm, &name, &aside)?;
        fs::write(aside.join(format!("{name}.css")), css)?;
        Ok(Pkg::Aside(aside))
    })
}

impl Pkg {
    pub fn publish(self) -> Result<()> {
        if let Pkg::Aside(aside) = self {
            let (pkg, old) = (Path::new(SITE).join("pkg"), Path::new(SITE).join("pkg.old"));
            remove(&old)?;
            if pkg.exists() {
                fs::rename(&pkg, &old)?;
            }
            fs::rename(aside, pkg)?;
            remove(&old)?;
        }
        Ok(())
    }
}

/// Makes the rest of the site equal to `public/`.
pub fn copy_public() -> Result<()> {
    fs::create_dir_all(SITE)?;
    mirror(Path::new("public"), Path::new(SITE), &["pkg", "pkg.new", "pkg.old"]).context("copying public/ into target/site")
}

fn mirror(from: &Path, to: &Path, keep: &[&str]) -> Result<()> {
    for old in fs::read_dir(to)? {
        let old = old?;
        let gone = fs::symlink_metadata(from.join(old.file_name())).is_err();
        if gone && !keep.iter().any(|&name| old.file_name() == name) {
            remove(&old.path())?;
        }
    }
    for entry in fs::read_dir(from)? {
        let source = entry?.path();
        let target = to.join(source.file_name().context("a file without a name")?);
        if source.is_dir() {
            fs::create_dir_all(&target)?;
            mirror(&source, &target, &[])?;
        } else {
            let content = fs::read(&source)?;
            if fs::read(&target).ok().as_ref() != Some(&content) {
                fs::write(&target, content)?;
            }
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path)?,
        Ok(_) => fs::remove_file(path)?,
        Err(_) => {}
    }
    Ok(())
}

/// The first eight hexadecimal digits of the hash over all `parts`.
fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes()); // so that no bytes can pass from one part to another
        hasher.update(part);
    }
    hasher.finalize()[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}
