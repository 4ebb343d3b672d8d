//! `cargo xtask gen`: files that are written by a program, so that they cannot grow old: pages of the
//! documentation, the image's own generation of what keeper-apply makes, and man pages and completions
//! of the device's command line.

mod cli_page;
mod device_cli;
mod profile_page;

use std::process::ExitCode;

use ::image::files;
use ::image::hint::Hint;
use anyhow::{Context, Result, bail};
use config::Config;
use keeper_apply::{DEFAULTS, Facts};

use crate::cli::GenOptions;
use crate::repository;

/// A generated file.
struct Page {
    /// Below the repository.
    path: String,
    text: String,
}

/// Runs the verb.
///
/// # Errors
/// A document cannot be written; with `--check`, one is not what it should be.
pub fn run(options: &GenOptions) -> Result<ExitCode> {
    if options.check {
        check()?;
        return Ok(ExitCode::SUCCESS);
    }
    for page in stale()? {
        let path = repository::root().join(&page.path);
        files::write_whole(&path, page.text.as_bytes())?;
        eprintln!("wrote {}", page.path);
    }
    Ok(ExitCode::SUCCESS)
}

/// # Errors
/// A document is not what it should be.
pub fn check() -> Result<()> {
    let stale = stale()?;
    if stale.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = stale.iter().map(|page| &*page.path).collect();
    let error = || -> Result<()> { bail!("{} is not what its source says", names.join(", ")) };
    error().hint("cargo xtask gen")
}

/// The files that differ from their files.
fn stale() -> Result<Vec<Page>> {
    let root = repository::root();
    let profile = root.join(profile_page::SOURCE);
    let source = fs_err::read_to_string(&profile)?;
    let documents = [
        Page {
            path: "docs/reference/cli.md".into(),
            text: cli_page::render(),
        },
        Page {
            path: "docs/reference/profile.md".into(),
            text: profile_page::render(&source)
                .with_context(|| format!("reading {}", profile_page::SOURCE))?,
        },
    ];
    let differs = |page: &Page| {
        let there = fs_err::read_to_string(root.join(&page.path));
        there.map_or(true, |text| text != page.text)
    };
    let pages = documents.into_iter().chain(defaults());
    let pages = pages.chain(device_cli::pages()?);
    Ok(pages.filter(differs).collect())
}

/// What keeper-apply makes of the default configuration on a device of which nothing is known: in
/// force until it has run for the first time.
fn defaults() -> impl Iterator<Item = Page> {
    let files = keeper_apply::render(&Config::default(), &Facts::default());
    files.into_iter().map(|(name, text)| Page {
        path: format!("overlay/keeper/root/{DEFAULTS}/{name}"),
        text,
    })
}
