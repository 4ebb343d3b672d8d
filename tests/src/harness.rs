//! The tests' own main: libtest-mimic, and ways to run a script or a test as root of a sandbox.

use std::ffi::OsString;
use std::process::{Command, ExitCode, Output};

use image::sandbox::{self, Start};
use libtest_mimic::{Arguments, Failed, Trial};

use crate::vendor;

/// How a [`trial_in_sandbox`] is started again.
const TRIAL: &str = "@trial";

/// Runs tests, or what [`in_sandbox`], a [`trial_in_sandbox`] or [`vendor::twin`] started this
/// program for.
pub fn main(trials: impl FnOnce() -> Vec<Trial>) -> ExitCode {
    // The tests time nothing, but they share two cores with what they start.
    main_with(2, trials)
}

/// As [`main`], so many side by side unless the command line says otherwise.
pub fn main_with(threads: usize, trials: impl FnOnce() -> Vec<Trial>) -> ExitCode {
    let args = match sandbox::start() {
        Ok(Start::Done(code)) => return code,
        Ok(Start::Verb(args)) => args,
        Err(error) => {
            eprintln!("{error:#}");
            return ExitCode::FAILURE;
        }
    };
    match args.get(1).and_then(|arg| arg.to_str()) {
        Some("@script") if sandbox::inside() => run_script(&args[2]),
        Some(TRIAL) if sandbox::inside() => {
            let name = args[2].to_string_lossy();
            let arguments = Arguments::from_iter(["", &name, "--exact", "--test-threads=1"]);
            libtest_mimic::run(&arguments, trials()).exit_code()
        }
        Some(vendor::STEP) if sandbox::inside() => vendor::step(),
        Some("@script" | TRIAL | vendor::STEP) => enter(&args[1..]),
        _ => {
            let mut arguments = Arguments::from_args();
            arguments.test_threads.get_or_insert(threads);
            libtest_mimic::run(&arguments, trials()).exit_code()
        }
    }
}

/// As [`main`], with all tests one after the other in one process that is root of new namespaces: they
/// share what they start in it, and when it ends, all of that is gone.
pub fn main_in_sandbox(trials: impl FnOnce() -> Vec<Trial>) -> ExitCode {
    match sandbox::start() {
        Ok(Start::Done(code)) => code,
        Ok(Start::Verb(args)) if sandbox::inside() => {
            let mut arguments = Arguments::from_iter(args);
            arguments.test_threads = Some(1);
            libtest_mimic::run(&arguments, trials()).exit_code()
        }
        Ok(Start::Verb(args)) => enter(&args[1..]),
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn enter(args: &[OsString]) -> ExitCode {
    sandbox::enter(args, &[]).unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::FAILURE
    })
}

/// Runs a shell script as root of new namespaces: it can mount and change kernel settings, and
/// nothing of that is seen outside.
pub fn in_sandbox(script: &str, environment: &[(&str, OsString)]) -> Output {
    again(&["@script", script], environment)
}

#[allow(clippy::disallowed_methods, reason = "the output is looked at whole")]
fn again(args: &[&str], environment: &[(&str, OsString)]) -> Output {
    let program = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new(program);
    command.args(args).envs(environment.iter().cloned());
    command.output().expect("this program starts again")
}

#[allow(clippy::disallowed_methods, reason = "exec")]
fn run_script(script: &OsString) -> ExitCode {
    use std::os::unix::process::CommandExt;
    // What the script starts is an outer step of its own.
    let error = Command::new("sh")
        .arg("-euc")
        .arg(script)
        .env_remove("COLAB_KEEPER_SANDBOX")
        .exec();
    eprintln!("{error}");
    ExitCode::FAILURE
}

/// A test from a function that panics when it fails.
pub fn trial(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || run(test))
}

/// As [`trial`], run as root of new namespaces in a process of its own: it may mount, and use the
/// builder's tools ([`crate::tools()`]). All of that is gone when it ends.
pub fn trial_in_sandbox(name: &str, test: fn()) -> Trial {
    let own_name = name.to_owned();
    Trial::test(name, move || {
        if sandbox::inside() {
            return run(test);
        }
        let output = again(&[TRIAL, &own_name], &[]);
        if output.status.success() {
            return Ok(());
        }
        let said = [output.stdout, output.stderr].concat();
        Err(Failed::from(String::from_utf8_lossy(&said).into_owned()))
    })
}

/// Plays a test that panics when it fails.
///
/// # Errors
/// What it panicked with.
pub fn run(test: impl FnOnce() + std::panic::UnwindSafe) -> Result<(), Failed> {
    std::panic::catch_unwind(test).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Failed::from(text.unwrap_or_else(|| "it panicked".into()))
    })
}
