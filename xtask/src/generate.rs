//! `cargo xtask gen`: documents that are written by a program, so that they cannot grow old.

mod cli_page;
mod profile_page;

use std::process::ExitCode;

use ::image::files;
use ::image::hint::Hint;
use anyhow::{Context, Result, bail};

use crate::cli::GenOptions;
use crate::repository;

/// A generated document.
struct Page {
    /// Below the repository.
    path: &'static str,
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
        let path = repository::root().join(page.path);
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
    let names: Vec<&str> = stale.iter().map(|page| page.path).collect();
    let error = || -> Result<()> { bail!("{} is not what its source says", names.join(", ")) };
    error().hint("cargo xtask gen")
}

/// The documents that differ from their files.
fn stale() -> Result<Vec<Page>> {
    let root = repository::root();
    let profile = root.join(profile_page::SOURCE);
    let source = fs_err::read_to_string(&profile)?;
    let pages = [
        Page {
            path: "docs/reference/cli.md",
            text: cli_page::render(),
        },
        Page {
            path: "docs/reference/profile.md",
            text: profile_page::render(&source)
                .with_context(|| format!("reading {}", profile_page::SOURCE))?,
        },
    ];
    let differs = |page: &Page| {
        let there = fs_err::read_to_string(root.join(page.path));
        there.map_or(true, |text| text != page.text)
    };
    Ok(pages.into_iter().filter(differs).collect())
}
