//! `cargo xtask doctor`: what this machine must have, what it has, and what to type about the rest.
//!
//! [`facts`] looks, [`judge`] decides without looking, and here it is printed. Mending is
//! `setup`'s, which asks the same two.

pub mod facts;
pub mod judge;
mod parse;

use std::process::ExitCode;

use ::image::progress::Progress;
use anyhow::Result;
use serde::Serialize;

use crate::cli::{DoctorOptions, Format};
use crate::repository;
use facts::Facts;
use judge::{Finding, State};

/// Runs the verb.
///
/// # Errors
/// The cache cannot be made.
pub fn run(options: &DoctorOptions) -> Result<ExitCode> {
    let cache = repository::cache(&options.common)?;
    let step = Progress::new(options.common.quiet).step("looking at this machine");
    let facts = Facts::look(&cache).probe_namespaces().look_at_rust();
    step.done("");
    let findings = judge::all(&facts);
    match options.format {
        Format::Text => print!("{}", table(&findings, facts.is_root())),
        Format::Json => println!("{}", json(&findings, facts.is_root())?),
    }
    let lacking = findings
        .iter()
        .any(|finding| finding.state == State::Missing);
    Ok(if lacking {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// One line for each finding, and under it what to type.
fn table(findings: &[Finding], root: bool) -> String {
    let width = findings
        .iter()
        .map(|finding| finding.name.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for finding in findings {
        let Finding {
            name, state, found, ..
        } = finding;
        text += &format!("{:<7}  {name:<width$}  {found}\n", state.name());
        if let Some(cure) = &finding.cure {
            text += &format!("{:<7}  {:<width$}  → {}\n", "", "", cure.command(root));
        }
    }
    text
}

fn json(findings: &[Finding], root: bool) -> Result<String> {
    #[derive(Serialize)]
    struct Row<'a> {
        name: &'a str,
        state: &'a str,
        found: &'a str,
        cure: Option<String>,
    }
    let rows = findings.iter().map(|finding| Row {
        name: finding.name,
        state: finding.state.name(),
        found: &finding.found,
        cure: finding.cure.as_ref().map(|cure| cure.command(root)),
    });
    Ok(serde_json::to_string_pretty(&rows.collect::<Vec<_>>())?)
}

#[cfg(test)]
mod tests {
    use super::judge::Cure;
    use super::*;

    fn findings() -> Vec<Finding> {
        let git = Cure::Install(&["git"]);
        vec![
            Finding {
                name: "kernel",
                state: State::Ok,
                found: "Linux 6.8".into(),
                cure: None,
            },
            Finding {
                name: "git",
                state: State::Missing,
                found: "none".into(),
                cure: Some(git),
            },
        ]
    }

    #[test]
    fn a_cure_stands_under_what_it_cures() {
        let expected = "\
ok       kernel  Linux 6.8
missing  git     none
                 → sudo apt-get install --yes --no-install-recommends git
";
        assert_eq!(table(&findings(), false), expected);
    }

    #[test]
    fn programs_read_the_same() {
        let rows: serde_json::Value =
            serde_json::from_str(&json(&findings(), true).unwrap()).unwrap();
        assert_eq!(rows[0]["cure"], serde_json::Value::Null);
        assert_eq!(rows[1]["state"], "missing");
        assert_eq!(
            rows[1]["cure"],
            "apt-get install --yes --no-install-recommends git"
        );
    }
}
