//! Generations: directories of files that are never changed again, and the link to the one in force.
//!
//! A generation is named by its content, so the same content is never stored twice, and one that a
//! power cut damaged is known by not holding what its name says. It appears by a rename when all of
//! it is on the disk; the link is switched by a rename; so at every moment there is one whole
//! generation in force.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;

use anyhow::{Context as _, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use rustix::fs::{CWD, RenameFlags};
use sha2::{Digest as _, Sha256};

use crate::render::Files;

/// The link to the generation in force, below the root.
pub const APPLIED: &str = "etc/keeper/applied";
/// The image's own generation, below the root.
pub const DEFAULTS: &str = "usr/lib/keeper/defaults";
/// Where generations are kept, below the root.
pub const STORE: &str = "var/lib/keeper-apply";

/// The content of a generation: names and bytes.
pub(crate) type Contents = BTreeMap<String, Vec<u8>>;

/// A directory that can be in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Generation {
    /// The image's own.
    Defaults,
    /// One that was made on this device, by its name.
    Stored(String),
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Defaults => f.write_str("the image's own generation"),
            Self::Stored(id) => write!(f, "generation {id}"),
        }
    }
}

/// The generations below a root.
#[derive(Debug)]
pub struct Store {
    root: Utf8PathBuf,
}

impl Store {
    /// The store of the root file system at `root`.
    pub fn new(root: &Utf8Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Where a generation is.
    pub fn path(&self, generation: &Generation) -> Utf8PathBuf {
        match generation {
            Generation::Defaults => self.root.join(DEFAULTS),
            Generation::Stored(id) => self.generations().join(id),
        }
    }

    /// What a generation holds; nothing when it is not there.
    pub(crate) fn contents(&self, generation: Option<&Generation>) -> Contents {
        generation.map_or_else(Contents::new, |one| contents(&self.path(one)))
    }

    /// The generation in force; none when there is no link.
    ///
    /// # Errors
    /// What is there is no link of ours.
    pub fn in_force(&self) -> Result<Option<Generation>> {
        let link = self.root.join(APPLIED);
        let Some(target) = read_link(&link)? else {
            return Ok(None);
        };
        if target.ends_with(DEFAULTS) {
            return Ok(Some(Generation::Defaults));
        }
        match stored(&target) {
            Some(generation) => Ok(Some(generation)),
            None => bail!("{link} leads to {target}, which is no generation"),
        }
    }

    /// The generation that was in force before, if it is still there.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn previous(&self) -> Result<Option<Generation>> {
        let target = read_link(&self.root.join(STORE).join("previous"))?;
        let generation = target.as_deref().and_then(stored);
        Ok(generation.filter(|generation| self.path(generation).is_dir()))
    }

    /// Stores files as a generation, unless they are one already. It is on the disk when this
    /// returns.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn put(&self, files: &Files) -> Result<Generation> {
        let id = name_of(files);
        let dir = self.generations().join(&id);
        let generation = Generation::Stored(id.clone());
        let wanted: Contents = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes()))
            .collect();
        if holds(&dir, &wanted) {
            return Ok(generation);
        }
        let new = self.generations().join(format!(".new-{id}"));
        remove(&new)?;
        make_dir(&new)?;
        for (name, bytes) in &wanted {
            write(&new.join(name), bytes)?;
        }
        sync(&new)?;
        if dir.exists() {
            // It may be in force, so there must be no moment without it.
            rustix::fs::renameat_with(
                CWD,
                new.as_std_path(),
                CWD,
                dir.as_std_path(),
                RenameFlags::EXCHANGE,
            )
            .with_context(|| format!("replacing {dir}"))?;
            remove(&new)?;
        } else {
            fs::rename(&new, &dir)?;
        }
        sync(&self.generations())?;
        Ok(generation)
    }

    /// Puts a generation in force.
    ///
    /// # Errors
    /// The link cannot be written; then the one before is in force.
    pub fn switch(&self, generation: &Generation) -> Result<()> {
        // Relative, so that the link also holds for whoever mounts the card elsewhere.
        let target = match generation {
            Generation::Defaults => format!("../../{DEFAULTS}"),
            Generation::Stored(id) => format!("../../{STORE}/generations/{id}"),
        };
        link(&target, &self.root.join(APPLIED))
    }

    /// Remembers which generation was in force before. The image's defaults are not remembered:
    /// they know none of the device's accounts, and are always there.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn remember(&self, previous: Option<&Generation>) -> Result<()> {
        let Some(Generation::Stored(id)) = previous else {
            return Ok(());
        };
        let target = format!("generations/{id}");
        link(&target, &self.root.join(STORE).join("previous"))
    }

    /// Removes every stored generation but the one in force and the previous one, and what an
    /// interrupted run left.
    ///
    /// # Errors
    /// Something cannot be removed.
    pub fn sweep(&self) -> Result<()> {
        let kept = [self.in_force()?, self.previous()?];
        let kept: Vec<Utf8PathBuf> = kept.iter().flatten().map(|one| self.path(one)).collect();
        for entry in fs::read_dir(self.generations())? {
            let path = Utf8PathBuf::try_from(entry?.path())?;
            if !kept.contains(&path) {
                remove(&path)?;
            }
        }
        Ok(())
    }

    /// Makes the store's directories.
    ///
    /// # Errors
    /// They cannot be made.
    pub(crate) fn prepare(&self) -> Result<()> {
        let store = self.root.join(STORE);
        fs::create_dir_all(store.parent().context("a store in a directory")?)?;
        for dir in [store, self.generations()] {
            if !dir.is_dir() {
                make_dir(&dir)?;
            }
        }
        Ok(())
    }

    fn generations(&self) -> Utf8PathBuf {
        self.root.join(STORE).join("generations")
    }
}

/// 64 bits of SHA-256 over names and texts, each with its length.
fn name_of(files: &Files) -> String {
    let mut hash = Sha256::new();
    for part in files.iter().flat_map(|(name, text)| [*name, text]) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let bytes = hash.finalize();
    bytes[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The stored generation that a link's target names.
fn stored(target: &Utf8Path) -> Option<Generation> {
    let id = target.file_name()?;
    let named = id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let there = target.parent()?.file_name() == Some("generations");
    (named && there).then(|| Generation::Stored(id.to_owned()))
}

/// Files in a directory that a generation does not have, such as a package's proposal for a changed
/// configuration file, are not looked at.
fn holds(dir: &Utf8Path, wanted: &Contents) -> bool {
    let there = contents(dir);
    wanted
        .iter()
        .all(|(name, bytes)| there.get(name) == Some(bytes))
}

fn contents(dir: &Utf8Path) -> Contents {
    let Ok(entries) = dir.read_dir_utf8() else {
        return Contents::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let bytes = fs::read(entry.path()).ok()?;
            Some((entry.file_name().to_owned(), bytes))
        })
        .collect()
}

fn read_link(path: &Utf8Path) -> Result<Option<Utf8PathBuf>> {
    match fs::read_link(path) {
        Ok(target) => Ok(Some(target.try_into()?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Makes `path` a link to `target`, in one step when there is one already.
fn link(target: &str, path: &Utf8Path) -> Result<()> {
    let (dir, name) = (path.parent(), path.file_name());
    let (dir, name) = dir.zip(name).context("a link in a directory")?;
    let new = dir.join(format!(".{name}.new"));
    remove(&new)?;
    fs::os::unix::fs::symlink(target, &new)?;
    fs::rename(&new, path)?;
    sync(dir)
}

/// A directory for all to read, whatever the umask is.
fn make_dir(path: &Utf8Path) -> Result<()> {
    fs::create_dir(path)?;
    Ok(fs::set_permissions(
        path,
        std::fs::Permissions::from_mode(0o755),
    )?)
}

/// Replaces a file for all to read in one step; it is on the disk when this returns.
///
/// # Errors
/// It cannot be written; then the old one is there.
pub(crate) fn replace(path: &Utf8Path, bytes: &[u8]) -> Result<()> {
    let (dir, name) = (path.parent(), path.file_name());
    let (dir, name) = dir.zip(name).context("a file in a directory")?;
    let new = dir.join(format!(".{name}.new"));
    write(&new, bytes)?;
    fs::rename(&new, path)?;
    sync(dir)
}

/// A file for all to read, on the disk when this returns.
fn write(path: &Utf8Path, bytes: &[u8]) -> Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    Ok(file.sync_all()?)
}

/// Puts a directory's names on the disk.
fn sync(dir: &Utf8Path) -> Result<()> {
    Ok(fs::File::open(dir)?.sync_all()?)
}

/// Removes whatever is there.
fn remove(path: &Utf8Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Ok(data) if data.is_dir() => fs::remove_dir_all(path)?,
        Ok(_) => fs::remove_file(path)?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

#[cfg(test)]
mod tests;
