//! Cargo's own checks: rustfmt, clippy, rustdoc.

use ::image::hint::Hint;
use ::image::progress::Progress;
use anyhow::{Context, Result, bail};
use cmd::Cmd;

use super::{Complaint, Outcome};
use crate::cli::CommonOptions;
use crate::repository;

/// # Errors
/// rustfmt could not be run.
pub fn format(common: &CommonOptions) -> Outcome {
    components(common)?;
    let check = cargo().args(["fmt", "--all", "--check", "--", "--files-with-diff"]);
    let said = String::from_utf8_lossy(&check.output()?.stdout).into_owned();
    let root = format!("{}/", repository::root().display());
    let files = said
        .lines()
        .map(|file| file.strip_prefix(&root).unwrap_or(file));
    let complain = |file| Complaint::new(file, "not as rustfmt writes it", "cargo fmt --all");
    Ok(files.map(complain).collect())
}

/// # Errors
/// clippy or the compiler has something to say, and has said it.
pub fn lints(progress: &Progress) -> Outcome {
    let options = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--keep-going",
        "--",
        "-D",
        "warnings",
    ];
    aloud(cargo().args(options), "mending the lints", progress)?;
    Ok(Vec::new())
}

/// # Errors
/// rustdoc has something to say, and has said it.
pub fn documentation(progress: &Progress) -> Outcome {
    let options = [
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
        "--locked",
        "--keep-going",
    ];
    // Private items are documented too, so links to them lead somewhere.
    let flags = "-D warnings -A rustdoc::private_intra_doc_links";
    let doc = cargo().args(options).env("RUSTDOCFLAGS", flags);
    aloud(doc, "mending the documentation", progress)?;
    Ok(Vec::new())
}

pub(super) fn cargo() -> Cmd {
    Cmd::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())).dir(repository::root())
}

/// Runs it, and shows everything it said when it failed: its messages have file, line and cure.
fn aloud(command: Cmd, what: &str, progress: &Progress) -> Result<()> {
    let again = command.to_string();
    let mut said = Vec::new();
    let result = command.run_with(|line| said.push(line.to_owned()));
    if result.is_ok() {
        return Ok(());
    }
    let talk = [
        "Compiling ",
        "Checking ",
        "Documenting ",
        "Downloaded ",
        "Downloading ",
    ];
    said.retain(|line| !talk.iter().any(|word| line.trim_start().starts_with(word)));
    progress.warn(&format!("cargo says:\n{}", said.join("\n")));
    let fail = || -> Result<()> { bail!("{} lines above say what and where", said.len()) };
    fail().context(what.to_owned()).hint(again)
}

/// Toolchains of rustup's minimal profile have neither.
fn components(common: &CommonOptions) -> Result<()> {
    let there = |name: &str| {
        let version = cargo().args([name, "--version"]).output();
        version.is_ok_and(|output| output.status.success())
    };
    if there("fmt") && there("clippy") {
        return Ok(());
    }
    let add = Cmd::new("rustup").args(["component", "add", "rustfmt", "clippy"]);
    let command = add.to_string();
    if common.no_install {
        let fail = || -> Result<()> { bail!("rustfmt or clippy is missing") };
        return fail().hint(command);
    }
    add.dir(repository::root())
        .run()
        .context("adding rustfmt and clippy")
        .hint(command)
}
