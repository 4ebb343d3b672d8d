//! Verbs, options and help texts of `keeper`. No behaviour. Each text has its Japanese in `words`.

use crate::{apply, doctor, logs, shell};
use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand};
use config::{NotebookUrl, Text as _};
use std::num::{NonZeroU32, NonZeroUsize};

/// Looks after Colab Keeper on this device.
#[derive(Debug, Parser)]
#[command(
    name = "keeper",
    version,
    after_help = "Examples:
  keeper status               how is it?
  keeper status --watch       the same, until Ctrl-C
  keeper reload               reload all notebooks now
  keeper renew                keep them for another keep_hours
  keeper screenshot a.png     what does the desktop show?
  keeper doctor               can the Colab machine come in?
  keeper config check         is /etc/keeper/keeper.toml right?
  sudo keeper apply           put /etc/keeper/keeper.toml in force
  keeper shell                a shell on the Colab machine

Root, the desktop and members of the group keeper-people may ask keeperd.

Exit status:
  0  done
  1  failed; the reason is on stderr
  2  wrong usage"
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
  keeper status --watch
  keeper status --json | jq -r .state
  keeper status --json --watch | jq --unbuffered -r .reason")]
    Status {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Look again every 2 seconds, until Ctrl-C.
        #[arg(long, short)]
        watch: bool,
        #[command(flatten)]
        at: At,
    },
    /// Reloads one notebook now, or all of them.
    #[command(after_help = "Examples:
  keeper reload       all notebooks
  keeper reload 2     the second one")]
    Reload {
        /// Its number in `keeper status`; without it, all.
        #[arg(value_name = "NUMBER")]
        number: Option<NonZeroUsize>,
        #[command(flatten)]
        at: At,
    },
    /// Reloads nothing more until `keeper resume`.
    #[command(after_help = "Example:
  keeper pause")]
    Pause {
        #[command(flatten)]
        at: At,
    },
    /// Ends a pause.
    #[command(after_help = "Example:
  keeper resume")]
    Resume {
        #[command(flatten)]
        at: At,
    },
    /// Keeps the notebooks for another keep_hours from now on.
    #[command(after_help = "Example:
  keeper renew && keeper status")]
    Renew {
        #[command(flatten)]
        at: At,
    },
    /// Keeps one more notebook open, until it is closed.
    #[command(after_help = "Example:
  keeper open 'https://colab.research.google.com/drive/…'

Notebooks for every day belong into /etc/keeper/keeper.toml.")]
    Open {
        /// The notebook's address.
        #[arg(value_parser = address)]
        url: String,
        #[command(flatten)]
        at: At,
    },
    /// Keeps a notebook no longer that `keeper open` has opened.
    #[command(after_help = "Example:
  keeper close 'https://colab.research.google.com/drive/…'")]
    Close {
        /// The notebook's address, as it was opened.
        url: String,
        #[command(flatten)]
        at: At,
    },
    /// Starts the browser plainly, for a person to sign in.
    #[command(after_help = "Example:
  keeper sign-in       then sign in on the desktop
  keeper signed-in     back to keeping")]
    SignIn {
        #[command(flatten)]
        at: At,
    },
    /// Ends what `keeper sign-in` has begun.
    #[command(after_help = "Example:
  keeper signed-in")]
    SignedIn {
        #[command(flatten)]
        at: At,
    },
    /// Shows the journal of keeperd, of the desktop and of the browser.
    #[command(after_help = "Examples:
  keeper logs -n 50
  keeper logs -f
  keeper logs --since '1 hour ago'

Only root and members of the groups adm and systemd-journal can read the journal.")]
    Logs(LogOptions),
    /// Looks at the way from the internet to the Colab machine, and says what to mend.
    #[command(after_help = "Examples:
  keeper doctor
  keeper doctor --json | jq -r '.[] | select(.verdict == \"failed\") | .step'

Every step is ok, failed or not tested. One that failed makes the exit status 1.
It asks api.ipify.org for the address that the internet sees.")]
    Doctor {
        /// Print JSON, in English.
        #[arg(long = "json", id = "english_json")]
        json: bool,
        /// The configuration.
        #[arg(long = "config", value_name = "FILE", default_value = config::DEFAULT_PATH, hide = true)]
        file: Utf8PathBuf,
        /// Who tells the address.
        #[arg(long, value_name = "URL", default_value = doctor::ECHO, hide = true)]
        echo: String,
    },
    /// Takes a picture of the desktop.
    #[command(after_help = "Examples:
  keeper screenshot desktop.png
  ssh pi keeper screenshot - > desktop.png")]
    Screenshot {
        /// Where to; a PNG. - is stdout.
        file: Utf8PathBuf,
        #[command(flatten)]
        at: At,
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
    /// Makes this device new again: removes people, settings and secrets, and restarts it.
    #[command(after_help = "Examples:
  sudo keeper reset         asks for the device's name first
  sudo keeper reset --yes

Without SSH: put an empty file keeper-reset.txt on the boot partition and start the device.")]
    Reset {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
        /// The program that does it.
        #[arg(long, value_name = "PATH", default_value = apply::PROGRAM, hide = true)]
        program: Utf8PathBuf,
    },
    /// Checks or shows the configuration.
    #[command(subcommand)]
    Config(ConfigVerb),
    /// Enrols Colab machines, lists them, revokes them.
    #[command(subcommand)]
    Tunnel(TunnelVerb),
    /// Writes the notebook that has a Colab machine dial in. There is no secret in it.
    #[command(after_help = "Examples:
  keeper notebook --out keeper.ipynb
  ssh pi keeper notebook > keeper.ipynb     then open it in Colab")]
    Notebook {
        /// Where to [default: stdout].
        #[arg(long, value_name = "FILE")]
        out: Option<Utf8PathBuf>,
        /// The configuration that says which machine to ask for.
        #[arg(long, value_name = "FILE", default_value = config::DEFAULT_PATH)]
        config: Utf8PathBuf,
    },
    /// Enters the Colab machine: one session for all, which waits for it and joins it again.
    #[command(after_help = "Examples:
  keeper shell                        F12 leaves; what runs there runs on
  keeper shell --run nvidia-smi
  keeper shell --run 'tar c out' > out.tar")]
    Shell {
        /// Run a command there instead, with our stdin and stdout; ends as it ends.
        #[arg(long, value_name = "COMMAND")]
        run: Option<String>,
        /// The program that does it.
        #[arg(long, value_name = "PATH", default_value = shell::PROGRAM, hide = true)]
        program: Utf8PathBuf,
    },
    /// Prints what a laptop's ~/.ssh/config needs to reach the Colab machine through this device.
    #[command(after_help = "Examples:
  ssh pi keeper ssh-config >> ~/.ssh/config
  ssh pi keeper ssh-config --known-hosts > ~/.ssh/known_hosts_colab
  ssh colab
  rsync -a data colab:")]
    SshConfig {
        /// Print the keys by which it knows the machines instead.
        #[arg(long)]
        known_hosts: bool,
        /// The configuration that says where this device is reached.
        #[arg(long, value_name = "FILE", default_value = config::DEFAULT_PATH)]
        config: Utf8PathBuf,
        /// The enrolled machines.
        #[arg(long, value_name = "FILE", default_value = crate::tunnel::RECORD, hide = true)]
        record: Utf8PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TunnelVerb {
    /// Enrols a Colab machine, and prints the one line to paste there. It is a secret.
    #[command(after_help = "Examples:
  sudo keeper tunnel enrol
  sudo keeper tunnel enrol --name gpu --days 7")]
    Enrol {
        /// What to call it [default: colab].
        #[arg(long)]
        name: Option<String>,
        /// Days until it ends [default: tunnel.days of keeper.toml].
        #[arg(long)]
        days: Option<u16>,
        /// Where this device is reached from the internet [default: tunnel.address or ddns.name of keeper.toml].
        #[arg(long)]
        address: Option<String>,
        /// The program that does it.
        #[arg(long, value_name = "PATH", default_value = apply::PROGRAM, hide = true)]
        program: Utf8PathBuf,
    },
    /// Lists the enrolled machines.
    #[command(after_help = "Example:
  keeper tunnel keys")]
    Keys {
        /// The configuration.
        #[arg(long, value_name = "FILE", default_value = config::DEFAULT_PATH, hide = true)]
        config: Utf8PathBuf,
        /// The enrolled machines.
        #[arg(long, value_name = "FILE", default_value = crate::tunnel::RECORD, hide = true)]
        record: Utf8PathBuf,
    },
    /// Revokes an enrolment and ends its connection.
    #[command(after_help = "Example:
  sudo keeper tunnel revoke 1f2e3d4c")]
    Revoke {
        /// Which, as `keeper tunnel keys` lists it; its beginning is enough.
        id: String,
        /// The program that does it.
        #[arg(long, value_name = "PATH", default_value = apply::PROGRAM, hide = true)]
        program: Utf8PathBuf,
    },
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

/// Where keeperd is.
#[derive(Debug, Args)]
pub(crate) struct At {
    /// Where keeperd listens.
    #[arg(long, value_name = "PATH", default_value = control::SOCKET)]
    pub(crate) socket: Utf8PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct LogOptions {
    /// Only the last lines.
    #[arg(long, short = 'n', value_name = "COUNT")]
    pub(crate) lines: Option<NonZeroU32>,
    /// Go on with new lines as they come, until Ctrl-C.
    #[arg(long, short)]
    pub(crate) follow: bool,
    /// Only from this time on, as journalctl understands it.
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// The program that shows them.
    #[arg(long, value_name = "PATH", default_value = logs::PROGRAM, hide = true)]
    pub(crate) program: Utf8PathBuf,
    /// Where the journal is.
    #[arg(long, value_name = "DIR", default_values = logs::JOURNALS, hide = true)]
    pub(crate) journal: Vec<Utf8PathBuf>,
}

/// What keeper.toml accepts as a notebook too.
fn address(text: &str) -> Result<String, String> {
    match NotebookUrl::parse(text) {
        Ok(url) => Ok(url.as_str().to_owned()),
        Err(None) => Err(format!("expected {}", NotebookUrl::expects())),
        Err(Some(reason)) => Err(reason.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_address_is_checked_as_in_keeper_toml() {
        assert_eq!(
            address("https://a.example/x"),
            Ok("https://a.example/x".into())
        );
        for (text, reason) in [
            ("ftp://a/", "expected an http:// or https:// address"),
            ("https://me:pw@a/", "it holds a user name or password"),
        ] {
            assert_eq!(address(text), Err(reason.into()), "{text}");
        }
    }
}
