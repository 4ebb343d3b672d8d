//! The running device's [`Hands`], and those for a root file system that is not the running one, where no program is
//! run.

use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt as _;

use anyhow::{Context as _, Result, bail, ensure};
use camino::Utf8Path;
use cmd::Cmd;
use fs_err as fs;

use super::hands::{Hands, Kept, Said};
use crate::disk;

/// Fits into a pipe, so that nothing waits for a program to read it.
const MAX_STDIN: usize = 60 * 1024;
/// The most that is read of what a program says.
const MAX_SAID: u64 = 1024 * 1024;
/// Longer than any of these programs takes; they are ended then.
const SECONDS: &str = "60";

/// Works on the root file system at `root`.
#[derive(Debug)]
pub struct DeviceHands {
    running: bool,
}

impl DeviceHands {
    /// For the running device (`/`), or for a root file system elsewhere.
    pub fn new(root: &Utf8Path) -> Self {
        Self {
            running: root == "/",
        }
    }
}

impl Hands for DeviceHands {
    fn run(&self, program: &str, arguments: &[&str], stdin: &[u8]) -> Result<Said> {
        ensure!(
            self.running,
            "{program} is run on the device itself, not on a root file system elsewhere"
        );
        let command = Cmd::new("timeout")
            .args(["--kill-after=5", SECONDS, program])
            .args(arguments)
            .clear_env()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("LC_ALL", "C")
            .stdin_file(fed(stdin)?);
        let mut stdout = Vec::new();
        let ended = command.stream(|pipe| {
            let read = pipe.take(MAX_SAID).read_to_end(&mut stdout);
            read.map(drop).map_err(|source| cmd::Error::Start {
                command: program.to_owned(),
                source,
            })
        });
        match ended {
            Ok(()) => Ok(Said {
                success: true,
                stdout,
                error: String::new(),
            }),
            Err(error @ cmd::Error::Failed { .. }) => Ok(Said {
                success: false,
                stdout,
                error: error.to_string(),
            }),
            Err(error) => Err(error.into()),
        }
    }

    fn write(&self, path: &Utf8Path, bytes: &[u8], kept: Kept) -> Result<()> {
        directory_of(path, kept.mode)?;
        disk::replace(path, bytes, kept)
    }

    fn link(&self, path: &Utf8Path, target: &str) -> Result<()> {
        let dir = directory_of(path, 0o755)?;
        let new = dir.join(format!(".{}.new", path.file_name().unwrap_or_default()));
        remove(&new)?;
        fs::os::unix::fs::symlink(target, &new)?;
        fs::rename(&new, path)?;
        sync(dir)
    }

    fn remove(&self, path: &Utf8Path) -> Result<()> {
        if remove(path)? {
            sync(path.parent().context("a file in a directory")?)?;
        }
        Ok(())
    }

    fn sync(&self) {
        rustix::fs::sync();
    }

    fn is_running(&self) -> bool {
        self.running
    }

    fn uptime(&self) -> u64 {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        now.tv_sec.cast_unsigned()
    }
}

/// The reading end of a pipe that holds `bytes`: they never lie on the card.
fn fed(bytes: &[u8]) -> Result<std::fs::File> {
    if bytes.len() > MAX_STDIN {
        bail!("more than {MAX_STDIN} bytes for a program to read");
    }
    let (reader, mut writer) = std::io::pipe().context("making a pipe")?;
    writer.write_all(bytes).context("filling a pipe")?;
    Ok(OwnedFd::from(reader).into())
}

/// The directory of `path`, which is made if it is missing. One for closed files is closed.
fn directory_of(path: &Utf8Path, mode: u32) -> Result<&Utf8Path> {
    let dir = path.parent().context("a file in a directory")?;
    let mut builder = std::fs::DirBuilder::new();
    let closed = mode & 0o077 == 0;
    builder
        .recursive(true)
        .mode(if closed { 0o700 } else { 0o755 });
    builder
        .create(dir)
        .with_context(|| format!("making {dir}"))?;
    Ok(dir)
}

/// Removes a file or link; whether there was one.
fn remove(path: &Utf8Path) -> Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Puts a directory's names on the disk.
fn sync(dir: &Utf8Path) -> Result<()> {
    Ok(fs::File::open(dir)?.sync_all()?)
}
