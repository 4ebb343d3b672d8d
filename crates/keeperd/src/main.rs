//! keeperd, the daemon of the device: start, signals, watchdog, end.
//!
//! What it does between them: `owner` knows whether there is anything to keep yet, `settings` has the
//! configuration in force, `socket` answers `keeper` and hands on a `picture` to those `people` who may
//! ask, `pages` serves the browser's pages and asks at the `desk`, `wizard` has the answers of a new
//! device's owner and hands them to keeper-apply, `dashboard` looks at the device, `network` looks for the notebooks' servers, `kiosk` watches over the browser and
//! `notebooks` over what is open in it, `entrance` over the way into a Colab machine, `notices` tells
//! the owner, `session` asks the desktop, `installation` passes on how far the browser's is. It never
//! runs as root and never changes the system: that is keeper-apply's.

mod answer;
mod clock;
mod dashboard;
mod desk;
mod entrance;
mod installation;
mod journal;
mod kiosk;
mod network;
mod notebooks;
mod notices;
mod owner;
mod pages;
mod people;
mod picture;
mod pulse;
mod session;
mod settings;
mod socket;
mod systemd;
mod whole;
mod wizard;

use anyhow::{Context as _, Result};
use camino::Utf8PathBuf;
use clap::Parser;
use entrance::Entrance;
use kiosk::Kiosk;
use network::Network;
use notebooks::Notebooks;
use notices::Notices;
use owner::Ownership;
use pages::{Knowledge, Pages};
use people::People;
use picture::Pictures;
use pulse::Pulse;
use session::Session;
use settings::Settings;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use wizard::Setup;

/// The most threads that look up names.
const LOOKUPS: usize = 4;

/// The daemon of Colab Keeper. systemd starts it; `keeper status` asks it how it is.
#[derive(Debug, Parser)]
#[command(
    version,
    args_override_self = true,
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
    /// Where to serve the pages; an address of this machine alone.
    #[arg(long, value_name = "ADDRESS", default_value = control::WEB, value_parser = pages::loopback)]
    web: SocketAddr,
    /// The browser's debugging port; an address of this machine alone.
    #[arg(long, value_name = "ADDRESS", default_value = control::BROWSER, value_parser = pages::loopback)]
    browser: SocketAddr,
    /// The file that asks for a restart of the browser.
    #[arg(long, value_name = "FILE", default_value = control::RESTART_BROWSER)]
    restart_browser: Utf8PathBuf,
    /// The file that has the browser started for a person to sign in.
    #[arg(long, value_name = "FILE", default_value = control::SIGN_IN)]
    sign_in: Utf8PathBuf,
    /// Where the desktop's session can be asked.
    #[arg(long, value_name = "PATH", default_value = control::SESSION)]
    session: Utf8PathBuf,
    /// The file by which the Colab machine is asked how it is.
    #[arg(long, value_name = "FILE", default_value = control::ASK_MACHINE)]
    ask_machine: Utf8PathBuf,
    /// The file with what it has said.
    #[arg(long, value_name = "FILE", default_value = control::MACHINE)]
    machine: Utf8PathBuf,
    /// What must survive a restart.
    #[arg(
        long,
        value_name = "FILE",
        default_value = "/var/lib/keeper/state.json"
    )]
    state: Utf8PathBuf,
    /// What was answered on the pages of the wizard and the settings.
    #[arg(
        long,
        value_name = "FILE",
        hide = true,
        default_value = "/var/lib/keeper/setup.json"
    )]
    answers: Utf8PathBuf,
    /// Where keeper-apply can be asked.
    #[arg(
        long,
        value_name = "PATH",
        hide = true,
        default_value = control::APPLY
    )]
    apply: Utf8PathBuf,
    /// The file that is there once the device has an owner.
    #[arg(
        long,
        value_name = "FILE",
        hide = true,
        default_value = control::SET_UP
    )]
    set_up: Utf8PathBuf,
    /// What was wrong with a preset.
    #[arg(
        long,
        value_name = "FILE",
        hide = true,
        default_value = control::PRESET_PROBLEMS
    )]
    preset_problems: Utf8PathBuf,
    /// For tests: where SSH keys are fetched.
    #[arg(long, value_name = "ADDRESS", hide = true, default_value = wizard::GITHUB)]
    github: String,
    /// For tests: the root of the file system, as far as it is only looked at.
    #[arg(long, value_name = "DIR", hide = true, default_value = "/")]
    system: Utf8PathBuf,
    /// For tests: one more host that signs people in.
    #[arg(long, value_name = "HOST", hide = true)]
    sign_in_host: Vec<String>,
    /// For tests: how many seconds of the notebooks' time pass in one.
    #[arg(long, value_name = "TIMES", hide = true, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    haste: u32,
    /// The directory with the files of accounts, passwd and group.
    #[arg(long, value_name = "DIR", default_value = "/etc")]
    accounts: Utf8PathBuf,
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
        .max_blocking_threads(LOOKUPS)
        .build()
        .context("starting the runtime")?;
    let tasks = tokio::task::LocalSet::new();
    let result = runtime.block_on(tasks.run_until(run(args)));
    drop(tasks);
    // A name that is still being looked up is waited for by nobody.
    runtime.shutdown_background();
    result
}

/// From start to end: returns after SIGTERM or SIGINT.
async fn run(args: Args) -> Result<()> {
    // Before anything is announced, so that no signal finds its default action.
    let mut terminate = signal(SignalKind::terminate()).context("catching SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("catching SIGINT")?;
    let mut hangup = signal(SignalKind::hangup()).context("catching SIGHUP")?;

    let settings = Arc::new(Settings::load(args.config));
    let socket = socket::Socket::bind(&args.socket)?;
    let owner = Arc::new(Ownership::new(args.set_up));
    let ways = wizard::Ways {
        answers: args.answers,
        apply: args.apply,
        problems: args.preset_problems,
        github: args.github,
        system: args.system.clone(),
    };
    let setup = Setup::new(ways, settings.clone(), owner.clone());
    let network = Arc::new(Network::new(network::Ways::default()));
    let pages = Rc::new(Pages::new(args.web));
    let kiosk = Rc::new(Kiosk::new(kiosk::Ways::new(
        args.browser,
        args.restart_browser,
    )));
    let session = Rc::new(Session::new(args.session.clone()));
    let ways = notebooks::Ways {
        browser: args.browser,
        state: args.state,
        sign_in: args.sign_in,
        hosts: args.sign_in_host,
        haste: args.haste,
    };
    let parts = notebooks::Parts {
        settings: settings.clone(),
        network: network.clone(),
        kiosk: kiosk.clone(),
        pages: pages.clone(),
        notices: Notices::new(settings.clone(), session.clone()),
        session,
    };
    let notebooks = Rc::new(Notebooks::new(ways, parts));
    let entrance = Rc::new(Entrance::new(entrance::Ways {
        sockets: "/proc/net/tcp".into(),
        passwd: args.accounts.join("passwd"),
        question: args.ask_machine,
        answer: args.machine,
    }));
    let known = Rc::new(answer::Known {
        settings: settings.clone(),
        browser: args.browser_status,
        kiosk: kiosk.clone(),
        network: network.clone(),
        notebooks: notebooks.clone(),
        entrance: entrance.clone(),
        owner: owner.clone(),
        pages: pages.clone(),
        since: Instant::now(),
    });
    let (desk, questions) = desk::desk();
    let knowledge = Knowledge {
        settings: settings.clone(),
        network: network.clone(),
        desk,
        setup: setup.clone(),
        system: args.system,
    };
    let people = People::new(args.accounts);
    let pictures = Pictures::new(args.session, picture::Limits::default());
    let reloaded = Notify::new();
    let pulses = [
        Pulse::new("the pages' server", Duration::from_secs(90)),
        Pulse::new("the watch over the browser", Duration::from_secs(120)),
        Pulse::new("the look at the network", Duration::from_secs(240)),
        Pulse::new("the watch over the notebooks", Duration::from_secs(120)),
        Pulse::new("the watch over the entrance", Duration::from_secs(120)),
        Pulse::new("the watch over the answers", Duration::from_secs(150)),
    ];
    let mut answering = std::pin::pin!(socket.serve(people, known.clone(), pictures));
    let mut asked = std::pin::pin!(questions.serve(known));
    let mut serving = std::pin::pin!(pages.serve(knowledge, || pulses[0].beat()));
    let mut watching = std::pin::pin!(async {
        if owner.set_up(|| pulses[1].beat()).await {
            kiosk.expect();
        }
        kiosk.watch(|| pulses[1].beat()).await
    });
    let mut looking = std::pin::pin!(network.watch(&settings, &reloaded, || pulses[2].beat()));
    let mut keeping = std::pin::pin!(async {
        owner.set_up(|| pulses[3].beat()).await;
        notebooks.keep(|| pulses[3].beat()).await
    });
    let mut guarding = std::pin::pin!(entrance.watch(&settings, || pulses[4].beat()));
    let mut forgetting = std::pin::pin!(setup.watch(|| pulses[5].beat()));
    let mut watchdog = systemd::Watchdog::new();
    systemd::ready(&settings.summary());

    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hangup.recv() => {
                reload(&settings, &reloaded);
                notebooks.reloaded();
                entrance.reloaded();
            }
            () = watchdog.due() => feed(&pulses),
            never = &mut answering => match never {},
            never = &mut asked => match never {},
            never = &mut serving => match never {},
            never = &mut watching => match never {},
            never = &mut looking => match never {},
            never = &mut keeping => match never {},
            never = &mut guarding => match never {},
            never = &mut forgetting => match never {},
        }
    }
    systemd::stopping();
    notebooks.save();
    journal::info(format_args!("ending"));
    Ok(())
}

fn reload(settings: &Settings, reloaded: &Notify) {
    systemd::reloading();
    settings.reload();
    reloaded.notify_one();
    systemd::ready(&settings.summary());
}

/// Tells systemd that all is well, if it is: a daemon of which a part hangs is to be restarted.
fn feed(pulses: &[Pulse]) {
    let hung: Vec<String> = pulses.iter().filter_map(Pulse::hung).collect();
    if hung.is_empty() {
        systemd::alive();
    } else {
        journal::error(format_args!(
            "{}; waiting for systemd's watchdog",
            hung.join(", ")
        ));
    }
}
