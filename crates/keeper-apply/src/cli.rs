//! Verbs, options and help texts of `keeper-apply`. No behaviour.

use camino::Utf8PathBuf;
use clap::{Parser, Subcommand};

/// Puts keeper.toml in force. People type `sudo keeper apply`; this is what it runs.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:
  sudo keeper-apply check    what would change?
  sudo keeper-apply apply    put /etc/keeper/keeper.toml in force
  sudo keeper-apply back     put in force again what was before
  keeper-apply show          what is in force?"
)]
pub(crate) struct Cli {
    /// Work below DIR and touch no service.
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) root: Option<Utf8PathBuf>,
    /// Read FILE [default: /etc/keeper/keeper.toml].
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<Utf8PathBuf>,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Verb {
    /// Puts the configuration in force and tells the services that it concerns.
    #[command(after_help = "Examples:
  sudo keeper-apply apply
  keeper-apply --root /mnt apply    on a card from another device")]
    Apply {
        /// The services start after this: tell only those that run before.
        #[arg(long)]
        boot: bool,
    },
    /// Puts in force again what was before, until the next `apply` or start of the device.
    #[command(after_help = "Example:
  sudo keeper-apply back")]
    Back,
    /// Prints what is in force, its files, and what was before.
    #[command(after_help = "Example:
  keeper-apply show")]
    Show,
    /// Checks the configuration with the programs that read it, and prints the files that would
    /// change.
    #[command(after_help = "Examples:
  sudo keeper-apply check
  sudo keeper-apply --config ./keeper.toml check")]
    Check,
}
