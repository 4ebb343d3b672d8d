//! Room to work in: a directory of the cache, in memory when there is plenty.
//!
//! A tmpfs lives in the sandbox's mount namespace and is gone when the builder ends, even by
//! SIGKILL; a directory on disk is removed by the next build.

use std::path::{Path, PathBuf};

use anyhow::Result;
use tempfile::TempDir;

use crate::{files, sandbox};

/// Less memory than this available, and the work is done on disk. A root with a desktop takes
/// about 3 GiB; as much again is left to the page cache and to everybody else.
const PLENTY: u64 = 8 << 30;

/// The working directory of one build.
pub struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// Makes it below `cache`, without what killed builds left. The caller holds the build lock.
    ///
    /// # Errors
    /// The cache cannot be written.
    pub fn new(cache: &Path) -> Result<Self> {
        let path = cache.join("scratch");
        fs_err::create_dir_all(&path)?;
        files::remove_leftovers(&path)?;
        let available = available_memory(&fs_err::read_to_string("/proc/meminfo")?);
        if available >= PLENTY {
            sandbox::tmpfs(&path, available / 4 * 3)?;
        } else {
            tracing::info!(
                "{} MiB of memory available: working on disk",
                available >> 20
            );
        }
        Ok(Self { path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// An empty directory in it, removed when dropped.
    ///
    /// # Errors
    /// There is no room.
    pub fn room(&self) -> Result<TempDir> {
        let room = tempfile::Builder::new()
            .prefix(".new-")
            .tempdir_in(&self.path)?;
        // Users other than root have business in a root file system.
        files::set_readable(room.path())?;
        Ok(room)
    }
}

/// Bytes, from /proc/meminfo.
fn available_memory(meminfo: &str) -> u64 {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}

#[cfg(test)]
mod tests {
    #[test]
    fn available_memory_is_read_in_bytes() {
        let text = "MemTotal:  100 kB\nMemAvailable:   2048 kB\n";
        assert_eq!(super::available_memory(text), 2 << 20);
        assert_eq!(super::available_memory(""), 0);
    }
}
