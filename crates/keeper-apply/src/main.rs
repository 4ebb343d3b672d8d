//! keeper-apply, the only part of the device that is made to run as root.
//!
//! Here it only validates, with root's own eyes and without trusting whoever hands it the file. It
//! changes nothing, and has no verb that would pretend to.

use anyhow::{Context as _, Result, anyhow};
use camino::Utf8PathBuf;
use clap::Parser;
use std::io::Write as _;
use std::process::ExitCode;

/// The part of Colab Keeper that may change the system. It can check a configuration; it applies
/// nothing.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:
  keeper-apply --check
  keeper-apply --check ./keeper.toml"
)]
struct Args {
    /// Validate FILE [default: /etc/keeper/keeper.toml].
    #[arg(long, value_name = "FILE", required = true, num_args = 0..=1, default_missing_value = config::DEFAULT_PATH)]
    check: Utf8PathBuf,
}

fn main() -> ExitCode {
    match check(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            eprintln!("hint: `keeper config check` tells the same without root");
            ExitCode::FAILURE
        }
    }
}

fn check(args: &Args) -> Result<()> {
    let file = &args.check;
    config::load(file).map_err(|problems| anyhow!("the configuration is refused\n{problems}"))?;
    writeln!(std::io::stdout(), "{file}: ok").context("writing to stdout")
}
