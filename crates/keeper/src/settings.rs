//! `keeper config …`: the configuration file without keeperd. What is right and wrong is the
//! `config` crate's.

use crate::output::print;
use crate::words::say;
use anyhow::Result;
use camino::{Utf8Path, Utf8PathBuf};
use config::{Config, Problems};
use std::io::ErrorKind;

/// A configuration with problems. Displays as all of them.
#[derive(Debug)]
pub(crate) struct Refused {
    file: Utf8PathBuf,
    problems: Problems,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = say("the configuration has problems", &[]);
        write!(f, "{what}\n{}", self.problems)
    }
}

impl std::error::Error for Refused {}

impl Refused {
    /// What to type next.
    pub(crate) fn hint(&self) -> String {
        match std::fs::File::open(&self.file).map_err(|error| error.kind()) {
            Err(ErrorKind::PermissionDenied) => {
                say("use sudo, or an account in the group keeperd", &[])
            }
            Err(ErrorKind::NotFound) => say(
                "`keeper config check FILE` checks another file than {}",
                &[&self.file],
            ),
            _ => say(
                "mend the lines named above, then `keeper config check {}` again",
                &[&self.file],
            ),
        }
    }
}

/// Says that `file` is right, or everything that is wrong with it.
pub(crate) fn check(file: &Utf8Path) -> Result<()> {
    load(file)?;
    print(&format!("{}\n", say("{}: ok", &[&file])))
}

/// Prints `file` with every default filled in.
pub(crate) fn show(file: &Utf8Path) -> Result<()> {
    print(&load(file)?.to_toml())
}

/// The configuration in `file`.
pub(crate) fn load(file: &Utf8Path) -> Result<Config, Refused> {
    config::load(file).map_err(|problems| Refused {
        file: file.to_owned(),
        problems,
    })
}
