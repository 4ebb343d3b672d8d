//! `keeper`, the command line of the device: from verb to function, and how errors are shown.
//!
//! stdout is data, stderr is talk. Exit codes: 0 done, 1 failed, 2 wrong usage. `cli` has the verbs and
//! `words` every sentence in Japanese; `client` asks keeperd, whose protocol is the `control` crate's.
//! The command line is a library besides, so that the builder can write its man pages and completions.

mod act;
mod apply;
mod cli;
mod client;
mod doctor;
mod hint;
mod logs;
mod notebook;
mod output;
mod picture;
mod reset;
mod screenshot;
mod settings;
mod shell;
mod status;
mod tunnel;
mod watch;
mod words;

use anyhow::Result;
use clap::{CommandFactory as _, FromArgMatches as _};
use cli::{Cli, ConfigVerb, TunnelVerb, Verb};
use control::Request;
use std::process::ExitCode;
use words::say;

/// The whole program.
pub fn main() -> ExitCode {
    let language = words::language(|name| std::env::var(name).ok());
    words::speak(language);
    let matches = words::in_words(command(), language).get_matches();
    let result = match Cli::from_arg_matches(&matches) {
        Ok(cli) => run(cli.verb),
        Err(error) => error.exit(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output has had enough of it.
        Err(error) if output::is_unwanted(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{} {error:#}", say("error:", &[]));
            if let Some(hint) = hint::of(&error) {
                eprintln!("{} {hint}", say("hint:", &[]));
            }
            ExitCode::FAILURE
        }
    }
}

/// The command line, in English.
pub fn command() -> clap::Command {
    Cli::command()
}

fn run(verb: Verb) -> Result<()> {
    match verb {
        Verb::Status { json, watch, at } => status::run(&at.socket, json, watch),
        Verb::Reload { number, at } => {
            let notebook = number.map(std::num::NonZeroUsize::get);
            act::run(&at.socket, &Request::Reload { notebook })
        }
        Verb::Pause { at } => act::run(&at.socket, &Request::Pause {}),
        Verb::Resume { at } => act::run(&at.socket, &Request::Resume {}),
        Verb::Renew { at } => act::run(&at.socket, &Request::Renew {}),
        Verb::Open { url, at } => act::run(&at.socket, &Request::Open { url }),
        Verb::Close { url, at } => act::run(&at.socket, &Request::Close { url }),
        Verb::SignIn { at } => act::run(&at.socket, &Request::SignIn {}),
        Verb::SignedIn { at } => act::run(&at.socket, &Request::SignedIn {}),
        Verb::Logs(options) => logs::run(&options),
        Verb::Doctor { json, file, echo } => doctor::run(&file, json, &echo),
        Verb::Screenshot { file, at } => screenshot::run(&at.socket, &file),
        Verb::Apply {
            check,
            back,
            program,
        } => apply::run(&program, check, back),
        Verb::Reset { yes, program } => reset::run(&program, yes),
        Verb::Config(ConfigVerb::Check { file }) => settings::check(&file),
        Verb::Config(ConfigVerb::Show { file }) => settings::show(&file),
        Verb::Tunnel(TunnelVerb::Enrol {
            name,
            days,
            address,
            program,
        }) => tunnel::enrol(&program, name, days, address),
        Verb::Tunnel(TunnelVerb::Keys { config, record }) => tunnel::keys(&config, &record),
        Verb::Tunnel(TunnelVerb::Revoke { id, program }) => tunnel::revoke(&program, &id),
        Verb::Notebook { out, config } => notebook::run(out.as_deref(), &config),
        Verb::Shell { run, program } => shell::run(&program, run.as_deref()),
        Verb::SshConfig {
            known_hosts,
            config,
            record,
        } => tunnel::ssh_config(known_hosts, &config, &record),
    }
}
