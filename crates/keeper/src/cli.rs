//! Verbs, options and help texts of `keeper`. No behaviour.

use crate::apply;
use camino::Utf8PathBuf;
use clap::{Parser, Subcommand};

/// Looks after Colab Keeper on this device.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:
  keeper status               how is it?
  keeper status --json        the same for scripts
  keeper config check         is /etc/keeper/keeper.toml right?
  keeper config check FILE    is this one?
  sudo keeper apply           put /etc/keeper/keeper.toml in force"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Shows what keeperd is doing; fails when it does not answer.
    #[command(after_help = "Examples:
  keeper status
  keeper status --json | jq -r .state")]
    Status {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Where keeperd listens.
        #[arg(long, value_name = "PATH", default_value = control::SOCKET)]
        socket: Utf8PathBuf,
    },
    /// Puts the configuration in force, or takes it back.
    #[command(after_help = "Examples:
  sudo keeper apply           put /etc/keeper/keeper.toml in force
  sudo keeper apply --check   which files would change?
  sudo keeper apply --back    put in force again what was before")]
    Apply {
        /// Change nothing; check the configuration and print the files that would change.
        #[arg(long)]
        check: bool,
        /// Put in force again what was before.
        #[arg(long, conflicts_with = "check")]
        back: bool,
        /// The program that does it.
        #[arg(long, value_name = "PATH", default_value = apply::PROGRAM, hide = true)]
        program: Utf8PathBuf,
    },
    /// Checks or shows the configuration.
    #[command(subcommand)]
    Config(ConfigVerb),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigVerb {
    /// Checks a configuration and lists everything that is wrong with it.
    #[command(after_help = "Examples:
  keeper config check
  keeper config check ./keeper.toml && sudo install -o root -g keeperd -m 640 ./keeper.toml /etc/keeper/")]
    Check {
        /// The file to check.
        #[arg(default_value = config::DEFAULT_PATH)]
        file: Utf8PathBuf,
    },
    /// Prints a configuration with every default filled in.
    #[command(after_help = "Example:
  keeper config show | grep reload_minutes")]
    Show {
        /// The file to read.
        #[arg(default_value = config::DEFAULT_PATH)]
        file: Utf8PathBuf,
    },
}
