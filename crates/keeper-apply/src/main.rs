//! `keeper-apply`, the only part of the device that is made to run as root: from verb to function.
//!
//! It trusts nobody who hands it the file: `keeper.toml` is validated again with root's own eyes.
//! stdout is data, stderr is talk. Exit codes: 0 done, 1 failed, 2 wrong usage.

mod cli;
mod owner;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Parser as _;
use cli::{Cli, Verb};
use keeper_apply::{Apply, Device, Elsewhere, Outcome, System, Wanted, hint_of, hinted};

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            if let Some(hint) = hint_of(&error) {
                eprintln!("hint: {hint}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    let root = cli.root.clone().unwrap_or_else(|| Utf8PathBuf::from("/"));
    let system: &dyn System = match cli.root {
        None => &Device,
        Some(_) => &Elsewhere,
    };
    if cli.root.is_none() && !matches!(cli.verb, Verb::Show) {
        only_root(&cli.verb)?;
    }
    let apply = Apply {
        system,
        boot: matches!(cli.verb, Verb::Apply { boot: true } | Verb::FirstBoot(_)),
        root: root.clone(),
    };
    let usual = root.join(config::DEFAULT_PATH.trim_start_matches('/'));
    let file = cli.config.as_deref().unwrap_or(&usual);
    match &cli.verb {
        Verb::Apply { .. } => tell(&apply.apply(file)?),
        Verb::Back => {
            tell(&apply.back()?);
            eprintln!(
                "the next `keeper apply`, or start of the device, puts {file} in force again"
            );
        }
        Verb::Show => show(&apply)?,
        Verb::Check => check(&apply, file)?,
        Verb::Enrol {
            name,
            days,
            address,
        } => {
            let wanted = Wanted {
                name: name.clone(),
                days: *days,
                address: address.clone(),
            };
            enrol(&apply, file, &wanted)?;
        }
        Verb::Revoke { id } => revoke(&apply, file, id)?,
        verb => owner::run(verb, &apply, file)?,
    }
    Ok(())
}

fn only_root(verb: &Verb) -> Result<()> {
    if rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let hint = match verb {
        Verb::Check => "sudo keeper apply --check",
        Verb::Back => "sudo keeper apply --back",
        Verb::Apply { .. } | Verb::Show => "sudo keeper apply",
        Verb::Enrol { .. } => "sudo keeper tunnel enrol",
        Verb::Revoke { .. } => "sudo keeper tunnel revoke ID",
        Verb::Reset { .. } => "sudo keeper reset",
        _ => "units of the image run this; `keeper status` says how the device is",
    };
    Err(hinted("only root may do this; nothing has changed", hint))
}

fn tell(outcome: &Outcome) {
    if outcome.changed.is_empty() {
        eprintln!("nothing to change: {} is in force", outcome.in_force);
    } else {
        let changed = outcome.changed.join(", ");
        eprintln!("{} is in force; changed: {changed}", outcome.in_force);
    }
    let told: Vec<&str> = outcome
        .told
        .iter()
        .map(|service| service.units()[0])
        .collect();
    if !told.is_empty() {
        eprintln!("told, where running: {}", told.join(", "));
    }
}

fn show(apply: &Apply<'_>) -> Result<()> {
    let shown = apply.show()?;
    let name = |generation: Option<_>| generation.map_or("none".to_owned(), named);
    let mut text = format!("in force  {}\n", name(shown.in_force.as_ref()));
    if let Some(path) = &shown.path {
        text += &format!("where     {path}\nfiles     {}\n", shown.files.join(" "));
    }
    text += &format!("previous  {}\n", name(shown.previous.as_ref()));
    print(&text)
}

fn named(generation: &impl std::fmt::Display) -> String {
    generation.to_string()
}

fn check(apply: &Apply<'_>, file: &Utf8Path) -> Result<()> {
    let changed = apply.check(file)?;
    eprintln!("{file}: ok");
    if changed.is_empty() {
        eprintln!("nothing would change");
    }
    let lines: String = changed.iter().map(|name| format!("{name}\n")).collect();
    print(&lines)
}

fn enrol(apply: &Apply<'_>, file: &Utf8Path, wanted: &Wanted) -> Result<()> {
    let (enrolment, enrolled, outcome) = apply.enrol(file, wanted)?;
    tell(&outcome);
    eprintln!(
        "{} is enrolled as {} until {}. Paste the line below into Colab, under Secrets as COLAB_KEEPER;\n\
         it is a secret, and is shown this once.",
        enrolled.name, enrolled.id, enrolled.expires
    );
    print(&format!("{}\n", enrolment.encode()))
}

fn revoke(apply: &Apply<'_>, file: &Utf8Path, id: &str) -> Result<()> {
    let (revoked, outcome) = apply.revoke(file, id)?;
    tell(&outcome);
    eprintln!(
        "{} ({}) is revoked; connections are ended",
        revoked.id, revoked.name
    );
    Ok(())
}

fn print(text: &str) -> Result<()> {
    std::io::stdout()
        .write_all(text.as_bytes())
        .context("writing to stdout")
}
