//! Verbs, options and help texts of `keeper-apply`. No behaviour.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand};
use config::{Address, Text as _};

/// Puts keeper.toml in force. People type `sudo keeper apply`; this is what it runs.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:
  sudo keeper-apply check    what would change?
  sudo keeper-apply apply    put /etc/keeper/keeper.toml in force
  sudo keeper-apply back     put in force again what was before
  keeper-apply show          what is in force?

`keeper tunnel` runs enrol and revoke; `keeper reset` asks for the device's name, and runs reset."
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

#[derive(Debug, Clone, Subcommand)]
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
    /// Enrols a Colab machine, and prints the one line to paste there.
    #[command(after_help = "Example:
  sudo keeper-apply enrol --name gpu --days 7")]
    Enrol {
        /// What to call it.
        #[arg(long, default_value = "colab", value_parser = name)]
        name: String,
        /// Days until it ends [default: tunnel.days of keeper.toml].
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..=365))]
        days: Option<u16>,
        /// Where the device is reached from the internet [default: tunnel.address or ddns.name of keeper.toml].
        #[arg(long, value_parser = address)]
        address: Option<String>,
    },
    /// Revokes an enrolment and ends its connection.
    #[command(after_help = "Example:
  sudo keeper-apply revoke 1f2e3d4c")]
    Revoke {
        /// Which, as `keeper tunnel keys` lists it; its beginning is enough.
        id: String,
    },
    /// Removes people, settings, secrets and all that programs have kept, and starts the device as a new one.
    #[command(after_help = "Examples:
  sudo keeper-apply reset --name colab-keeper
  sudo keeper-apply reset --yes")]
    Reset {
        /// Whatever the device is called.
        #[arg(long)]
        yes: bool,
        /// The device's name, as a person has typed it who means it.
        #[arg(long, conflicts_with = "yes", required_unless_present = "yes")]
        name: Option<String>,
    },
    /// At each start of the device: what a preset asks for, or the setup code. Run by keeper-first-boot.service.
    #[command(hide = true)]
    FirstBoot(Card),
    /// Shows how the device is reached, wherever it is not shown yet. Run by keeper-notice.service.
    #[command(hide = true)]
    Notice(Card),
    /// Ends the wizard's session. Run a moment after the device has been set up.
    #[command(hide = true)]
    EndSetup(Card),
    /// Serves one connection of keeperd's: stdin. Run by keeper-ask@.service.
    #[command(hide = true)]
    Answer,
    /// Takes back a network that nobody has confirmed. Run by a timer that a change has set.
    #[command(hide = true)]
    NetworkBack,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Card {
    /// Where the boot partition is mounted [default: /boot/firmware or /boot].
    #[arg(long, value_name = "DIR")]
    pub(crate) boot_dir: Option<Utf8PathBuf>,
}

fn name(text: &str) -> Result<String, String> {
    if tunnel::is_name(text) {
        return Ok(text.to_owned());
    }
    Err("expected up to 32 letters, digits, dots, hyphens and underscores".to_owned())
}

fn address(text: &str) -> Result<String, String> {
    match Address::parse(text) {
        Ok(address) => Ok(address.as_str().to_owned()),
        Err(reason) => {
            Err(reason.map_or_else(|| format!("expected {}", Address::expects()), str::to_owned))
        }
    }
}
