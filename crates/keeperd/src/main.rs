//! keeperd, the daemon of the device: start, signals, watchdog, end.
//!
//! What it does between them is in `settings` (the configuration in force), `browser` (how far its
//! installation is) and `socket` (who asks, and what is answered). It never runs as root and never changes the system: that is
//! keeper-apply's.

mod answer;
mod browser;
mod journal;
mod settings;
mod socket;
mod systemd;

use anyhow::{Context as _, Result};
use camino::Utf8PathBuf;
use clap::Parser;
use settings::Settings;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Instant;
use tokio::signal::unix::{SignalKind, signal};

/// The daemon of Colab Keeper. systemd starts it; `keeper status` asks it how it is.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Signals: SIGHUP reads the configuration again, SIGTERM ends it."
)]
struct Args {
    /// The configuration.
    #[arg(long, value_name = "FILE", default_value = config::DEFAULT_PATH)]
    config: Utf8PathBuf,
    /// Where to listen.
    #[arg(long, value_name = "PATH", default_value = control::SOCKET)]
    socket: Utf8PathBuf,
    /// Where the browser's installation says how far it is.
    #[arg(long, value_name = "FILE", default_value = control::BROWSER_STATUS)]
    browser_status: Utf8PathBuf,
}

fn main() -> ExitCode {
    match start(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            journal::error(format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn start(args: Args) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?;
    let tasks = tokio::task::LocalSet::new();
    runtime.block_on(tasks.run_until(run(args)))
}

/// From start to end: returns after SIGTERM or SIGINT.
async fn run(args: Args) -> Result<()> {
    // Before anything is announced, so that no signal finds its default action.
    let mut terminate = signal(SignalKind::terminate()).context("catching SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("catching SIGINT")?;
    let mut hangup = signal(SignalKind::hangup()).context("catching SIGHUP")?;

    let settings = Rc::new(Settings::load(args.config));
    let socket = socket::Socket::bind(&args.socket)?;
    let known = answer::Known {
        settings: settings.clone(),
        browser: args.browser_status,
        since: Instant::now(),
    };
    let mut serving = std::pin::pin!(socket.serve(known));
    let mut watchdog = systemd::Watchdog::new();
    systemd::ready(&settings.summary());

    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hangup.recv() => reload(&settings),
            () = watchdog.due() => systemd::alive(),
            never = &mut serving => match never {},
        }
    }
    systemd::stopping();
    journal::info(format_args!("ending"));
    Ok(())
}

fn reload(settings: &Settings) {
    systemd::reloading();
    settings.reload();
    systemd::ready(&settings.summary());
}
