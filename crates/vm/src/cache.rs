//! Where this crate keeps things: `vm/` below the builder's cache, with one directory for each
//! unpacked image and one for each run. Whoever uses one holds a lock on it; what nobody holds is
//! swept away by the next run, except for the newest images.

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
        sweep(&home, "run-", 0)?;
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

/// Removes the directories in `home` whose names start with `prefix` and that nobody holds, but for
/// the `keep` newest. The caller has [`exclusive`].
pub(crate) fn sweep(home: &Utf8Path, prefix: &str, keep: usize) -> Result<()> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir(home)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(prefix) && entry.file_type()?.is_dir() {
            found.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    found.sort();
    found.truncate(found.len().saturating_sub(keep));
    for (_, path) in found {
        let file = File::from(fs_err::File::open(&path)?);
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
            fs_err::remove_dir_all(path)?;
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

    #[test]
    fn the_newest_are_kept() {
        let home = tempfile::tempdir().unwrap();
        let home = Utf8Path::from_path(home.path()).unwrap();
        for (name, age) in [
            ("image-b", 20),
            ("image-a", 10),
            ("image-c", 30),
            ("other", 40),
        ] {
            fs_err::create_dir(home.join(name)).unwrap();
            let dir = File::open(home.join(name)).unwrap();
            let then = std::time::SystemTime::now() - std::time::Duration::from_secs(age);
            dir.set_modified(then).unwrap();
        }
        let _held = shared(&home.join("image-c")).unwrap();
        sweep(home, "image-", 1).unwrap();
        let mut left: Vec<String> = home
            .read_dir_utf8()
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into())
            .collect();
        left.sort();
        assert_eq!(left, ["image-a", "image-c", "other"]);
    }
}
