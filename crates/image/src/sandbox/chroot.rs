//! The step `@chroot`: another program in another root.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use cmd::Cmd;

/// `program`, to be run with `root` as its root directory. Works inside the sandbox only, where we
/// may chroot(2). The environment is small and the same on every machine.
pub fn in_root(root: &Path, program: &str) -> Cmd {
    Cmd::new("/proc/self/exe")
        .arg(super::CHROOT)
        .arg(root)
        .arg(program)
        .clear_env()
        .env(
            "PATH",
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        )
        .env("HOME", "/root")
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC")
}

/// Replaces this process: `@chroot ROOT PROGRAM ARG…`. Returns only what went wrong.
pub(super) fn step(args: &[OsString]) -> anyhow::Error {
    let attempt = || -> anyhow::Result<anyhow::Error> {
        let [root, program, rest @ ..] = args else {
            bail!("ROOT and PROGRAM are missing")
        };
        rustix::process::chroot(Path::new(root)).with_context(|| format!("entering {root:?}"))?;
        rustix::process::chdir("/")?;
        let error = Cmd::new(program)
            .args(rest)
            .inherit_stdin()
            .command()
            .exec();
        Ok(anyhow!(error).context(format!("running {program:?} in {root:?}")))
    };
    attempt().unwrap_or_else(|error| error)
}
