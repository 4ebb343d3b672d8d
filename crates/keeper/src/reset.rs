//! `keeper reset`: asks whether it is meant, then becomes keeper-apply, which makes the device new again.

use std::io::Write as _;

use anyhow::{Context as _, Result};
use camino::Utf8Path;
use cmd::Cmd;

use crate::apply::become_program;
use crate::words::say;

/// Asks for the device's name unless `yes`; keeper-apply knows whether it is right. Returns only what went wrong before
/// it began.
pub(crate) fn run(program: &Utf8Path, yes: bool) -> Result<()> {
    let command = Cmd::new(program).arg("reset");
    let command = if yes {
        command.arg("--yes")
    } else {
        // Nobody else is asked: keeper-apply says that only root may.
        let is_root = rustix::process::geteuid().is_root();
        let name = if is_root { ask()? } else { String::new() };
        command.arg(format!("--name={name}"))
    };
    become_program(program, command)
}

fn ask() -> Result<String> {
    let warning = say(
        "This removes all people with their homes, all settings and all secrets of this device, for ever.",
        &[],
    );
    let question = say("Type the name of the device to go on:", &[]);
    eprint!("{warning}\n{question} ");
    std::io::stderr().flush()?;
    let mut typed = String::new();
    let read = std::io::stdin().read_line(&mut typed);
    read.with_context(|| say("reading {}", &[&"stdin"]))?;
    Ok(typed.trim().to_owned())
}
