//! `cargo xtask check`: everything about the sources that needs no image. All checks run, whatever
//! the others find; each complaint says where and what to type.
//!
//! Cargo's own checks and ours run outside the sandbox, those that need tools in it.

mod cargo;
mod dependencies;
mod licence;
mod policy;
mod sandboxed;
mod shell;
mod sources;
mod tidy;
mod units;
mod workflows;

use std::ffi::OsString;
use std::process::ExitCode;

use ::image::hint::{chain_of, hint_of};
use ::image::progress::Progress;
use ::image::{log, sandbox};
use anyhow::{Context, Result};

use crate::cli::CheckOptions;
use crate::setup::{self, Needs};
use crate::{generate, repository};

/// One thing that is not as it should be.
#[derive(Debug, PartialEq, Eq)]
pub struct Complaint {
    /// A file, with a line where there is one; or what else it is about.
    place: String,
    /// What is wrong.
    what: String,
    /// What to type or to do.
    mend: String,
}

impl Complaint {
    fn new(place: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            what: what.into(),
            mend: mend.into(),
        }
    }
}

/// What one check came to.
type Outcome = Result<Vec<Complaint>>;

/// Runs the verb, in the outer step and again in the inner one.
///
/// # Errors
/// The checks could not be run.
pub fn run(options: &CheckOptions, args: &[OsString]) -> Result<ExitCode> {
    let progress = Progress::new(options.common.quiet);
    if sandbox::inside() {
        log::go_on(options.common.verbose)?;
        let failed = sandboxed::run(&options.common, &progress);
        return Ok(if failed {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        });
    }
    setup::ensure(Needs::Build, &options.common, &progress)?;
    let log = log::start(
        &repository::cache(&options.common)?,
        "check",
        options.common.verbose,
    )?;
    let mut round = Round::new(&progress);
    round.check("house rules", tidy::check);
    round.check("generated documents", || {
        generate::check().map(|()| Vec::new())
    });
    round.check("formatting", || cargo::format(&options.common));
    round.check("dependencies", dependencies::check);
    round.check("lints", || cargo::lints(&progress));
    round.check("documentation", || cargo::documentation(&progress));
    let environment = [(log::FILE, log.clone().into_os_string())];
    let inner = sandbox::enter(args, &environment).context("checking scripts and workflows")?;
    if round.failed || inner != ExitCode::SUCCESS {
        eprintln!(
            "error: not all is as it should be; see above (log: {})",
            log.display()
        );
        return Ok(ExitCode::FAILURE);
    }
    progress.note("all checks passed");
    Ok(ExitCode::SUCCESS)
}

/// Checks in a row.
struct Round<'a> {
    progress: &'a Progress,
    failed: bool,
}

impl<'a> Round<'a> {
    fn new(progress: &'a Progress) -> Self {
        Self {
            progress,
            failed: false,
        }
    }

    fn check(&mut self, name: &str, check: impl FnOnce() -> Outcome) {
        let step = self.progress.step(format!("checking {name}"));
        let outcome = check();
        let text = match outcome {
            Ok(complaints) if complaints.is_empty() => {
                step.done("");
                return;
            }
            Ok(complaints) => render(&complaints),
            Err(error) => {
                let hint = hint_of(&error)
                    .map(|hint| format!("\n  → {hint}"))
                    .unwrap_or_default();
                format!("  {}{hint}\n", chain_of(&error).join("\n    because: "))
            }
        };
        drop(step);
        self.failed = true;
        eprintln!("failed: {name}\n{text}");
    }
}

/// Complaints with the same cure share its line.
fn render(complaints: &[Complaint]) -> String {
    let mut text = String::new();
    for (index, complaint) in complaints.iter().enumerate() {
        text += &format!("  {}: {}\n", complaint.place, complaint.what);
        let next = complaints.get(index + 1);
        if next.is_none_or(|next| next.mend != complaint.mend) {
            text += &format!("  → {}\n", complaint.mend);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cure_is_said_once_for_all_that_it_cures() {
        let complaints = [
            Complaint::new("a.rs:1", "x", "cargo fmt"),
            Complaint::new("b.rs:2", "x", "cargo fmt"),
            Complaint::new("c.rs", "y", "write it"),
        ];
        let expected = "  a.rs:1: x\n  b.rs:2: x\n  → cargo fmt\n  c.rs: y\n  → write it\n";
        assert_eq!(render(&complaints), expected);
    }

    #[test]
    fn a_check_that_cannot_be_run_has_failed() {
        let progress = Progress::new(true);
        let mut round = Round::new(&progress);
        round.check("nothing", || Ok(Vec::new()));
        assert!(!round.failed);
        round.check("something", || anyhow::bail!("no tool"));
        assert!(round.failed);
    }
}
