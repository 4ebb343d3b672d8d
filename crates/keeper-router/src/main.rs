//! `keeper-router`: has the router lead a port to this device's sshd for as long as it runs.
//!
//! It runs as a user of its own that may do nothing else. stderr is the journal.

use anyhow::{Context as _, Result};
use camino::Utf8PathBuf;
use clap::Parser;
use keeper_router::{Settings, Ways, run};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::num::NonZeroU16;
use std::process::ExitCode;
use std::sync::mpsc::channel;

/// Has the router lead a port to this device's sshd, until SIGTERM.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Example:
  keeper-router --map --port 10022"
)]
struct Cli {
    /// Open the port; without it, nothing is asked of anybody.
    #[arg(long, env = "KEEPER_ROUTER_MAP", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0, default_missing_value = "true")]
    map: bool,
    /// The router's port.
    #[arg(long, value_name = "PORT", env = "KEEPER_ROUTER_PORT")]
    port: NonZeroU16,
    /// Where to say how it is.
    #[arg(long, value_name = "PATH", default_value = "/run/keeper-router/status")]
    status: Utf8PathBuf,
    /// What the router knows this device by.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "/var/lib/keeper-router/nonce"
    )]
    nonce: Utf8PathBuf,
}

fn main() -> ExitCode {
    match start(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT]).context("catching SIGTERM")?;
    let (stop, stopped) = channel();
    std::thread::spawn(move || {
        for _ in signals.forever() {
            // It may have ended already.
            let _ = stop.send(());
        }
    });
    let settings = Settings {
        map: cli.map,
        port: cli.port.get(),
        status: cli.status,
        nonce: cli.nonce,
        routes: "/proc/net/route".into(),
        ways: Ways::default(),
    };
    run(&settings, &stopped)
}
