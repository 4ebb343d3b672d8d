//! `keeper shell`: becomes the program that alone gets at the Colab machine's key, as its account.

use anyhow::Result;
use camino::Utf8Path;
use cmd::Cmd;

use crate::apply::become_program;

/// Where the image has it. sudo lets people and the desktop run exactly this.
pub(crate) const PROGRAM: &str = "/usr/libexec/keeper/shell";

/// Joins the one session, or runs a command.
pub(crate) fn run(program: &Utf8Path, command: Option<&str>) -> Result<()> {
    let user = format!("--user={}", ::tunnel::SHELL_AS);
    let sudo = Cmd::new("sudo").args(["--non-interactive", &user, "--", program.as_str()]);
    let sudo = match command {
        Some(command) => sudo.args(["run", command]),
        None => sudo.arg("attach"),
    };
    become_program("sudo".into(), sudo)
}
