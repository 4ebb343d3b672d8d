//! The front door: `cargo xtask <verb>`. Each verb has a file of its own and is thin over a crate.

mod bench;
mod boot;
mod check;
mod cli;
mod device;
mod doctor;
mod generate;
mod image;
mod inspect;
mod repository;
mod setup;
mod test;
mod toolbox;

use std::ffi::OsString;
use std::process::ExitCode;

use ::image::hint::{chain_of, hint_of};
use ::image::sandbox::{self, Start};
use anyhow::Result;
use clap::Parser;

use cli::{Cli, Verb};

fn main() -> ExitCode {
    match sandbox::start() {
        Ok(Start::Done(code)) => code,
        Ok(Start::Verb(args)) => run(args).unwrap_or_else(|error| fail(&error)),
        Err(error) => fail(&error),
    }
}

fn run(args: Vec<OsString>) -> Result<ExitCode> {
    let cli = Cli::parse_from(&args);
    match cli.verb {
        Verb::Image(options) => image::run(&options, &args[1..]),
        Verb::Boot(options) => boot::run(&options, &args[1..]),
        Verb::Inspect(options) => inspect::run(&options, &args[1..]),
        Verb::Doctor(options) => doctor::run(&options),
        Verb::Check(options) => check::run(&options, &args[1..]),
        Verb::Test(options) => test::run(&options),
        Verb::Gen(options) => generate::run(&options),
        Verb::Bench(options) => bench::run(&options, &args[1..]),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    let lines = chain_of(error);
    eprintln!("error: {}", lines.join("\n  because: "));
    // A full disk shows itself in many programs' words, wherever it is met.
    let full = lines
        .iter()
        .any(|line| line.contains("No space left on device"));
    let room = "make room where the first line says; `cargo xtask doctor` shows what is needed";
    if let Some(hint) = full.then_some(room).or_else(|| hint_of(error)) {
        eprintln!("hint: {hint}");
    }
    ExitCode::FAILURE
}
