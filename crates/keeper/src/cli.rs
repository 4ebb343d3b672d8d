//! Verbs, options and help texts of `keeper`. No behaviour.

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
  keeper config check FILE    is this one?"
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
