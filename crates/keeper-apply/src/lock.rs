//! One keeper-apply at a time: a path unit and a person may start it at once.

use std::fs::TryLockError;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use camino::Utf8Path;

/// Longer than any run takes that does not hang; shorter than the boot waits.
const PATIENCE: Duration = Duration::from_secs(40);

/// Held until it is dropped, or the process ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "an open file holds the lock")] fs_err::File);

/// Waits for the lock at `path`.
///
/// # Errors
/// Another run does not end, or the file cannot be made.
pub(crate) fn take(path: &Utf8Path) -> Result<Lock> {
    let file = fs_err::File::create(path)?;
    let start = Instant::now();
    loop {
        match file.file().try_lock() {
            Ok(()) => return Ok(Lock(file)),
            Err(TryLockError::Error(error)) => return Err(error.into()),
            Err(TryLockError::WouldBlock) if start.elapsed() > PATIENCE => {
                bail!("another keeper-apply has been at work for {PATIENCE:?}; nothing has changed")
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}
