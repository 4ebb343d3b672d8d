//! One build at a time in a cache: the second waits and says for whom.

use std::io::{Read, Seek, Write};
use std::path::Path;

use anyhow::{Context, Result};
use rustix::fs::{FlockOperation, flock};

use crate::progress::Progress;

/// Held until dropped, or until the process dies.
pub struct Lock {
    _file: std::fs::File,
}

/// Takes the lock of `cache`, waiting for whoever has it.
///
/// # Errors
/// The cache cannot be written.
pub fn take(cache: &Path, progress: &Progress) -> Result<Lock> {
    fs_err::create_dir_all(cache)?;
    let path = cache.join("lock");
    let mut file = fs_err::OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)?
        .into_file();
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        let mut holder = String::new();
        file.read_to_string(&mut holder)?;
        progress.note(&format!(
            "waiting for another build in this directory ({})",
            holder.trim()
        ));
        flock(&file, FlockOperation::LockExclusive).with_context(|| format!("locking {path:?}"))?;
    }
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", holder_name())?;
    Ok(Lock { _file: file })
}

/// Told to whoever waits. Our own process id is another one outside the sandbox, so the outer one
/// gives it to us.
fn holder_name() -> String {
    match std::env::var(crate::sandbox::OUTER_PID) {
        Ok(pid) => format!("process {pid}"),
        Err(_) => format!("process {}", std::process::id()),
    }
}
