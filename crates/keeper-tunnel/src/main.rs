//! `keeper-tunnel`: asks the Colab machine that has dialled in how it is, once, and writes that down.
//!
//! It runs as keeper-shell, the only account with a key to the machine, when keeperd has asked for it
//! (`control::ASK_MACHINE`). What is asked is fixed; what comes back is a stranger's, and so is bounded
//! in length and time. stderr is the journal.

mod ask;
mod judge;

use anyhow::{Context as _, Result};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Parser;
use cmd::Cmd;
use control::{Answer, Question};
use fs_err as fs;
use std::io::Read as _;
use std::process::ExitCode;
use std::time::Duration;

/// How long all of it may take.
const LIMIT: Duration = Duration::from_secs(45);

/// Asks the Colab machine how it is.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Example:
  keeper-tunnel --question /run/keeper/ask-machine --answer /run/keeper-tunnel/machine"
)]
struct Cli {
    /// What keeperd has written.
    #[arg(long, value_name = "FILE", default_value = control::ASK_MACHINE)]
    question: Utf8PathBuf,
    /// Where to write what was found.
    #[arg(long, value_name = "FILE", default_value = control::MACHINE)]
    answer: Utf8PathBuf,
    /// ssh's settings, which know the host `colab-vm`.
    #[arg(
        long,
        value_name = "FILE",
        default_value = "/etc/keeper/applied/vm_ssh_config"
    )]
    ssh_config: Utf8PathBuf,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    let Question { number } = question(&cli.question)?;
    let ssh = Cmd::new("ssh").args(["-F", cli.ssh_config.as_str()]);
    let machine = ask::ask(ssh, LIMIT);
    let line = control::to_line(&Answer { number, machine })?;
    // By rename, so that nobody reads half a line.
    let new = cli.answer.with_extension("new");
    fs::write(&new, line)?;
    Ok(fs::rename(&new, &cli.answer)?)
}

fn question(path: &Utf8Path) -> Result<Question> {
    let mut line = Vec::new();
    let file = fs::File::open(path)?;
    file.take(control::MAX_MACHINE).read_to_end(&mut line)?;
    control::from_line(&line).with_context(|| format!("reading {path}"))
}
