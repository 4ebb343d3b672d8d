//! Where this crate keeps things: `vm/` below the builder's cache, with one directory for each
//! unpacked image and one for each run. Whoever uses one holds a lock on it; what nobody holds is
//! swept away by the next run, except the image that it is about to use.

use std::fs::File;

use anyhow::{Context, Result};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{FlockOperation, flock};

/// One run's directory: copy-on-write layers, sockets. Removed at the end of the run; after a
/// killed run, by the next one.
#[derive(Debug)]
pub struct Run {
    dir: Utf8PathBuf,
    _held: File,
}

impl Run {
    /// Makes the directory below `cache` and clears away what earlier runs left.
    ///
    /// # Errors
    /// The cache cannot be written.
    pub fn new(cache: &Utf8Path) -> Result<Self> {
        let home = home(cache)?;
        let _alone = exclusive(&home)?;
        sweep(&home, "run-")?;
        let made = tempfile::Builder::new().prefix("run-").tempdir_in(&home)?;
        let dir = Utf8PathBuf::try_from(made.keep())?;
        Ok(Self {
            _held: shared(&dir)?,
            dir,
        })
    }

    /// The directory.
    pub fn dir(&self) -> &Utf8Path {
        &self.dir
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // What cannot be removed now is swept away by the next run.
        let _ = fs_err::remove_dir_all(&self.dir);
    }
}

/// The directory of this crate in `cache`, absolute.
pub(crate) fn home(cache: &Utf8Path) -> Result<Utf8PathBuf> {
    let home = cache.join("vm");
    fs_err::create_dir_all(&home)?;
    Ok(home.canonicalize_utf8()?)
}

/// Keeps everybody else from adding to `home` or sweeping it, until dropped.
pub(crate) fn exclusive(home: &Utf8Path) -> Result<File> {
    let file = File::from(fs_err::File::create(home.join("lock"))?);
    flock(&file, FlockOperation::LockExclusive).context("waiting for the cache's lock")?;
    Ok(file)
}

/// Says that `dir` is in use, until dropped.
pub(crate) fn shared(dir: &Utf8Path) -> Result<File> {
    let file = File::from(fs_err::File::open(dir)?);
    flock(&file, FlockOperation::NonBlockingLockShared)
        .with_context(|| format!("holding {dir}"))?;
    Ok(file)
}

/// Removes the directories in `home` whose names start with `prefix` and that nobody holds. The
/// caller has [`exclusive`].
pub(crate) fn sweep(home: &Utf8Path, prefix: &str) -> Result<()> {
    for entry in fs_err::read_dir(home)? {
        let entry = entry?;
        let name = entry.file_name();
        if !name.to_string_lossy().starts_with(prefix) || !entry.file_type()?.is_dir() {
            continue;
        }
        let file = File::from(fs_err::File::open(entry.path())?);
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
            fs_err::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_left_goes_and_what_is_in_use_stays() {
        let cache = tempfile::tempdir().unwrap();
        let cache = Utf8Path::from_path(cache.path()).unwrap();
        let dead = cache.join("vm/run-dead");
        fs_err::create_dir_all(&dead).unwrap();
        let first = Run::new(cache).unwrap();
        assert!(!dead.exists());
        let second = Run::new(cache).unwrap();
        assert!(first.dir().exists() && second.dir().exists());
        let gone = first.dir().to_owned();
        drop(first);
        assert!(!gone.exists());
    }
}
