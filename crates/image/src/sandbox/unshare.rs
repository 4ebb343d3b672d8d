//! Making the namespaces: the outer process and the step `@unshare`.

#![allow(
    unsafe_code,
    reason = "unshare(2) and taking over inherited descriptors"
)]

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::process::{Child, ExitCode, ExitStatus};

use anyhow::{Context, Result, anyhow, bail};
use cmd::Cmd;
use rustix::io::FdFlags;
use rustix::process::{Signal, set_parent_process_death_signal};
use rustix::thread::UnshareFlags;

use super::{INIT, UNSHARE, idmap};
use crate::hint::Hint;

/// Runs `args` (the verb and its arguments, without the program name) inside new namespaces, with
/// our stdin, stdout and stderr and these variables in its environment. Returns how it ended.
///
/// # Errors
/// The namespaces could not be made; the error has the cure.
pub fn enter(args: &[OsString], environment: &[(&str, OsString)]) -> Result<ExitCode> {
    let mut child = spawn(args, environment)?;
    let status = child.wait().context("waiting for the builder")?;
    Ok(exit_code(status))
}

/// Whether namespaces can be made here: makes them and ends.
///
/// # Errors
/// As [`enter`].
pub fn probe() -> Result<()> {
    let status = spawn(&["@probe".into()], &[])?.wait()?;
    if !status.success() {
        bail!("the namespaces were made, but the builder could not start in them ({status})");
    }
    Ok(())
}

fn spawn(args: &[OsString], environment: &[(&str, OsString)]) -> Result<Child> {
    let map = idmap::wanted()?;
    idmap::check_size(&map)?;
    let (mut ready, ready_there) = inheritable_pipe()?;
    let (go_there, mut go) = inheritable_pipe()?;
    // Each process keeps one end of each pipe; the other must not leak into the child.
    for ours in [&ready.0, &go.0] {
        rustix::io::fcntl_setfd(ours, FdFlags::CLOEXEC)?;
    }
    let command = Cmd::new("/proc/self/exe")
        .arg(UNSHARE)
        .arg(ready_there.0.as_raw_fd().to_string())
        .arg(go_there.0.as_raw_fd().to_string())
        .args(args)
        .env(super::OUTER_PID, std::process::id().to_string())
        .inherit_stdin();
    let command = environment
        .iter()
        .fold(command, |command, (key, value)| command.env(key, value));
    let child = command
        .command()
        .spawn()
        .context("starting the builder's own program again")?;
    drop((ready_there, go_there));
    let mut said = String::new();
    ready.0.read_to_string(&mut said)?;
    if said != "ready" {
        return Err(refused(&said));
    }
    map.write(child.id())?;
    go.0.write_all(b"go")
        .context("starting the builder in its namespaces")?;
    Ok(child)
}

/// The step `@unshare READY GO VERB…`: makes the namespaces, waits for its ids, starts PID 1.
pub(super) fn step(args: &[OsString]) -> Result<ExitCode> {
    let [ready, go, verb @ ..] = args else {
        bail!("{UNSHARE} is a step of the builder itself")
    };
    let mut ready = inherited(ready)?;
    let mut go = inherited(go)?;
    set_parent_process_death_signal(Some(Signal::KILL))?;
    let flags = UnshareFlags::NEWUSER
        | UnshareFlags::NEWNS
        | UnshareFlags::NEWPID
        | UnshareFlags::NEWIPC
        | UnshareFlags::NEWUTS;
    // SAFETY: no CLONE_FILES and no other thread, so no descriptor changes hands unseen.
    if let Err(error) = unsafe { rustix::thread::unshare_unsafe(flags) } {
        write!(ready, "{error}")?;
        return Ok(ExitCode::FAILURE);
    }
    ready.write_all(b"ready")?;
    drop(ready);
    let mut word = [0; 2];
    // End of file: the outer process failed to map our ids and has said so.
    if go.read_exact(&mut word).is_err() {
        return Ok(ExitCode::FAILURE);
    }
    rustix::thread::set_thread_gid(rustix::fs::Gid::ROOT)?;
    rustix::thread::set_thread_uid(rustix::fs::Uid::ROOT)?;
    // A change of ids clears it.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    let mut init = Cmd::new("/proc/self/exe")
        .arg(INIT)
        .args(verb)
        .env(super::INSIDE, "1")
        .inherit_stdin()
        .command()
        .spawn()
        .context("starting the first process of the namespaces")?;
    Ok(exit_code(init.wait()?))
}

/// A pipe's two ends; both survive exec until told otherwise.
fn inheritable_pipe() -> Result<(Inherited, Inherited)> {
    let (reader, writer) = rustix::pipe::pipe().context("making a pipe")?;
    Ok((Inherited(reader.into()), Inherited(writer.into())))
}

struct Inherited(File);

fn inherited(number: &OsString) -> Result<File> {
    let number: i32 = number
        .to_str()
        .and_then(|text| text.parse().ok())
        .context("a descriptor")?;
    // SAFETY: the outer process made this descriptor for this step alone; nobody else owns it.
    let fd = unsafe { OwnedFd::from_raw_fd(number) };
    rustix::io::fcntl_setfd(&fd, FdFlags::CLOEXEC)?;
    Ok(File::from(fd))
}

fn exit_code(status: ExitStatus) -> ExitCode {
    use std::os::unix::process::ExitStatusExt;
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal));
    ExitCode::from(u8::try_from(code.unwrap_or(1)).unwrap_or(1))
}

fn refused(said: &str) -> anyhow::Error {
    let error = anyhow!("this system does not let us make a user namespace: {said}");
    Err::<(), _>(error)
        .hint(
            if std::path::Path::new("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
                .exists()
            {
                "Ubuntu restricts them: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
            } else {
                "in Docker, run the container with --security-opt seccomp=unconfined \
             --security-opt systempaths=unconfined; elsewhere see `cargo xtask doctor`"
            },
        )
        .unwrap_err()
}
