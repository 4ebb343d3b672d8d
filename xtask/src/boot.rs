//! `cargo xtask boot`: an image in QEMU, for a person to use or for the check to judge.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use ::image::progress::Progress;
use ::image::{log, sandbox, tools};
use anyhow::{Context, Result};
use vm::{Console, Options, Session, check, second_boot};

use crate::cli::BootOptions;
use crate::setup::{self, Needs};
use crate::{inspect, repository, toolbox};

/// How long a guest may take to stop by itself.
const POWER_OFF: Duration = Duration::from_secs(120);

/// Runs the verb, in the outer step and again in the inner one.
///
/// # Errors
/// The image does not start, or the check finds something wrong with it.
pub fn run(options: &BootOptions, args: &[OsString]) -> Result<ExitCode> {
    let progress = Progress::new(options.common.quiet);
    let image = match &options.image {
        Some(image) => image.clone(),
        None => inspect::newest(&repository::root().join("dist"))?,
    };
    let attempt = || {
        if sandbox::inside() {
            return inside(&image, options, &progress).map(|()| ExitCode::SUCCESS);
        }
        setup::ensure(Needs::Sandbox, &options.common, &progress)?;
        let log = log::start(
            &repository::cache(&options.common)?,
            "boot",
            options.common.verbose,
        )?;
        sandbox::enter(args, &[(log::FILE, log.into_os_string())])
    };
    attempt().with_context(|| format!("booting {}", image.display()))
}

fn inside(image: &Path, options: &BootOptions, progress: &Progress) -> Result<()> {
    log::go_on(options.common.verbose)?;
    let cache = repository::cache(&options.common)?;
    let tools = toolbox::acquire(tools::VM, &options.common, progress)?;
    let mut wanted = Options::new(image, &cache, &cache.join("log/console.log"));
    wanted.card = options.card << 30;
    wanted.memory_mib = options.memory;
    if !options.check && !options.measure {
        wanted.console = Console::Stdio;
    }
    let session = Session::prepare(&wanted, &tools, progress)?;
    if options.dry_run {
        println!("{}", session.machine);
        return Ok(());
    }
    if options.measure {
        let seconds = second_boot::measure(&session, &tools, progress)?;
        println!(
            "rdp {:.1}\nbare-prompt {:.1}",
            seconds.rdp, seconds.bare_prompt
        );
        return Ok(());
    }
    if !options.check {
        return vm::boot(session.machine, session.ports, &tools);
    }
    let (report, running) = check::run_check(
        session.machine,
        session.ports,
        session.run.dir(),
        check::LIMIT,
        &tools,
        progress,
    )?;
    for check in &report.checks {
        println!("{check}");
    }
    for note in &report.notes {
        progress.note(&format!("note: {note}"));
    }
    let step = progress.step("powering off");
    running.power_off(POWER_OFF)?;
    step.done("");
    report.verdict()?;
    progress.note(&format!(
        "well: {} checks, up after {:.0} s",
        report.checks.len(),
        report.boot_seconds
    ));
    Ok(())
}
