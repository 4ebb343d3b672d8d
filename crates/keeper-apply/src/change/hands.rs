//! What a change does to the device besides generations, in single operations: files, and programs that make accounts
//! or let files take effect. A test has others, which can fail or stop at each of them.

use anyhow::{Result, bail};
use camino::Utf8Path;

pub use crate::disk::Kept;

/// How a program ended.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// Whether it ended with status 0.
    pub success: bool,
    /// Its stdout, up to 1 MiB.
    pub stdout: Vec<u8>,
    /// When it failed: command line, status and last words.
    pub error: String,
}

/// Accounts, names, network: what a change touches besides generations.
pub trait Hands {
    /// Runs a program of the device to its end; secrets go in by `stdin`, never by `arguments`.
    ///
    /// # Errors
    /// It could not be started.
    fn run(&self, program: &str, arguments: &[&str], stdin: &[u8]) -> Result<Said>;

    /// Replaces a file in one step, directories on the way included; it is on the disk when this returns.
    ///
    /// # Errors
    /// It cannot be written; then the old one is there.
    fn write(&self, path: &Utf8Path, bytes: &[u8], kept: Kept) -> Result<()>;

    /// Makes `path` a link to `target` in one step; it is on the disk when this returns.
    ///
    /// # Errors
    /// It cannot be made; then what was there is there.
    fn link(&self, path: &Utf8Path, target: &str) -> Result<()>;

    /// Removes a file or a link, if there is one.
    ///
    /// # Errors
    /// It cannot be removed.
    fn remove(&self, path: &Utf8Path) -> Result<()>;

    /// Has everything written that the kernel holds back: what other programs have changed.
    fn sync(&self);

    /// Whether the root is that of the running device, so that files can take effect at once.
    fn is_running(&self) -> bool {
        true
    }

    /// Seconds since the start of the device, time asleep included.
    fn uptime(&self) -> u64;
}

/// Runs a program that has to succeed, and gives back its stdout.
pub(super) fn must(
    hands: &dyn Hands,
    program: &str,
    arguments: &[&str],
    stdin: &[u8],
) -> Result<Vec<u8>> {
    let said = hands.run(program, arguments, stdin)?;
    if !said.success {
        bail!("{}", said.error);
    }
    Ok(said.stdout)
}

/// Runs a program whose failure only means that there was nothing to do.
pub(super) fn may(hands: &dyn Hands, program: &str, arguments: &[&str]) {
    // What must hold is looked at elsewhere.
    let _ = hands.run(program, arguments, b"");
}

/// Whether the root has a program.
pub(super) fn has(root: &Utf8Path, program: &str) -> bool {
    let dirs = ["usr/sbin", "usr/bin", "sbin", "bin"];
    dirs.iter().any(|dir| root.join(dir).join(program).exists())
}
