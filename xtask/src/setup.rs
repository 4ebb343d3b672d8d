//! Getting what the other verbs need on this machine. All else comes from the builder's own tools
//! directory; nothing but what is listed in `doctor::judge` is ever installed.

use std::path::Path;

use ::image::hint::Hint;
use ::image::progress::Progress;
use anyhow::{Context, Result, anyhow};
use cmd::Cmd;

use crate::cli::CommonOptions;
use crate::doctor::facts::{Facts, passwordless_sudo};
use crate::doctor::judge::{self, Cure, Finding, State};
use crate::repository;

/// What a verb is going to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Work in the sandbox, with the builder's own tools.
    Sandbox,
    /// That, and compile.
    Build,
    /// That, and build as another user too.
    Test,
}

/// Sees to it that this machine has what `needs` stands for; costs no time when it has. Outside
/// the sandbox only.
///
/// # Errors
/// Something is missing and may not or cannot be installed; the hint is the command to type.
pub fn ensure(needs: Needs, common: &CommonOptions, progress: &Progress) -> Result<()> {
    let cache = repository::cache(common)?;
    let missing = missing(needs, &cache);
    if missing.is_empty() {
        return Ok(());
    }
    let todo = Todo::of(&missing);
    let rights = Rights::ours();
    if let Some(why) = refusal(common.no_install, &todo, rights) {
        return Err(anyhow!(
            "this machine lacks what is needed: {}; {why}",
            said(&missing)
        ))
        .hint(todo.command(rights == Rights::Root));
    }
    todo.carry_out(rights, progress)
        .with_context(|| format!("setting this machine up ({})", said(&missing)))
        .hint(todo.command(rights == Rights::Root))?;
    let left = self::missing(needs, &cache);
    anyhow::ensure!(
        left.is_empty(),
        "after setting this machine up it still lacks: {}",
        said(&left)
    );
    Ok(())
}

/// Why we do not mend it ourselves.
fn refusal(no_install: bool, todo: &Todo, rights: Rights) -> Option<&'static str> {
    if no_install {
        Some("--no-install keeps us from installing anything")
    } else if !todo.advice.is_empty() {
        Some("this is for its owner to change")
    } else if rights == Rights::None {
        Some("we are neither root nor have sudo without a password")
    } else {
        None
    }
}

fn missing(needs: Needs, cache: &Path) -> Vec<Finding> {
    let facts = Facts::look(cache);
    let mut findings = judge::sandbox(&facts);
    if needs != Needs::Sandbox {
        findings.extend(judge::compilers(&facts));
    }
    if needs == Needs::Test {
        findings.push(judge::id_tools(&facts));
    }
    findings.retain(|finding| finding.state == State::Missing);
    findings
}

fn said(findings: &[Finding]) -> String {
    let each = findings
        .iter()
        .map(|finding| format!("{} ({})", finding.name, finding.found));
    each.collect::<Vec<_>>().join(", ")
}

/// How we can act as root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rights {
    Root,
    Sudo,
    None,
}

impl Rights {
    fn ours() -> Self {
        if rustix::process::getuid().is_root() {
            Self::Root
        } else if passwordless_sudo() {
            Self::Sudo
        } else {
            Self::None
        }
    }

    fn cmd(self, program: &str) -> Cmd {
        let variable = "DEBIAN_FRONTEND=noninteractive";
        match self {
            Self::Sudo => Cmd::new("sudo").args(["-n", "env", variable, program]),
            Self::Root | Self::None => Cmd::new("env").args([variable, program]),
        }
    }
}

/// What there is to do.
#[derive(Debug, Default, PartialEq, Eq)]
struct Todo {
    packages: Vec<&'static str>,
    commands: Vec<String>,
    advice: Vec<String>,
}

impl Todo {
    fn of(findings: &[Finding]) -> Self {
        let mut todo = Self::default();
        for cure in findings.iter().filter_map(|finding| finding.cure.as_ref()) {
            match cure {
                Cure::Install(packages) => todo.packages.extend_from_slice(packages),
                Cure::AsRoot(command) => todo.commands.push(command.clone()),
                Cure::Owner(advice) => todo.advice.push(advice.clone()),
            }
        }
        todo
    }

    /// All of it as one line to type, advice last.
    fn command(&self, root: bool) -> String {
        let mut parts = Vec::new();
        if !self.packages.is_empty() {
            parts.push(Cure::AsRoot("apt-get update".into()).command(root));
            let list = self.packages.join(" ");
            let install = format!("apt-get install --yes --no-install-recommends {list}");
            parts.push(Cure::AsRoot(install).command(root));
        }
        let commands = self
            .commands
            .iter()
            .map(|command| Cure::AsRoot(command.clone()));
        parts.extend(commands.map(|cure| cure.command(root)));
        let mut line = parts.join(" && ");
        for advice in &self.advice {
            line += if line.is_empty() { "" } else { "; " };
            line += advice;
        }
        line
    }

    fn carry_out(&self, rights: Rights, progress: &Progress) -> Result<()> {
        if !self.packages.is_empty() {
            self.install(rights, progress)?;
        }
        for command in &self.commands {
            progress.note(&format!("running {command}"));
            let mut words = command.split(' ');
            rights
                .cmd(words.next().unwrap_or_default())
                .args(words)
                .run()?;
        }
        Ok(())
    }

    /// Only what is missing and what that depends on: recommendations are what a machine with
    /// packages from several releases cannot resolve.
    fn install(&self, rights: Rights, progress: &Progress) -> Result<()> {
        let step = progress.step("reading the machine's package lists");
        if let Err(error) = apt_get(rights).args(["-q", "update"]).run() {
            // One broken source does not keep the others from having the package.
            progress.warn(&error.to_string());
        }
        step.done("");
        let list = self.packages.join(" ");
        progress.note(&format!("installing on this machine: {list}"));
        let step = progress.step(format!("installing {list}"));
        apt_get(rights)
            .args(["-q", "install", "--yes", "--no-install-recommends"])
            .args(&self.packages)
            .run_with(|line| step.detail(line.trim()))
            .with_context(|| format!("installing {list}"))?;
        step.done("");
        Ok(())
    }
}

/// Another apt may be at work, such as the machine's own nightly one: it is waited for.
fn apt_get(rights: Rights) -> Cmd {
    rights
        .cmd("apt-get")
        .args(["-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lacking(cure: Cure) -> Finding {
        Finding {
            name: "x",
            state: State::Missing,
            found: "no x".into(),
            cure: Some(cure),
        }
    }

    #[test]
    fn all_that_is_missing_is_one_line_to_type() {
        let findings = [
            lacking(Cure::Install(&["uidmap"])),
            lacking(Cure::AsRoot("usermod u".into())),
            lacking(Cure::Install(&["gcc", "libc6-dev"])),
            lacking(Cure::Owner("buy a PC".into())),
        ];
        let update = "sudo apt-get update && sudo apt-get install --yes --no-install-recommends";
        assert_eq!(
            Todo::of(&findings).command(false),
            format!("{update} uidmap gcc libc6-dev && sudo usermod u; buy a PC"),
        );
        assert_eq!(Todo::of(&findings[1..2]).command(true), "usermod u");
        assert_eq!(Todo::of(&findings[3..]).command(true), "buy a PC");
        assert_eq!(said(&findings[..1]), "x (no x)");
    }

    #[test]
    fn we_mend_only_what_we_may() {
        let install = Todo {
            packages: vec!["git"],
            ..Todo::default()
        };
        let advice = Todo {
            advice: vec!["buy a PC".into()],
            ..Todo::default()
        };
        assert_eq!(refusal(false, &install, Rights::Root), None);
        assert_eq!(refusal(false, &install, Rights::Sudo), None);
        assert!(
            refusal(false, &install, Rights::None)
                .unwrap()
                .contains("sudo")
        );
        assert!(
            refusal(true, &install, Rights::Root)
                .unwrap()
                .contains("--no-install")
        );
        assert!(
            refusal(false, &advice, Rights::Root)
                .unwrap()
                .contains("owner")
        );
    }
}
