//! The namespaces in which the builder works: root in a user namespace, with mounts, processes and
//! binfmt_misc registrations of its own. Nothing that happens in them is visible outside, and all
//! of it is gone when the builder ends, however it ends.
//!
//! A verb that needs them re-executes the same command line through two small steps:
//!
//! ```text
//! cargo xtask image …            outer: an ordinary process; waits, forwards the exit status
//!   └ xtask @unshare … image …   makes the namespaces, has its ids mapped by the outer one
//!       └ xtask @init … image …  PID 1 and root of the new namespaces; runs the verb
//! ```
//!
//! Each step asks to be killed with its parent, so SIGKILL at any of them ends the whole build.

mod chroot;
mod idmap;
mod init;
mod unshare;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;

pub use chroot::in_root;
pub use idmap::{IdMap, wanted as wanted_id_map};
pub use init::{bind, bind_read_only, mount_special, tmpfs, unmount};
pub use unshare::{enter, probe};

/// Names the step that a re-execution is. The verb's own command line follows behind it.
const UNSHARE: &str = "@unshare";
const INIT: &str = "@init";
const CHROOT: &str = "@chroot";
/// Set, to anything, in the innermost step.
const INSIDE: &str = "COLAB_KEEPER_SANDBOX";

/// The process id of the outer step, for messages.
pub const OUTER_PID: &str = "COLAB_KEEPER_OUTER_PID";

/// What `main` is to do with its command line.
pub enum Start {
    /// It was one of the sandbox's own steps, and ended so.
    Done(ExitCode),
    /// An ordinary start, or the innermost step: the verb's command line, program name first.
    Verb(Vec<OsString>),
}

/// To be called first thing in `main`, before any thread is started.
///
/// # Errors
/// A step of the sandbox failed.
pub fn start() -> Result<Start> {
    let args: Vec<OsString> = std::env::args_os().collect();
    let step = args.get(1).and_then(|arg| arg.to_str()).unwrap_or_default();
    match step {
        UNSHARE => unshare::step(&args[2..]).map(Start::Done),
        INIT => init::step(&args[2..]).map(Start::Verb),
        CHROOT => Err(chroot::step(&args[2..])),
        _ => Ok(Start::Verb(args)),
    }
}

/// Whether this process is the innermost step.
pub fn inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}
