//! `keeper config …`: the configuration file without keeperd. What is right and wrong is the
//! `config` crate's.

use anyhow::{Context as _, Result};
use camino::{Utf8Path, Utf8PathBuf};
use config::{Config, Problems};
use std::io::{ErrorKind, Write as _};

/// A configuration with problems. Displays as all of them.
#[derive(Debug, thiserror::Error)]
#[error("the configuration has problems\n{problems}")]
pub(crate) struct Refused {
    file: Utf8PathBuf,
    problems: Problems,
}

impl Refused {
    /// What to type next.
    pub(crate) fn hint(&self) -> String {
        match std::fs::File::open(&self.file).map_err(|error| error.kind()) {
            Err(ErrorKind::PermissionDenied) => {
                "use sudo, or an account in the group keeperd".to_owned()
            }
            Err(ErrorKind::NotFound) => format!(
                "`keeper config check FILE` checks another file than {}",
                self.file
            ),
            _ => format!(
                "mend the lines named above, then `keeper config check {}` again",
                self.file
            ),
        }
    }
}

/// Says that `file` is right, or everything that is wrong with it.
pub(crate) fn check(file: &Utf8Path) -> Result<()> {
    load(file)?;
    print(&format!("{file}: ok\n"))
}

/// Prints `file` with every default filled in.
pub(crate) fn show(file: &Utf8Path) -> Result<()> {
    print(&load(file)?.to_toml())
}

fn load(file: &Utf8Path) -> Result<Config, Refused> {
    config::load(file).map_err(|problems| Refused {
        file: file.to_owned(),
        problems,
    })
}

fn print(text: &str) -> Result<()> {
    std::io::stdout()
        .write_all(text.as_bytes())
        .context("writing to stdout")
}
