//! The binfmt_misc interpreter of the packages stage.
//!
//! The kernel starts this program in place of every foreign (aarch64) executable that runs in the
//! root under construction. Maintainer scripts are thousands of tiny programs: `sh`, `sed`,
//! `readlink`. Under QEMU each costs tens of milliseconds; the same suite's native build of the
//! same program costs one. So:
//!
//! * is there a native program at the same place in the *twin* root (`/.native`)? Run that;
//! * otherwise run the foreign one under QEMU.
//!
//! Nothing in the root is covered or replaced: a script that *copies* `/usr/bin/kmod` copies the
//! foreign file, and dpkg can upgrade any tool while it runs. What has a twin is decided when the
//! twin root is made (`image::foreign`), not here.
//!
//! The calling convention is that of binfmt_misc with the flag `P`
//! (Linux, Documentation/admin-guide/binfmt-misc.rst): `argv` is our own name, the path the kernel
//! was asked to run, the `argv[0]` the caller gave, then the caller's arguments.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Where the builder mounts the twin root and QEMU inside the root under construction.
const NATIVE_ROOT: &str = "/.native";
/// QEMU's user-mode emulator, statically linked, inside [`NATIVE_ROOT`].
const EMULATOR: &str = "/.native/.emulator";

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let (Some(program), Some(name)) = (args.next(), args.next()) else {
        eprintln!("dispatch: started by hand; the kernel starts it through binfmt_misc");
        return ExitCode::from(125);
    };
    let error = match native_twin(Path::new(&program)) {
        Some(twin) => run(twin, &name, &[], args),
        None => run(
            EMULATOR.into(),
            &name,
            &["-0".into(), name.clone(), program.clone()],
            args,
        ),
    };
    eprintln!(
        "dispatch: running {}: {error}",
        Path::new(&program).display()
    );
    // 126: found but could not be run, as a shell says it.
    ExitCode::from(126)
}

/// The native program that stands where `program` stands, symlinks followed in the foreign root
/// (`/bin/sh` is `/usr/bin/dash`, `/usr/bin/awk` is whatever the alternatives say).
fn native_twin(program: &Path) -> Option<PathBuf> {
    let real = program.canonicalize().ok()?;
    let twin = Path::new(NATIVE_ROOT).join(real.strip_prefix("/").ok()?);
    twin.is_file().then_some(twin)
}

/// Replaces this process. Returns only when that failed.
#[allow(
    clippy::disallowed_methods,
    reason = "exec, not spawn: there is no exit status to report"
)]
fn run(
    program: PathBuf,
    name: &OsString,
    before: &[OsString],
    args: impl Iterator<Item = OsString>,
) -> std::io::Error {
    Command::new(program)
        .arg0(name)
        .args(before)
        .args(args)
        .exec()
}
