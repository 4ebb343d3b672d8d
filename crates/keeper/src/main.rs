//! `keeper`, the command line of the device: from verb to function, and how errors are shown.
//!
//! stdout is data, stderr is talk. Exit codes: 0 done, 1 failed, 2 wrong usage.

mod apply;
mod cli;
mod client;
mod settings;
mod status;

use clap::Parser as _;
use cli::{Cli, ConfigVerb, Verb};
use std::process::ExitCode;

fn main() -> ExitCode {
    let result = match Cli::parse().verb {
        Verb::Apply {
            check,
            back,
            program,
        } => apply::run(&program, check, back),
        Verb::Status { json, socket } => status::show(&socket, json),
        Verb::Config(ConfigVerb::Check { file }) => settings::check(&file),
        Verb::Config(ConfigVerb::Show { file }) => settings::show(&file),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            if let Some(hint) = hint(&error) {
                eprintln!("hint: {hint}");
            }
            ExitCode::FAILURE
        }
    }
}

/// What to type next, for the errors that know.
fn hint(error: &anyhow::Error) -> Option<String> {
    let client = error
        .downcast_ref::<client::Error>()
        .and_then(client::Error::hint);
    let settings = || {
        error
            .downcast_ref::<settings::Refused>()
            .map(settings::Refused::hint)
    };
    let apply = || error.downcast_ref::<apply::Error>().map(apply::Error::hint);
    client.map(str::to_owned).or_else(settings).or_else(apply)
}
