//! The step `@init`: PID 1 and root of the namespaces. Also what it can mount.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, Result};
use rustix::mount::{
    MountFlags, MountPropagationFlags, mount, mount_bind_recursive, mount_change, mount_remount,
};
use rustix::process::{Signal, set_parent_process_death_signal};

/// Prepares the mount namespace; returns the verb's command line, program name first.
pub(super) fn step(args: &[OsString]) -> Result<Vec<OsString>> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    let private = MountPropagationFlags::REC | MountPropagationFlags::PRIVATE;
    mount_change("/", private).context("making the mounts private")?;
    mount_special("proc", Path::new("/proc"))?;
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
    if args.first().is_some_and(|arg| arg == "@probe") {
        std::process::exit(0);
    }
    Ok(std::iter::once("xtask".into())
        .chain(args.iter().cloned())
        .collect())
}

/// Mounts a kernel file system (`proc`, `binfmt_misc`) on `at`.
///
/// # Errors
/// The kernel refused.
pub fn mount_special(kind: &str, at: &Path) -> Result<()> {
    let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    mount(kind, at, kind, flags, None).with_context(|| format!("mounting {kind} on {at:?}"))
}

/// Mounts an empty file system in memory on `at`; its root directory is 0755.
///
/// # Errors
/// The kernel refused.
pub fn tmpfs(at: &Path, size: u64) -> Result<()> {
    let options = std::ffi::CString::new(format!("mode=0755,size={size}"))?;
    mount(
        "tmpfs",
        at,
        "tmpfs",
        MountFlags::empty(),
        Some(options.as_c_str()),
    )
    .with_context(|| format!("mounting a tmpfs on {at:?}"))
}

/// Makes `what` and all mounted below it visible at `at` too.
///
/// # Errors
/// The kernel refused, or one of the two does not exist.
pub fn bind(what: &Path, at: &Path) -> Result<()> {
    mount_bind_recursive(what, at).with_context(|| format!("binding {what:?} to {at:?}"))
}

/// Takes the topmost mount, and all below it, from `at`.
///
/// # Errors
/// Nothing is mounted there.
pub fn unmount(at: &Path) -> Result<()> {
    rustix::mount::unmount(at, rustix::mount::UnmountFlags::DETACH)
        .with_context(|| format!("unmounting {at:?}"))
}

/// As [`bind`], and nothing can be written through `at`.
///
/// # Errors
/// As [`bind`].
pub fn bind_read_only(what: &Path, at: &Path) -> Result<()> {
    bind(what, at)?;
    // Flags that the original mount has are locked in a user namespace and must be repeated.
    let locked = rustix::fs::statvfs(at)
        .map(|stat| stat.f_flag)
        .unwrap_or(rustix::fs::StatVfsMountFlags::empty());
    let mut flags = MountFlags::BIND | MountFlags::RDONLY;
    use rustix::fs::StatVfsMountFlags as Has;
    for (has, keep) in [
        (Has::NOSUID, MountFlags::NOSUID),
        (Has::NODEV, MountFlags::NODEV),
        (Has::NOEXEC, MountFlags::NOEXEC),
        (Has::NOATIME, MountFlags::NOATIME),
        (Has::RELATIME, MountFlags::RELATIME),
    ] {
        if locked.contains(has) {
            flags |= keep;
        }
    }
    mount_remount(at, flags, "").with_context(|| format!("making {at:?} read-only"))
}
