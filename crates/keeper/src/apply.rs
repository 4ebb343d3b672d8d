//! `keeper apply`: becomes keeper-apply, which does the work and says what there is to say.

use crate::words::say;
use anyhow::Result;
use camino::Utf8Path;
use cmd::Cmd;
use std::io;
use std::os::unix::process::CommandExt as _;

/// Where the image has keeper-apply.
pub(crate) const PROGRAM: &str = "/usr/libexec/keeper/keeper-apply";

/// keeper-apply could not be started.
#[derive(Debug)]
pub(crate) struct Error {
    program: String,
    source: io::Error,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&say("starting {}", &[&self.program]))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl Error {
    /// What to type next.
    pub(crate) fn hint(&self) -> String {
        say(
            "this works on the device itself; `keeper config check FILE` works everywhere",
            &[],
        )
    }
}

/// Applies, checks or goes back. Returns only what went wrong before it began.
pub(crate) fn run(program: &Utf8Path, check: bool, back: bool) -> Result<()> {
    let verb = match (check, back) {
        (true, _) => "check",
        (_, true) => "back",
        _ => "apply",
    };
    become_program(program, Cmd::new(program).arg(verb))
}

/// Goes on as `command`, which says what there is to say. Returns only what went wrong before it
/// began; `program` is what was to be started.
pub(crate) fn become_program(program: &Utf8Path, command: Cmd) -> Result<()> {
    let source = command.inherit_stdin().command().exec();
    let program = program.to_string();
    Err(Error { program, source }.into())
}
